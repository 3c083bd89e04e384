import type { ConnectionForm } from "../../lib/connector/connection-form.svelte";
import type { ServerForm } from "../../lib/connector/server-form.svelte";
import { type Gateway, type TenantView, toLatchkeyError } from "../../lib/ipc";

/** Adds a remote tenant, or signs in to its server first; then it is not there yet. */
export async function addRemote(
  gateway: Gateway,
  form: ServerForm,
  way: ConnectionForm,
  name: string,
): Promise<TenantView | null> {
  const draft = { ...form.over(way), name };
  const credentials = { ...form.credentials, ...way.credentials };
  const { signIn } = form;
  if (!signIn) return gateway.tenantAddRemote(draft, credentials);
  if (signIn.choices) {
    const tenant = await gateway.tenantAddSignedIn(draft);
    signIn.choices = null;
    return tenant;
  }
  const at = form.placeOver(way);
  try {
    form.offer(await gateway.sessionOpen(draft, credentials, signIn.answers), at);
  } catch (reason) {
    signIn.note(toLatchkeyError(reason));
    throw reason;
  }
  return null;
}
