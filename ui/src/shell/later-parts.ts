// The parts of the window that its first painting does without, in one file of their own.

export { default as AuditPage } from "../features/audit/AuditPage.svelte";
export { default as ConnectorsPage } from "../features/connectors/ConnectorsPage.svelte";
export { default as UnfinishedBatches } from "../features/generate/UnfinishedBatches.svelte";
export { default as BulkBar } from "../features/keys/BulkBar.svelte";
export { default as KeyDetailsPane } from "../features/keys/KeyDetailsPane.svelte";
export { default as KeyMenu } from "../features/keys/KeyMenu.svelte";
export { default as SettingsPage } from "../features/settings/SettingsPage.svelte";
export { default as VerifyPage } from "../features/verify/VerifyPage.svelte";
export { default as WelcomePage } from "../features/welcome/WelcomePage.svelte";
export { default as ShellDialogs } from "./ShellDialogs.svelte";
