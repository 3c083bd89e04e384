import { m } from "../paraglide/messages";
import type { EventKind } from "./ipc";

/** What an event tells, in words. A new kind without words does not compile. */
const words: Record<EventKind, () => string> = {
  profile_created: m.event_profile_created,
  tenant_synced: m.event_tenant_synced,
  credential_changed: m.event_credential_changed,
  tenant_signed_in: m.event_tenant_signed_in,
  tenant_signed_out: m.event_tenant_signed_out,
  key_drifted: m.event_key_drifted,
  key_orphaned: m.event_key_orphaned,
  connector_added: m.event_connector_added,
  connector_removed: m.event_connector_removed,
  network_off: m.event_network_off,
  network_on: m.event_network_on,
  tenant_added: m.event_tenant_added,
  tenant_edited: m.event_tenant_edited,
  tenant_removed: m.event_tenant_removed,
  api_set_added: m.event_api_set_added,
  api_set_edited: m.event_api_set_edited,
  api_set_removed: m.event_api_set_removed,
  api_set_retired: m.event_api_set_retired,
  api_set_restored: m.event_api_set_restored,
  organization_added: m.event_organization_added,
  organization_edited: m.event_organization_edited,
  organization_removed: m.event_organization_removed,
  user_group_added: m.event_user_group_added,
  user_group_edited: m.event_user_group_edited,
  user_group_removed: m.event_user_group_removed,
  key_generated: m.event_key_generated,
  key_imported: m.event_key_imported,
  list_exported: m.event_list_exported,
  batch_generated: m.event_batch_generated,
  batch_undone: m.event_batch_undone,
  key_edited: m.event_key_edited,
  key_disabled: m.event_key_disabled,
  key_enabled: m.event_key_enabled,
  key_revoked: m.event_key_revoked,
  key_superseded: m.event_key_superseded,
  rotation_undone: m.event_rotation_undone,
  key_deleted: m.event_key_deleted,
  secret_copied: m.event_secret_copied,
  secret_revealed: m.event_secret_revealed,
  secret_downloaded: m.event_secret_downloaded,
  secret_printed: m.event_secret_printed,
  secret_kept: m.event_secret_kept,
  secret_discarded: m.event_secret_discarded,
  secret_unsaved: m.event_secret_unsaved,
  secret_injected: m.event_secret_injected,
  secret_missing: m.event_secret_missing,
  saga_finished: m.event_saga_finished,
  saga_undone: m.event_saga_undone,
};

export function eventWords(kind: EventKind): string {
  // A newer program may tell of something this window has no words for.
  return (words[kind] as (() => string) | undefined)?.() ?? kind;
}
