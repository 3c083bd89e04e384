import type { ServerForm } from "../../lib/connector/server-form.svelte";
import { type Gateway, type TenantView, toLatchkeyError } from "../../lib/ipc";

/** Adds a remote tenant, or signs in to its server first; then it is not there yet. */
export async function addRemote(gateway: Gateway, form: ServerForm, name: string): Promise<TenantView | null> {
  const draft = { ...form.server, name, ...(form.accepted && { accept_caution: true }) };
  const { signIn } = form;
  if (!signIn) return gateway.tenantAddRemote(draft, form.credentials);
  if (signIn.choices) {
    const tenant = await gateway.tenantAddSignedIn(draft);
    signIn.choices = null;
    return tenant;
  }
  try {
    form.offer(await gateway.sessionOpen(draft, signIn.answers));
  } catch (reason) {
    signIn.note(toLatchkeyError(reason));
    throw reason;
  }
  return null;
}
