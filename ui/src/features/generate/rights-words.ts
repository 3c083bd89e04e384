import { accessSentences } from "../../lib/access-words";
import type { TenantView } from "../../lib/ipc";
import { m } from "../../paraglide/messages";
import type { KeyForm } from "./key-form.svelte";

/** What each of many keys would be able to do as chosen, in one line; empty while nobody can say. */
export function rightsSentence(form: KeyForm, tenant: TenantView): string {
  const { membership, apiSets, offered } = form;
  const { words, without } = tenant.conventions;
  const { access } = membership;
  if (membership.wantsGroups && membership.groups.length === 0) return m.batch_may_groups();
  if (access === null || offered === null) return "";
  const sentences = accessSentences(access, words, true);
  if (!access.everything && !without.includes("api_sets")) {
    sentences.push(apiSets.length === 0 ? m.batch_may_none() : m.batch_may({ count: apiSets.length }));
  }
  return sentences.join(" ");
}

/** Nothing chosen can be nothing granted, or everything: both are worth a look. */
export function rightsWarn(form: KeyForm, tenant: TenantView): boolean {
  return !tenant.conventions.without.includes("api_sets") && form.offered !== null && form.apiSets.length === 0;
}
