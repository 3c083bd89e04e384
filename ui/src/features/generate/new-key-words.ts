import { accessSentences } from "../../lib/access-words";
import type { TenantView } from "../../lib/ipc";
import { m } from "../../paraglide/messages";
import type { NewKeyForm } from "./new-key-form.svelte";

/** How many API sets the key may use and until when; `null` while nobody can say. */
function usage({ offered, apiSets, ends, membership }: NewKeyForm, { conventions }: TenantView): string | null {
  if (ends === undefined) return null;
  if (conventions.without.includes("api_sets") || membership.access?.everything) {
    return ends === null ? m.generate_ends_never() : m.generate_ends({ date: ends });
  }
  if (offered === null) return null;
  const [count, total] = [apiSets.length, offered.length];
  if (count === 0) return ends === null ? m.generate_may_none_never() : m.generate_may_none({ date: ends });
  return ends === null ? m.generate_may_never({ count, total }) : m.generate_may({ count, total, date: ends });
}

/** What a key would be able to do as chosen, and until when. */
export function newKeySentence(form: NewKeyForm, tenant: TenantView): string {
  const { membership } = form;
  if (membership.wantsGroups && membership.groups.length === 0) return m.generate_groups_choose();
  const sentences = membership.access ? accessSentences(membership.access, tenant.conventions.words) : [];
  return [...sentences, usage(form, tenant) ?? ""].join(" ").trim();
}

/** Nothing chosen can be nothing granted, or everything: both are worth a look. */
export function newKeyWarn(form: NewKeyForm): boolean {
  return form.picksSets && form.offered !== null && form.apiSets.length === 0;
}
