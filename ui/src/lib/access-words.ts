import { getLocale } from "../paraglide/runtime";
import { m } from "../paraglide/messages";
import type { AccessView, Permission, Words } from "./ipc";

function listed(texts: string[]): string {
  return new Intl.ListFormat(getLocale(), { type: "conjunction" }).format(texts);
}

function names(permissions: Permission[]): string {
  return listed(permissions.map((permission) => permission.name));
}

/** What a key, or each of `many`, may do beyond its API sets, in sentences; none where those say it all. */
export function accessSentences(access: AccessView, words: Partial<Words>, many = false): string[] {
  const sentences: string[] = [];
  const subject = many ? m.access_each() : m.access_one();
  if (access.by_groups && access.permissions.length === 0) sentences.push(m.access_groups_none());
  if (access.permissions.length > 0) {
    const permissions = names(access.permissions);
    const opens = access.permissions.map((permission) => permission.opens).filter(Boolean);
    sentences.push(
      opens.length > 0
        ? m.access_permissions({ subject, permissions, opens: listed(opens) })
        : m.access_permissions_plain({ subject, permissions }),
    );
  }
  if (access.withheld.length > 0) sentences.push(m.access_withheld({ permissions: names(access.withheld) }));
  if (access.everything) {
    sentences.push(m.access_everything({ subject, everything: words.everything ?? m.access_everything_words() }));
  }
  return sentences;
}
