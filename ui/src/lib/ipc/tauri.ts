import { invoke, type InvokeArgs } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import { toLatchkeyError } from "./error";
import type { Gateway } from "./gateway";

async function call<T>(command: string, args?: InvokeArgs): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (reason) {
    throw toLatchkeyError(reason);
  }
}

/** The real program behind the window. The only file that knows Tauri. */
export const tauriGateway: Gateway = {
  profileView: () => call("profile_view"),
  profileCreate: (vault, passphrase) => call("profile_create", { vault, passphrase }),
  profileUnlock: (passphrase) => call("profile_unlock", { passphrase }),
  profileRetry: () => call("profile_retry"),
  settingsSave: (settings) => call("settings_save", { settings }),

  tenantList: () => call("tenant_list"),
  tenantAdd: (draft) => call("tenant_add", { draft }),
  tenantEdit: (tenant, edit) => call("tenant_edit", { tenant, edit }),
  tenantGaps: (tenant, edit, after, limit) => call("tenant_gaps", { tenant, edit, after, limit }),
  tenantRemove: (tenant) => call("tenant_remove", { tenant }),
  tenantAddRemote: (draft, credentials) => call("tenant_add_remote", { draft, credentials }),
  tenantSync: (tenant) => call("tenant_sync", { tenant }),
  tenantSyncAll: () => call("tenant_sync_all"),
  refreshProgress: () => call("refresh_progress"),
  refreshCancel: (tenant) => call("refresh_cancel", { tenant }),
  tenantCredential: (tenant, credentials) => call("tenant_credential", { tenant, credentials }),
  sessionOpen: (draft, credentials, answers) => call("session_open", { draft, credentials, answers }),
  sessionLeave: () => call("session_leave"),
  tenantAddSignedIn: (draft) => call("tenant_add_signed_in", { draft }),
  tenantSignIn: (tenant, answers) => call("tenant_sign_in", { tenant, answers }),
  tenantSignOut: (tenant) => call("tenant_sign_out", { tenant }),
  tenantConnection: (tenant) => call("tenant_connection", { tenant }),
  tenantConnectionSave: (tenant, edit, credentials) => call("tenant_connection_save", { tenant, edit, credentials }),
  connectionAuthoritiesOpen: () => call("connection_authorities_open"),
  connectionCertificateOpen: () => call("connection_certificate_open"),
  connectionForget: () => call("connection_forget"),

  apiSetList: (tenant) => call("api_set_list", { tenant }),
  apiSetAdd: (tenant, draft) => call("api_set_add", { tenant, draft }),
  apiSetEdit: (tenant, draft) => call("api_set_edit", { tenant, draft }),
  apiSetRemove: (tenant, id) => call("api_set_remove", { tenant, id }),
  apiSetRetire: (tenant, id) => call("api_set_retire", { tenant, id }),
  apiSetRestore: (tenant, id) => call("api_set_restore", { tenant, id }),
  apiSetImportChoose: (tenant) => call("api_set_import_choose", { tenant }),
  apiSetImport: (tenant) => call("api_set_import", { tenant }),
  apiSetExport: (tenant) => call("api_set_export", { tenant }),

  organizationList: (tenant) => call("organization_list", { tenant }),
  organizationAdd: (tenant, draft) => call("organization_add", { tenant, draft }),
  organizationEdit: (tenant, draft) => call("organization_edit", { tenant, draft }),
  organizationRemove: (tenant, id) => call("organization_remove", { tenant, id }),
  groupList: (tenant) => call("group_list", { tenant }),
  groupAdd: (tenant, draft) => call("group_add", { tenant, draft }),
  groupEdit: (tenant, draft) => call("group_edit", { tenant, draft }),
  groupRemove: (tenant, id) => call("group_remove", { tenant, id }),
  accessOf: (query) => call("access_of", { query }),

  templateList: () => call("template_list"),
  templateOpen: () => call("template_open"),
  templateSave: (tenant) => call("template_save", { tenant }),

  connectorList: () => call("connector_list"),
  connectorOpen: () => call("connector_open"),
  connectorAdd: () => call("connector_add"),
  connectorRemove: (connector) => call("connector_remove", { connector }),
  connectorOpenPage: (connector) => call("connector_open_page", { connector }),
  connectorTry: (trial, credentials, answers) => call("connector_try", { trial, credentials, answers }),
  connectorCancel: () => call("connector_cancel"),
  connectorWaiting: () => call("connector_waiting"),

  keyList: (query) => call("key_list", { query }),
  keyCount: (query) => call("key_count", { query }),
  keyFacets: (tenant) => call("key_facets", { tenant }),
  keyShow: (key) => call("key_show", { key }),
  keyNameUses: (tenant, name) => call("key_name_uses", { tenant, name }),
  keyNew: (draft) => call("key_new", { draft }),
  keyEdit: (key, edit) => call("key_edit", { key, edit }),
  keyDisable: (key) => call("key_disable", { key }),
  keyEnable: (key) => call("key_enable", { key }),
  keyRevoke: (key, reason) => call("key_revoke", { key, reason }),
  keyDelete: (key, reason) => call("key_delete", { key, reason }),
  keyCheck: (key, typed) => call("key_check", { key, typed }),
  guide: (tenant, capability) => call("guide", { tenant, capability }),
  guideOpen: (tenant, capability) => call("guide_open", { tenant, capability }),
  keyPaste: (tenant) => call("key_paste", { tenant }),
  keyReadFile: (tenant) => call("key_read_file", { tenant }),
  keyPasteForget: (id) => call("key_paste_forget", { id }),
  keyRecord: (draft, pasted) => call("key_record", { draft, pasted }),
  bulkPreview: (selection, action) => call("bulk_preview", { selection, action }),
  bulkRun: (selection, action) => call("bulk_run", { selection, action }),
  bulkUndo: () => call("bulk_undo"),
  rotationPlan: (key) => call("rotation_plan", { key }),
  rotationBegin: (key, draft) => call("rotation_begin", { key, draft }),
  rotationRetire: (key, overlap) => call("rotation_retire", { key, overlap }),
  rotationUndo: (key) => call("rotation_undo", { key }),
  keyCopy: (key) => call("key_copy", { key }),

  importOpen: (tenant) => call("import_open", { tenant }),
  importRename: (number, name) => call("import_rename", { number, name }),
  importRun: (choice) => call("import_run", { choice }),
  importClose: () => call("import_close"),
  keyExport: (selection) => call("key_export", { selection }),
  batchPreview: (pattern, count) => call("batch_preview", { pattern, count }),
  batchNames: (tenant) => call("batch_names", { tenant }),
  batchRun: (draft) => call("batch_run", { draft }),
  batchCancel: () => call("batch_cancel"),
  batchProgress: () => call("batch_progress"),
  batchUnfinished: () => call("batch_unfinished"),
  batchResume: (batch) => call("batch_resume", { batch }),
  batchUndo: (batch) => call("batch_undo", { batch }),

  secretPending: () => call("secret_pending"),
  secretReveal: (key) => call("secret_reveal", { key }),
  secretCopy: (key) => call("secret_copy", { key }),
  secretCopyHeader: (key) => call("secret_copy_header", { key }),
  secretDownload: (key) => call("secret_download", { key }),
  secretKeep: (key) => call("secret_keep", { key }),
  secretClose: (key, unsaved) => call("secret_close", { key, unsaved }),

  auditList: (before, limit) => call("audit_list", { before, limit }),

  on: (event, handler) => listen(event, () => handler()),
};
