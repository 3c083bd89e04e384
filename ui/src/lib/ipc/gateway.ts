import type {
  AccessQuery,
  AccessView,
  ApiSetDraft,
  ApiSetView,
  BulkAction,
  BulkDone,
  BulkPreview,
  CatalogueImport,
  ClipboardCopy,
  Download,
  EventView,
  Export,
  ImportChoice,
  ImportDone,
  ImportEntry,
  ImportPreview,
  KeyCount,
  KeyDetails,
  KeyDraft,
  KeyEdit,
  KeyFacets,
  KeyPage,
  KeyQuery,
  KeySelection,
  KeyView,
  NewKey,
  PolicyGaps,
  OrganizationDraft,
  OrganizationView,
  Overlap,
  ProfileView,
  RotationDraft,
  RotationPlan,
  Settings,
  Template,
  TenantDraft,
  TenantEdit,
  TenantView,
  UserGroupDraft,
  UserGroupView,
  VaultKind,
} from "./bindings";
import type { BatchGateway } from "./gateway-batches";
import type { BundleGateway } from "./gateway-bundles";
import type { ConnectionGateway } from "./gateway-connection";
import type { ConnectorGateway } from "./gateway-connectors";
import type { GuidedGateway } from "./gateway-guided";
import type { RemoteGateway } from "./gateway-remote";
import type { VerifyGateway } from "./gateway-verify";

/** What Rust tells the window without being asked. None of them carries a payload. */
export type GatewayEvent =
  | "profile-changed"
  | "clipboard-cleared"
  | "close-requested"
  | "batch-progress"
  | "change-asked"
  | "connector-waiting"
  | "refresh-progress";

export type Unlisten = () => void;

/**
 * Everything the window can ask of the program: one method a command.
 *
 * Every rejection is a `LatchkeyError`. Only `secretReveal` ever answers with a secret.
 */
export interface Gateway
  extends
    BatchGateway,
    BundleGateway,
    ConnectionGateway,
    ConnectorGateway,
    GuidedGateway,
    RemoteGateway,
    VerifyGateway {
  /** Whether nothing was changed since the page brought what is shown first. */
  openingHolds(): Promise<boolean>;
  /** The tenant whose keys were listed when the window was closed; `null` for all of them. It may be gone since. */
  placeLast(): Promise<string | null>;
  placeRemember(tenant: string | null): Promise<void>;
  profileView(): Promise<ProfileView>;
  profileCreate(vault: VaultKind, passphrase: string | null): Promise<ProfileView>;
  profileUnlock(passphrase: string): Promise<ProfileView>;
  profileRetry(): Promise<ProfileView>;
  settingsSave(settings: Settings): Promise<Settings>;

  tenantList(): Promise<TenantView[]>;
  tenantAdd(draft: TenantDraft): Promise<TenantView>;
  tenantEdit(tenant: string, edit: TenantEdit): Promise<TenantView>;
  /** Which usable keys do not meet a policy, the tenant's own with `null`; those after the key `after`, at most `limit`. */
  tenantGaps(tenant: string, edit: TenantEdit | null, after: string | null, limit: number): Promise<PolicyGaps>;
  tenantRemove(tenant: string): Promise<void>;

  apiSetList(tenant: string): Promise<ApiSetView[]>;
  apiSetAdd(tenant: string, draft: ApiSetDraft): Promise<ApiSetView>;
  apiSetEdit(tenant: string, draft: ApiSetDraft): Promise<ApiSetView>;
  apiSetRemove(tenant: string, id: string): Promise<void>;
  apiSetRetire(tenant: string, id: string): Promise<ApiSetView>;
  apiSetRestore(tenant: string, id: string): Promise<ApiSetView>;
  /** What importing the file would do that the operator chooses in Rust's dialog; `null` when it was closed. */
  apiSetImportChoose(tenant: string): Promise<CatalogueImport | null>;
  /** Imports the file that was chosen last. */
  apiSetImport(tenant: string): Promise<CatalogueImport>;
  apiSetExport(tenant: string): Promise<Download>;

  organizationList(tenant: string): Promise<OrganizationView[]>;
  organizationAdd(tenant: string, draft: OrganizationDraft): Promise<OrganizationView>;
  organizationEdit(tenant: string, draft: OrganizationDraft): Promise<OrganizationView>;
  organizationRemove(tenant: string, id: string): Promise<void>;
  groupList(tenant: string): Promise<UserGroupView[]>;
  groupAdd(tenant: string, draft: UserGroupDraft): Promise<UserGroupView>;
  groupEdit(tenant: string, draft: UserGroupDraft): Promise<UserGroupView>;
  groupRemove(tenant: string, id: string): Promise<void>;
  /** What a key would be able to do, before it is generated. */
  accessOf(query: AccessQuery): Promise<AccessView>;

  templateList(): Promise<Template[]>;
  /** `null`: the dialog that Rust opens was closed. */
  templateOpen(): Promise<Template | null>;
  templateSave(tenant: string): Promise<Download>;

  keyList(query: KeyQuery): Promise<KeyPage>;
  /** May be slower than the page: never wait for it before painting. */
  keyCount(query: KeyQuery): Promise<KeyCount>;
  keyFacets(tenant: string | null): Promise<KeyFacets>;
  keyShow(key: string): Promise<KeyDetails>;
  keyNameUses(tenant: string, name: string): Promise<number>;
  keyNew(draft: KeyDraft): Promise<NewKey>;
  keyEdit(key: string, edit: KeyEdit): Promise<KeyView>;
  keyDisable(key: string): Promise<KeyView>;
  keyEnable(key: string): Promise<KeyView>;
  keyRevoke(key: string, reason: string | null): Promise<KeyView>;
  keyDelete(key: string, reason: string | null): Promise<void>;
  bulkPreview(selection: KeySelection, action: BulkAction): Promise<BulkPreview>;
  bulkRun(selection: KeySelection, action: BulkAction): Promise<BulkDone>;
  /** Takes back the last `bulkRun`, once. */
  bulkUndo(): Promise<BulkDone>;
  /** What `rotationBegin` would make if nobody chose an end. */
  rotationPlan(key: string): Promise<RotationPlan>;
  /** Generates a successor, whose Save window is open then; closing that retires the old key. */
  rotationBegin(key: string, draft: RotationDraft): Promise<NewKey>;
  /** Retires the old key of a rotation that is under way, or gives it another overlap. */
  rotationRetire(key: string, overlap: Overlap): Promise<KeyView>;
  rotationUndo(key: string): Promise<KeyView>;
  /** `null`: the operator said no in the dialog that Rust opens. */
  keyCopy(key: string): Promise<ClipboardCopy | null>;

  /** `null`: the operator chose no file in the dialog that Rust opens. The keys of the file stay in Rust. */
  importOpen(tenant: string): Promise<ImportPreview | null>;
  /** All entries after that: names must not collide. */
  importRename(number: number, name: string): Promise<ImportEntry[]>;
  importRun(choice: ImportChoice): Promise<ImportDone>;
  /** Wipes the keys of the file. */
  importClose(): Promise<void>;
  /** The list without secrets, or the chosen keys of it; `path` is `null` where the operator chose no place. */
  keyExport(selection: KeySelection): Promise<Export>;

  secretPending(): Promise<NewKey | null>;
  secretReveal(key: string): Promise<string>;
  secretCopy(key: string): Promise<ClipboardCopy>;
  /** Copies the whole header that the tenant's keys are sent in. */
  secretCopyHeader(key: string): Promise<ClipboardCopy>;
  secretDownload(key: string): Promise<Download>;
  secretKeep(key: string): Promise<KeyView>;
  secretClose(key: string, unsaved: boolean): Promise<void>;

  /** Newest first; `before` is the sequence number to go on from. */
  auditList(before: number | null, limit: number): Promise<EventView[]>;

  on(event: GatewayEvent, handler: () => void): Promise<Unlisten>;
}
