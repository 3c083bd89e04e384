// Generated from the Rust wire types by `cargo test -p latchkey-app --test bindings`. Do not edit.

/**
 * What went wrong, for a program: the window and the command line's exit status branch on it.
 *
 * A variant is here only because someone branches on it; a new failure that nobody tells apart is `Failed`.
 */
export type ErrorCode = "invalid_input" | "not_found" | "ambiguous" | "not_now" | "not_permitted" | "profile_missing" | "profile_exists" | "profile_newer" | "profile_damaged" | "profile_busy" | "disk_full" | "read_only" | "vault_locked" | "vault_wrong_passphrase" | "vault_damaged" | "keychain_no_bus" | "keychain_no_service" | "keychain_no_collection" | "keychain_dismissed" | "keychain_failed" | "secret_missing" | "secret_gone" | "secret_unsaved" | "file_exists" | "clipboard_unreachable" | "offline" | "remote_unreachable" | "remote_refused" | "remote_credential" | "remote_sign_in" | "remote_throttled" | "cancelled" | "failed";

/**
 * A failure as the window and `--json` get it.
 */
export type ErrorBody = { 
/**
 * For programs.
 */
code: ErrorCode, 
/**
 * One sentence for people: what happened.
 */
message: string, 
/**
 * One sentence for people: what to do about it.
 */
hint: string | null, 
/**
 * The field at fault, with [`ErrorCode::InvalidInput`].
 */
field: FieldProblem | null, 
/**
 * What is the matter with a server.
 */
server?: ServerProblem, };

/**
 * The fields that can be at fault.
 */
export type Field = "name" | "description" | "owner" | "expires" | "api_sets" | "organization" | "groups" | "permissions" | "tags" | "id" | "group" | "prefix" | "max_lifetime_days" | "warning_days" | "default_expiration" | "rotate_after_days" | "overlap" | "count" | "names" | "recipients" | "reason" | "passphrase" | "tenant" | "since" | "above" | "valid_for" | "public_key" | "template" | "file" | "address" | "options" | "credential" | "answers" | "caution" | "secret" | "authorities" | "client_certificate" | "proxy" | "proxy_credential";

/**
 * The rules a field can break.
 */
export type Rule = { "rule": "required" } | { "rule": "too_short", 
/**
 * The least.
 */
min: number, } | { "rule": "too_long", 
/**
 * The most.
 */
max: number, } | { "rule": "control_character" } | { "rule": "invisible_character" } | { "rule": "url" } | { "rule": "characters" } | { "rule": "taken" } | { "rule": "not_a_date" } | { "rule": "in_the_past" } | { "rule": "beyond_ceiling", 
/**
 * The ceiling in days from now.
 */
days: number, } | { "rule": "never_forbidden" } | { "rule": "own_keys_only" } | { "rule": "unknown_api_set", 
/**
 * The identifier that is unknown.
 */
id: string, } | { "rule": "retired_api_set", 
/**
 * Its identifier.
 */
id: string, } | { "rule": "out_of_range", 
/**
 * The least.
 */
min: number, 
/**
 * The most.
 */
max: number, } | { "rule": "unknown" } | { "rule": "not_a_file" } | { "rule": "too_large", 
/**
 * The most.
 */
max_kib: number, } | { "rule": "not_an_address" } | { "rule": "not_text" } | { "rule": "no_key" } | { "rule": "no_key_column" } | { "rule": "too_many", 
/**
 * The most.
 */
max: number, } | { "rule": "known_key", 
/**
 * Its name.
 */
key: string, } | { "rule": "no_certificate" } | { "rule": "key_alone" } | { "rule": "no_private_key" } | { "rule": "encrypted_key" } | { "rule": "other_key" } | { "rule": "not_a_proxy" } | { "rule": "password_inside" } | { "rule": "not_a_sign_in" } | { "rule": "other_server" } | { "rule": "not_local" } | { "rule": "not_a_public_key" } | { "rule": "not_exported" } | { "rule": "unanswered" } | { "rule": "asked" } | { "rule": "orphaned" } | { "rule": "pattern" } | { "rule": "answer_wanted", 
/**
 * The question's identifier.
 */
id: string, } | { "rule": "answer_wrong", 
/**
 * The question's identifier.
 */
id: string, } | { "rule": "not_for_you" } | { "rule": "line", 
/**
 * Its number in the file, the first being 1.
 */
line: number, 
/**
 * What is wrong with it.
 */
problem: FieldProblem, };

/**
 * Which rule a field broke.
 */
export type FieldProblem = { 
/**
 * The field, as the request names it.
 */
name: Field, } & ({ "rule": "required" } | { "rule": "too_short", 
/**
 * The least.
 */
min: number, } | { "rule": "too_long", 
/**
 * The most.
 */
max: number, } | { "rule": "control_character" } | { "rule": "invisible_character" } | { "rule": "url" } | { "rule": "characters" } | { "rule": "taken" } | { "rule": "not_a_date" } | { "rule": "in_the_past" } | { "rule": "beyond_ceiling", 
/**
 * The ceiling in days from now.
 */
days: number, } | { "rule": "never_forbidden" } | { "rule": "own_keys_only" } | { "rule": "unknown_api_set", 
/**
 * The identifier that is unknown.
 */
id: string, } | { "rule": "retired_api_set", 
/**
 * Its identifier.
 */
id: string, } | { "rule": "out_of_range", 
/**
 * The least.
 */
min: number, 
/**
 * The most.
 */
max: number, } | { "rule": "unknown" } | { "rule": "not_a_file" } | { "rule": "too_large", 
/**
 * The most.
 */
max_kib: number, } | { "rule": "not_an_address" } | { "rule": "not_text" } | { "rule": "no_key" } | { "rule": "no_key_column" } | { "rule": "too_many", 
/**
 * The most.
 */
max: number, } | { "rule": "known_key", 
/**
 * Its name.
 */
key: string, } | { "rule": "no_certificate" } | { "rule": "key_alone" } | { "rule": "no_private_key" } | { "rule": "encrypted_key" } | { "rule": "other_key" } | { "rule": "not_a_proxy" } | { "rule": "password_inside" } | { "rule": "not_a_sign_in" } | { "rule": "other_server" } | { "rule": "not_local" } | { "rule": "not_a_public_key" } | { "rule": "not_exported" } | { "rule": "unanswered" } | { "rule": "asked" } | { "rule": "orphaned" } | { "rule": "pattern" } | { "rule": "answer_wanted", 
/**
 * The question's identifier.
 */
id: string, } | { "rule": "answer_wrong", 
/**
 * The question's identifier.
 */
id: string, } | { "rule": "not_for_you" } | { "rule": "line", 
/**
 * Its number in the file, the first being 1.
 */
line: number, 
/**
 * What is wrong with it.
 */
problem: FieldProblem, });

/**
 * What can be the matter with a server.
 */
export type ServerFault = "address" | "plain_http" | "not_reached" | "certificate" | "encryption" | "setting" | "time_out" | "redirect" | "too_large" | "broken_off" | "not_its_answer" | "no_list" | "endless" | "no_text" | "still_there" | "credential" | "not_permitted" | "nothing_there" | "no_such_key" | "conflict" | "payment" | "unchanged" | "trouble" | "not_taken" | "busy" | "no_session" | "no_sign_out" | "not_for_you";

/**
 * What is the matter with a server, so that the window has its own words for it.
 */
export type ServerProblem = { 
/**
 * The server's name.
 */
host: string, 
/**
 * What it is.
 */
fault: ServerFault, 
/**
 * The status that it answered with.
 */
status: number | null, 
/**
 * For how many seconds it wants to be left alone.
 */
seconds: number | null, 
/**
 * What it said to that, or the system: in words of its own, whatever their language.
 */
said: string | null, 
/**
 * What to do about it, as the connector knows it.
 */
advice: string | null, };

/**
 * Where secrets are held.
 */
export type VaultKind = "keychain" | "passphrase";

/**
 * The chosen vault.
 */
export type VaultView = { 
/**
 * Which one.
 */
kind: VaultKind, 
/**
 * Whether it waits for its passphrase.
 */
locked: boolean, };

/**
 * What the window has to show first.
 */
export type ProfileState = "new" | "locked" | "ready" | "broken";

/**
 * Why the keychain cannot be used.
 */
export type KeychainProblem = { 
/**
 * The failure, with what to do.
 */
error: ErrorBody, };

/**
 * Light, dark or as the system has it.
 */
export type Appearance = "system" | "light" | "dark";

/**
 * What the operator can set.
 */
export type Settings = { 
/**
 * Light or dark.
 */
appearance: Appearance, 
/**
 * Whether nothing of this profile uses the network, be it the window or the command line.
 */
offline: boolean, };

/**
 * What became of a rotation that was left half-way.
 */
export type RotationOutcome = "resumed" | "undone" | "under_way";

/**
 * A rotation that a process left half-way, and what a start made of it.
 */
export type SettledRotation = { 
/**
 * Identifier of the old key.
 */
key: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its public part.
 */
handle: string, 
/**
 * What became of it.
 */
outcome: RotationOutcome, };

/**
 * The profile, its vault and the machine under it.
 */
export type ProfileView = { 
/**
 * What to show first.
 */
state: ProfileState, 
/**
 * The profile folder.
 */
home: string, 
/**
 * Who acts.
 */
operator: string, 
/**
 * The program's version.
 */
version: string, 
/**
 * The vault, once chosen.
 */
vault: VaultView | null, 
/**
 * Why the keychain cannot be used, when it cannot and matters (first start, or the vault is the keychain).
 */
keychain: KeychainProblem | null, 
/**
 * Why the profile cannot be opened, with [`ProfileState::Broken`].
 */
problem: ErrorBody | null, 
/**
 * How many half-done operations still wait for the vault.
 */
unfinished: number, 
/**
 * Rotations that were interrupted before this start, and what became of them at it.
 */
rotations: Array<SettledRotation>, 
/**
 * How the window looks.
 */
settings: Settings, };

/**
 * What verifiers are told of a tenant, so that they believe its bundles.
 */
export type PublicKeyView = { 
/**
 * The tenant's name.
 */
tenant: string, 
/**
 * The tenant's identifier.
 */
tenant_id: string, 
/**
 * As minisign writes it, in base64.
 */
public_key: string, 
/**
 * The key number that minisign prints: it says which key is meant and proves nothing.
 */
number: string, 
/**
 * What people compare.
 */
fingerprint: string, 
/**
 * When the key was made.
 */
made_at: string, };

/**
 * A tenant's new signing key, which nothing endorsed.
 */
export type SigningKeyReplaced = { 
/**
 * What signs from now on.
 */
key: PublicKeyView, 
/**
 * What signed until now.
 */
before: PublicKeyView, };

/**
 * A tenant's new signing key, which the one before endorsed.
 */
export type SigningKeyRotated = { 
/**
 * What signs from now on.
 */
key: PublicKeyView, 
/**
 * What tells services so.
 */
written: EndorsementWritten, };

/**
 * An endorsement in a file.
 */
export type EndorsementWritten = { 
/**
 * The tenant's name.
 */
tenant: string, 
/**
 * Where it is.
 */
path: string, 
/**
 * Where its signature is.
 */
signature: string, 
/**
 * The tenant's sequence when it was made.
 */
sequence: number, 
/**
 * When it was made.
 */
issued_at: string, 
/**
 * The number of the key that it endorses.
 */
number: string, 
/**
 * What people compare of that key.
 */
fingerprint: string, };

/**
 * What is to be exported.
 */
export type BundleDraft = { 
/**
 * The tenant, by name or identifier.
 */
tenant: string, 
/**
 * Only what has changed since the bundle of this sequence; `None` for all keys.
 */
since: number | null, 
/**
 * How long it is good for, as `12h` or `35d`; `None` for the default.
 */
valid_for: string | null, 
/**
 * Raises the tenant's sequence over this one, the newest that services have: for a profile out of a backup.
 */
above: number | null, };

/**
 * Which kind of bundle.
 */
export type BundleKind = "full" | "delta";

/**
 * A bundle that was exported.
 */
export type BundleExported = { 
/**
 * The tenant's name.
 */
tenant: string, 
/**
 * Where it is; `None` for one that was shown as QR codes.
 */
path: string | null, 
/**
 * Where its signature is.
 */
signature: string | null, 
/**
 * Whether it has all keys.
 */
kind: BundleKind, 
/**
 * The tenant's newest change that is in it.
 */
sequence: number, 
/**
 * Since when, for a delta.
 */
base: number | null, 
/**
 * When it was exported.
 */
issued_at: string, 
/**
 * From when on no key is valid by it.
 */
expires_at: string, 
/**
 * How many keys are in the file.
 */
keys: number, 
/**
 * How many keys a delta takes away.
 */
removed: number, 
/**
 * How many keys a service has with it.
 */
total: number, 
/**
 * Handles of the keys that stay here: somebody may have chosen them, so their digest does not leave.
 */
left_out: Array<string>, 
/**
 * How many bytes it has.
 */
size: number, 
/**
 * What people compare of the public key.
 */
fingerprint: string, };

/**
 * An export of before.
 */
export type ExportView = { 
/**
 * The tenant's newest change that is in it.
 */
sequence: number, 
/**
 * Since when, for a delta.
 */
base: number | null, 
/**
 * When it was exported.
 */
issued_at: string, 
/**
 * From when on no key is valid by it.
 */
expires_at: string, 
/**
 * How many keys a service has with it.
 */
keys: number, 
/**
 * The file's name; empty for one that was shown as QR codes.
 */
file: string, 
/**
 * Whether a delta may be since it: none is from before a new signing key, or a raised sequence.
 */
may_be_base: boolean, };

/**
 * What left the building of a tenant, and what has not.
 */
export type BundleState = { 
/**
 * What verifiers are told; `None` for a tenant that never signed anything.
 */
public_key: PublicKeyView | null, 
/**
 * Whether that key has the endorsement of the one before.
 */
endorsed: boolean, 
/**
 * The tenant's newest change.
 */
sequence: number, 
/**
 * Whether anything has changed since the newest export.
 */
changed: boolean, 
/**
 * The newest exports, newest first.
 */
exports: Array<ExportView>, 
/**
 * How many keys in use are in no bundle yet.
 */
keys_in_none: number, 
/**
 * How many keys were disabled, revoked or deleted, and services take them for valid.
 */
ends_untold: number, 
/**
 * How many keys never go into a bundle.
 */
left_out: number, };

/**
 * What services have to be told of a key with the next bundle.
 */
export type BundleNeed = "in_none" | "end_untold";

/**
 * What bundles have said of a key, in a tenant that has exported one.
 */
export type KeyBundle = { 
/**
 * The sequence of the bundle that first said what the newest says; `None` while it is in none.
 */
since: number | null, 
/**
 * What they have to be told.
 */
need: BundleNeed | null, 
/**
 * It never goes into one, since somebody may have chosen it.
 */
stays: boolean, };

/**
 * What a bundle would have in it that is exported now.
 */
export type BundlePreview = { 
/**
 * How many keys are in the file.
 */
keys: number, 
/**
 * How many keys a delta takes away.
 */
removed: number, 
/**
 * How many keys a service has with it.
 */
total: number, 
/**
 * How many keys stay here.
 */
left_out: number, 
/**
 * How many bytes it has, with its signature.
 */
size: number, 
/**
 * Into how many QR codes it is cut; `None` where it is too large for them.
 */
codes: number | null, 
/**
 * Whether it fits into one code that is printed.
 */
fits_one: boolean, };

/**
 * A bundle that was exported as QR codes.
 */
export type BundleCodes = { 
/**
 * What was exported.
 */
exported: BundleExported, 
/**
 * Into how many codes it is cut.
 */
parts: number, 
/**
 * Whether it fits into one code that is printed.
 */
fits_one: boolean, };

/**
 * A QR code, to be drawn.
 */
export type CodeView = { 
/**
 * How many squares a side has, the light border included.
 */
size: number, 
/**
 * Its dark squares, as the path of an SVG whose unit is a square.
 */
path: string, };

/**
 * How a tenant's keys are made up. None has under 128 random bits.
 */
export type KeyFormat = "latchkey" | "hex32" | "sk-hex64";

/**
 * Whether the Save window may put a secret into the vault.
 */
export type KeepPolicy = "offer" | "default" | "forbid";

/**
 * What a tenant demands of its keys.
 */
export type Policy = { 
/**
 * The longest lifetime of a new key in days; `None` for no ceiling.
 */
max_lifetime_days: number | null, 
/**
 * Whether a key may be without an end. A ceiling forbids it too.
 */
allow_never: boolean, 
/**
 * What a new key's end is unless the operator chooses another; `None` for 90 days or the ceiling.
 */
default_expiration: DefaultExpiration | null, 
/**
 * Whether a key needs at least one API set.
 */
require_api_set: boolean, 
/**
 * Whether secrets may be kept.
 */
keep: KeepPolicy, 
/**
 * How many days before its end a key counts as expiring.
 */
warning_days: number, 
/**
 * Whether two usable keys of the tenant may not have the same name.
 */
unique_names: boolean, 
/**
 * Whether an operator may generate keys for nobody but themselves.
 */
own_keys_only: boolean, 
/**
 * After how many days a key is due for rotation; `None` for never.
 */
rotate_after_days: number | null, };

/**
 * How a key is sent to a service.
 */
export type Presentation = "raw" | "bearer" | "x_api_key" | "authorization";

/**
 * How long a key's name may be, in characters.
 */
export type NameLength = { 
/**
 * The least: 1 to 100.
 */
min: number, 
/**
 * The most: at least the least, at most 100.
 */
max: number, };

/**
 * A field of New API Key that a template can leave out.
 */
export type KeyField = "description" | "expiration" | "owner" | "api_sets";

/**
 * An end that New API Key offers.
 */
export type ExpirationChoice = { "kind": "never" } | { "kind": "days", 
/**
 * 1 to 36 500.
 */
days: number, 
/**
 * What the system calls it (`1 month`); the number of days where there is nothing.
 */
label: string | null, } | { "kind": "lifetime", 
/**
 * What stands there at first.
 */
days: number, } | { "kind": "date" };

/**
 * A column of the list of keys.
 */
export type Column = "name" | "key" | "api_sets" | "owner" | "created" | "expires" | "status" | "organization" | "groups";

/**
 * Something that user groups can carry.
 */
export type Permission = { 
/**
 * Identifier.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * What it opens, in words.
 */
opens: string, };

/**
 * What a key without API sets may do.
 */
export type NoApiSets = "nothing" | "everything";

/**
 * A ready-made choice of API sets.
 */
export type Preset = { 
/**
 * What it is called.
 */
name: string, 
/**
 * The API sets; `None` where the operator picks them one by one.
 */
api_sets: Array<string> | null, };

/**
 * Words of another system, each in place of one of the program's own.
 */
export type Words = { 
/**
 * The button that opens New API Key.
 */
new_key: string | null, 
/**
 * The title of New API Key.
 */
title: string | null, 
/**
 * A sentence below that title.
 */
note: string | null, 
/**
 * The field of the name.
 */
name: string | null, 
/**
 * The field of the organization.
 */
organization: string | null, 
/**
 * The field of the user groups.
 */
groups: string | null, 
/**
 * The field of the end.
 */
expiration: string | null, 
/**
 * What keys may use, all together.
 */
api_sets: string | null, 
/**
 * The button that generates.
 */
finish: string | null, 
/**
 * The title of the window that shows the key.
 */
saved: string | null, 
/**
 * The field that holds the key there.
 */
secret: string | null, 
/**
 * The button that copies the key.
 */
copy: string | null, 
/**
 * The button that closes that window.
 */
close: string | null, 
/**
 * The column of the key.
 */
key: string | null, 
/**
 * The column of the owner.
 */
owner: string | null, 
/**
 * The column of the status.
 */
status: string | null, 
/**
 * What "everything" is, behind "The key may do": `everything that its creator may do`.
 */
everything: string | null, };

/**
 * What a tenant keeps of its template. The default is that of a tenant without one.
 */
export type Conventions = { 
/**
 * Name of the template, for people.
 */
template: string | null, 
/**
 * How a key is sent.
 */
presentation: Presentation, 
/**
 * How long a key's name may be.
 */
name_length: NameLength, 
/**
 * Fields that New API Key leaves out.
 */
without: Array<KeyField>, 
/**
 * The ends that New API Key offers; empty for the program's own choice.
 */
expirations: Array<ExpirationChoice>, 
/**
 * The longest life in days of a key that has an end. One without an end is the policy's matter.
 */
longest_days: number | null, 
/**
 * What the list shows, in this order; empty for all.
 */
columns: Array<Column>, 
/**
 * Whether every key belongs to an organization, even while there is none yet.
 */
organizations: boolean, 
/**
 * Whether every key belongs to user groups, even while there are none yet.
 */
user_groups: boolean, 
/**
 * What groups can carry; empty where any identifier will do.
 */
permissions: Array<Permission>, 
/**
 * What a key without API sets may do.
 */
no_api_sets: NoApiSets, 
/**
 * The API set that stands for everything, by its identifier.
 */
everything: string | null, 
/**
 * Ready-made choices of API sets.
 */
presets: Array<Preset>, 
/**
 * The words of the system that the template comes from, in place of the program's own.
 */
words: Words, };

/**
 * An API set that a template brings.
 */
export type TemplateApiSet = { 
/**
 * Identifier.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * The heading it stands under.
 */
group: string | null, 
/**
 * What it opens, in words.
 */
description: string, };

/**
 * An organization that a template brings.
 */
export type TemplateOrganization = { 
/**
 * Identifier.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * The permissions that its keys can have at most; `None` for all.
 */
permissions: Array<string> | null, };

/**
 * A user group that a template brings.
 */
export type TemplateGroup = { 
/**
 * Identifier.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * The permissions that it carries.
 */
permissions: Array<string>, };

/**
 * What a new local tenant starts from.
 */
export type Template = { 
/**
 * Version of the file format.
 */
version: number, 
/**
 * Identifier.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * What it brings, in one sentence.
 */
about: string, 
/**
 * What the keys begin with.
 */
prefix: string, 
/**
 * How the keys are made up.
 */
key_format: KeyFormat, 
/**
 * What the tenant demands of its keys.
 */
policy: Policy, 
/**
 * The API sets.
 */
api_sets: Array<TemplateApiSet>, 
/**
 * The organizations.
 */
organizations: Array<TemplateOrganization>, 
/**
 * The user groups.
 */
user_groups: Array<TemplateGroup>, 
/**
 * What the tenant keeps of the template.
 */
conventions: Conventions, };

/**
 * How a remote tenant is reached, and how fresh its list is.
 */
export type RemoteView = { 
/**
 * The connector's identifier.
 */
connector: string, 
/**
 * The server's address.
 */
url: string, 
/**
 * Whether plain HTTP is spoken to another computer.
 */
plain_http: boolean, 
/**
 * When its keys arrived last.
 */
synced_at: string | null, 
/**
 * Why the last refresh failed.
 */
problem: ErrorBody | null, 
/**
 * How many rows of the server's list could not be understood.
 */
skipped: number, 
/**
 * How many keys were asked for whose answer is lost; the next refresh finds out what became of them.
 */
unanswered: number, 
/**
 * Whether somebody has signed in to the server, where its connector wants that.
 */
signed_in: boolean, };

/**
 * A key that a server was asked for and whose answer has not come.
 */
export type Unanswered = { 
/**
 * The key's name.
 */
name: string, 
/**
 * When the server was asked.
 */
asked_at: string, 
/**
 * Whether somebody waits for the answer still.
 */
awaited: boolean, };

/**
 * A certificate, for people.
 */
export type CertificateView = { 
/**
 * Whose it is.
 */
subject: string, 
/**
 * When it ends.
 */
expires_at: string, 
/**
 * Whether that is over.
 */
expired: boolean, 
/**
 * SHA-256 of it, in pairs of hexadecimal digits.
 */
fingerprint: string, };

/**
 * Through which proxy a server is reached.
 */
export type ProxyChoice = { "kind": "system" } | { "kind": "none" } | { "kind": "address", 
/**
 * Its address, without a user or a password.
 */
url: string, 
/**
 * Whether it wants a user and a password; they are in the vault, given as the credential `proxy`.
 */
signs_in: boolean, };

/**
 * How the server of a remote tenant is reached.
 */
export type ConnectionView = { 
/**
 * The connector's identifier.
 */
connector: string, 
/**
 * The server's address.
 */
url: string, 
/**
 * What else belongs to the address.
 */
options: { [key in string]: string }, 
/**
 * Whether plain HTTP is spoken to another computer.
 */
plain_http: boolean, 
/**
 * The tenant's own authorities beside the system's.
 */
authorities: Array<CertificateView>, 
/**
 * What is shown to the server where it asks for a certificate; its key is in the vault.
 */
client_certificate: CertificateView | null, 
/**
 * Through which proxy.
 */
proxy: ProxyChoice, };

/**
 * What becomes of a file that belongs to the way to a server.
 */
export type FileChoice = "none" | "chosen";

/**
 * Changes to the way to a server; what is `None` stays as it is.
 */
export type NetworkEdit = { 
/**
 * Own authorities.
 */
authorities: FileChoice | null, 
/**
 * The client certificate; with its key it goes with the credentials, as `client-certificate`.
 */
client_certificate: FileChoice | null, 
/**
 * The proxy.
 */
proxy: ProxyChoice | null, };

/**
 * Changes to how the server of a remote tenant is reached; what is `None` stays as it is.
 */
export type ConnectionEdit = { 
/**
 * The server's address.
 */
url: string | null, 
/**
 * What else belongs to the address, all of it; defaults stand for what is left out.
 */
options: { [key in string]: string } | null, 
/**
 * Whether plain HTTP may be spoken to another computer.
 */
plain_http: boolean | null, 
/**
 * The way there.
 */
network: NetworkEdit, };

/**
 * A tenant as lists and details show it.
 */
export type TenantView = { 
/**
 * Identifier (UUID).
 */
id: string, 
/**
 * Name, unique in the profile.
 */
name: string, 
/**
 * `local`: this computer is the authority; `remote`: somebody else's server is.
 */
kind: string, 
/**
 * How it is reached, and how fresh its list is; `None` for a local one.
 */
remote: RemoteView | null, 
/**
 * What keys of this tenant begin with.
 */
prefix: string, 
/**
 * How its new keys are made up.
 */
format: KeyFormat, 
/**
 * The regular expression that finds this tenant's keys in any text.
 */
key_pattern: string, 
/**
 * What it demands of its keys.
 */
policy: Policy, 
/**
 * How many keys it has, whatever their status.
 */
keys: number, 
/**
 * How many of them expire within the warning window.
 */
expiring: number, 
/**
 * How many API sets it has.
 */
api_sets: number, 
/**
 * How many organizations it has.
 */
organizations: number, 
/**
 * How many user groups it has.
 */
user_groups: number, 
/**
 * What it keeps of its template.
 */
conventions: Conventions, 
/**
 * Number of the newest change to its keys.
 */
sequence: number, 
/**
 * When it was added.
 */
created_at: string, };

/**
 * A tenant to be added.
 */
export type TenantDraft = { 
/**
 * Name: 3 to 100 characters.
 */
name: string, 
/**
 * 1 to 16 lower-case letters and digits; `None` for the template's.
 */
prefix: string | null, 
/**
 * Identifier of one of the program's templates; `None` for `blank`.
 */
template: string | null, 
/**
 * A template of the operator's own, in place of one of the program's.
 */
own_template?: Template, };

/**
 * Changes to a tenant; what is `None` stays as it is.
 */
export type TenantEdit = { 
/**
 * New name.
 */
name: string | null, 
/**
 * New prefix, for keys made from now on.
 */
prefix: string | null, 
/**
 * New format, for keys made from now on.
 */
format?: KeyFormat, 
/**
 * New policy, for keys made or changed from now on.
 */
policy: Policy | null, };

/**
 * An API set of a tenant.
 */
export type ApiSetView = { 
/**
 * Identifier, unique in its tenant.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * The heading it stands under, if any.
 */
group: string | null, 
/**
 * What it opens, in words.
 */
description: string, 
/**
 * Since when new keys cannot choose it.
 */
retired_at: string | null, 
/**
 * How many keys may use it.
 */
keys: number, };

/**
 * An API set to be added, or an existing one's new name and group.
 */
export type ApiSetDraft = { 
/**
 * 1 to 64 of letters, digits, `.`, `_`, `-`, `:`, `*`, `/`.
 */
id: string, 
/**
 * What people call it; the identifier if `None`.
 */
name: string | null, 
/**
 * The heading it stands under.
 */
group: string | null, 
/**
 * What it opens, in words: at most 1 000 characters.
 */
description?: string, };

/**
 * Several keys at once.
 */
export type KeySelection = { "kind": "keys", 
/**
 * Identifiers, or handles, or unique names.
 */
keys: Array<string>, } | { "kind": "found", 
/**
 * The query.
 */
query: KeyQuery, 
/**
 * Identifiers of those to leave out.
 */
except: Array<string>, };

/**
 * What is done to several keys at once.
 */
export type BulkAction = { "kind": "disable" } | { "kind": "enable" } | { "kind": "revoke", 
/**
 * Why.
 */
reason: string | null, } | { "kind": "extend", 
/**
 * The end.
 */
expires: Expiration, } | { "kind": "tag", 
/**
 * Tags to add.
 */
add: Array<string>, 
/**
 * Tags to take away.
 */
remove: Array<string>, };

/**
 * What an action on several keys would do.
 */
export type BulkPreview = { 
/**
 * Keys that are chosen.
 */
chosen: number, 
/**
 * Those that change.
 */
changing: number, 
/**
 * Those that may be used now and may not afterwards.
 */
losing: number, 
/**
 * Those that may be used afterwards and may not now.
 */
gaining: number, 
/**
 * The first of those that lose access, or else of those that change.
 */
first: Array<KeyView>, };

/**
 * What an action on several keys has done.
 */
export type BulkDone = { 
/**
 * Keys that changed.
 */
changed: number, 
/**
 * Keys that were chosen and stayed as they were.
 */
unchanged: number, 
/**
 * Whether it can be undone.
 */
undoable: boolean, };

/**
 * What an import does to an API set.
 */
export type ApiSetChange = "added" | "changed";

/**
 * An API set that an import adds or changes.
 */
export type ImportedApiSet = { 
/**
 * Identifier.
 */
id: string, 
/**
 * What people will call it.
 */
name: string, 
/**
 * What happens to it.
 */
change: ApiSetChange, };

/**
 * A line of a file that cannot be taken.
 */
export type RefusedLine = { 
/**
 * Its number, from 1.
 */
line: number, 
/**
 * What is wrong, in a sentence.
 */
message: string, 
/**
 * The field at fault, where it is one.
 */
field: FieldProblem | null, };

/**
 * What an import of API sets would do, or has done. With a refused line nothing is changed at all.
 */
export type CatalogueImport = { 
/**
 * Name of the file.
 */
file: string, 
/**
 * API sets that are new.
 */
added: number, 
/**
 * API sets that change.
 */
changed: number, 
/**
 * API sets of the file that are as they were.
 */
unchanged: number, 
/**
 * API sets of the tenant that the file does not name: they stay.
 */
untouched: number, 
/**
 * Those that are added or change, in the order of the file.
 */
sets: Array<ImportedApiSet>, 
/**
 * The first lines that cannot be taken, at most 20.
 */
refused: Array<RefusedLine>, };

/**
 * Why a key does not meet a policy.
 */
export type Gap = "beyond_ceiling" | "no_end" | "no_api_set" | "kept" | "same_name" | "other_owner" | "other_format" | "other_prefix";

/**
 * Keys that do not meet a policy for one reason.
 */
export type GapCount = { 
/**
 * The reason.
 */
gap: Gap, 
/**
 * How many.
 */
keys: number, };

/**
 * A key that does not meet a policy.
 */
export type GapKey = { 
/**
 * The key.
 */
key: KeyView, 
/**
 * Why not.
 */
gaps: Array<Gap>, };

/**
 * Which usable keys of a tenant do not meet a policy.
 */
export type PolicyGaps = { 
/**
 * Keys that may be used now.
 */
usable: number, 
/**
 * Those that do not meet the policy.
 */
total: number, 
/**
 * Keys for each reason that there is; a key may have several.
 */
reasons: Array<GapCount>, 
/**
 * Some of the keys, oldest first.
 */
keys: Array<GapKey>, };

/**
 * An organization of a tenant.
 */
export type OrganizationView = { 
/**
 * Identifier, unique in its tenant.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * The permissions that its keys can have at most; `None` for all.
 */
permissions: Array<string> | null, 
/**
 * How many keys belong to it.
 */
keys: number, };

/**
 * An organization to be added, or an existing one's new name and ceiling.
 */
export type OrganizationDraft = { 
/**
 * Identifier, of letters, digits and `. _ - : * /`; made from the name if `None`.
 */
id: string | null, 
/**
 * What people call it.
 */
name: string, 
/**
 * The permissions that its keys can have at most; `None` for all.
 */
permissions: Array<string> | null, };

/**
 * A user group of a tenant.
 */
export type UserGroupView = { 
/**
 * Identifier, unique in its tenant.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * The permissions that it carries.
 */
permissions: Array<string>, 
/**
 * How many keys belong to it.
 */
keys: number, };

/**
 * A user group to be added, or an existing one's new name and permissions.
 */
export type UserGroupDraft = { 
/**
 * Identifier, of letters, digits and `. _ - : * /`; made from the name if `None`.
 */
id: string | null, 
/**
 * What people call it.
 */
name: string, 
/**
 * The permissions that it carries.
 */
permissions: Array<string>, };

/**
 * Where a key would belong and what it would use: the question behind [`AccessView`].
 */
export type AccessQuery = { 
/**
 * Identifier of the tenant.
 */
tenant: string, 
/**
 * Identifier of the organization.
 */
organization: string | null, 
/**
 * Identifiers of the user groups.
 */
groups: Array<string>, 
/**
 * Identifiers of the API sets.
 */
api_sets: Array<string>, };

/**
 * What a key may do, computed from its organization, its user groups and its API sets.
 */
export type AccessView = { 
/**
 * Whether its API sets restrict nothing.
 */
everything: boolean, 
/**
 * Names of its API sets.
 */
api_sets: Array<string>, 
/**
 * Name of its organization.
 */
organization: string | null, 
/**
 * Names of its user groups.
 */
groups: Array<string>, 
/**
 * Whether the tenant has user groups, so that permissions count.
 */
by_groups: boolean, 
/**
 * The permissions that count: those of its groups that its organization allows.
 */
permissions: Array<Permission>, 
/**
 * The permissions that a group carries and the organization holds back.
 */
withheld: Array<Permission>, };

/**
 * Where a key stands, at the moment of asking.
 */
export type KeyStatus = "active" | "expiring" | "expired" | "disabled" | "revoked" | "superseded";

/**
 * Whether the vault has the secret.
 */
export type Holding = "none" | "held" | "missing";

/**
 * A key as lists and details show it. Never the secret.
 */
export type KeyView = { 
/**
 * Identifier (UUID).
 */
id: string, 
/**
 * The public part of the key.
 */
handle: string, 
/**
 * Name of its tenant.
 */
tenant: string, 
/**
 * Identifier of its tenant.
 */
tenant_id: string, 
/**
 * Name.
 */
name: string, 
/**
 * What it is for.
 */
description: string, 
/**
 * The key as lists show it: prefix, handle, an ellipsis and the last four characters.
 */
display: string, 
/**
 * Identifiers of its API sets.
 */
api_sets: Array<string>, 
/**
 * The organization it belongs to, where the tenant has them.
 */
organization: string | null, 
/**
 * The user groups it belongs to, where the tenant has them.
 */
groups: Array<string>, 
/**
 * What it is filed under.
 */
tags: Array<string>, 
/**
 * Who it belongs to.
 */
owner: string, 
/**
 * How its text is made up; `None` for a key that came from elsewhere.
 */
format: KeyFormat | null, 
/**
 * Whether a person chose it, or it has under 128 random bits.
 */
weak: boolean, 
/**
 * Identifier of the key that it was made to succeed.
 */
succeeds: string | null, 
/**
 * Since when a successor takes its place, if one does.
 */
superseded_at: string | null, 
/**
 * Where it stands.
 */
status: KeyStatus, 
/**
 * When it was generated.
 */
created_at: string, 
/**
 * When it ends; `None` for never.
 */
expires_at: string | null, 
/**
 * When it was revoked.
 */
revoked_at: string | null, 
/**
 * Whether the secret is in the vault.
 */
kept: boolean, 
/**
 * The same, and whether it went missing there.
 */
holding: Holding, 
/**
 * Whether the secret was ever copied, downloaded, printed or kept.
 */
handed_over: boolean, };

/**
 * One page of a list of keys.
 */
export type KeyPage = { 
/**
 * The keys, in the order asked for.
 */
keys: Array<KeyView>, 
/**
 * Identifiers of those whose rotation is under way.
 */
rotating: Array<string>, 
/**
 * Identifiers of those that are due for rotation.
 */
due: Array<string>, 
/**
 * Identifiers of those that are in no bundle of a tenant that has exported some.
 */
in_no_bundle: Array<string>, 
/**
 * Identifiers of those whose end services were not told.
 */
end_untold: Array<string>, 
/**
 * What their identifiers of API sets, organizations and user groups stand for.
 */
names: Array<TenantNames>, };

/**
 * What identifiers stand for in one tenant.
 */
export type TenantNames = { 
/**
 * The tenant's identifier.
 */
tenant_id: string, 
/**
 * API sets.
 */
api_sets: Array<Named>, 
/**
 * Organizations.
 */
organizations: Array<Named>, 
/**
 * User groups.
 */
groups: Array<Named>, };

/**
 * All that a window shows first, so that it need not ask for it piece by piece.
 */
export type Opening = { 
/**
 * The profile, its vault and the machine under it.
 */
profile: ProfileView, 
/**
 * All tenants by name.
 */
tenants: Array<TenantView>, 
/**
 * How the servers of remote tenants are spoken to.
 */
connectors: Array<Connector>, 
/**
 * The tenant that was open last; `None` where it was all of them.
 */
tenant: string | null, 
/**
 * Its newest keys.
 */
keys: KeyPage, 
/**
 * How many keys were asked for: a shorter page is the whole list.
 */
limit: number, };

/**
 * How many keys a query finds.
 */
export type KeyCount = { 
/**
 * All of them, whatever the page.
 */
total: number, };

/**
 * Orders of a list of keys.
 */
export type KeySort = "created" | "name" | "owner" | "expires";

/**
 * Which keys to list.
 */
export type KeyQuery = { 
/**
 * Only this tenant's (identifier); `None` for every tenant.
 */
tenant: string | null, 
/**
 * Words; each must begin a word of the name, description, key, owner or an API set.
 */
search: string, 
/**
 * Only these statuses; empty for any.
 */
statuses: Array<KeyStatus>, 
/**
 * Only keys that may use this API set (identifier).
 */
api_set: string | null, 
/**
 * Only this owner's.
 */
owner: string | null, 
/**
 * Only keys of this organization (identifier or name).
 */
organization?: string, 
/**
 * Only keys whose rotation needs this.
 */
rotation?: RotationNeed, 
/**
 * Only keys of which services have to be told this with the next bundle.
 */
bundle?: BundleNeed, 
/**
 * Order.
 */
sort: KeySort, 
/**
 * Turned round.
 */
descending: boolean, 
/**
 * How many to skip.
 */
offset: number, 
/**
 * How many at most; 0 for the default of 100, at most 500.
 */
limit: number, };

/**
 * Keys of one status.
 */
export type StatusCount = { 
/**
 * The status.
 */
status: KeyStatus, 
/**
 * How many.
 */
keys: number, };

/**
 * Keys of one API set or organization.
 */
export type NamedCount = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * How many.
 */
keys: number, };

/**
 * What an identifier stands for.
 */
export type Named = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Name.
 */
name: string, };

/**
 * Keys of one owner.
 */
export type OwnerCount = { 
/**
 * The owner.
 */
owner: string, 
/**
 * How many.
 */
keys: number, };

/**
 * What the filters over a list can offer.
 */
export type KeyFacets = { 
/**
 * Keys by status; every status is there.
 */
statuses: Array<StatusCount>, 
/**
 * Keys by API set.
 */
api_sets: Array<NamedCount>, 
/**
 * Keys by owner, most first, at most 100.
 */
owners: Array<OwnerCount>, 
/**
 * Keys by organization; of one tenant only.
 */
organizations: Array<NamedCount>, };

/**
 * Who acted.
 */
export type Actor = { 
/**
 * The operator's name; `Latchkey` for what the program did by itself at a start.
 */
operator: string, 
/**
 * `window`, `command line` or `start`.
 */
origin: string, };

/**
 * What an event tells. The names are the audit log's and do not change.
 */
export type EventKind = "profile_created" | "tenant_added" | "tenant_edited" | "tenant_removed" | "api_set_added" | "api_set_edited" | "api_set_removed" | "api_set_retired" | "api_set_restored" | "organization_added" | "organization_edited" | "organization_removed" | "user_group_added" | "user_group_edited" | "user_group_removed" | "tenant_synced" | "credential_changed" | "tenant_signed_in" | "tenant_signed_out" | "connector_added" | "connector_removed" | "network_off" | "network_on" | "key_generated" | "key_imported" | "signing_key_made" | "signing_key_rotated" | "signing_key_replaced" | "sequence_raised" | "bundle_exported" | "list_exported" | "batch_generated" | "batch_undone" | "key_edited" | "key_disabled" | "key_enabled" | "key_revoked" | "key_drifted" | "key_orphaned" | "key_superseded" | "rotation_undone" | "key_deleted" | "secret_copied" | "secret_revealed" | "secret_downloaded" | "secret_printed" | "secret_kept" | "secret_discarded" | "secret_unsaved" | "secret_injected" | "secret_missing" | "saga_finished" | "saga_undone";

/**
 * One line of the audit log.
 */
export type EventView = { 
/**
 * Number, rising without a gap.
 */
sequence: number, 
/**
 * When.
 */
at: string, 
/**
 * Who.
 */
actor: Actor, 
/**
 * What.
 */
kind: EventKind, 
/**
 * Name of the tenant at that time.
 */
tenant: string | null, 
/**
 * Handle of the key.
 */
handle: string | null, 
/**
 * Name of the key, API set or other subject at that time.
 */
subject: string | null, 
/**
 * What exactly changed, in words.
 */
detail: string | null, 
/**
 * Why, if the operator said.
 */
reason: string | null, };

/**
 * Another key, as a link to it needs.
 */
export type KeyLink = { 
/**
 * Identifier.
 */
id: string, 
/**
 * The public part of the key.
 */
handle: string, 
/**
 * The key as lists show it.
 */
display: string, 
/**
 * Where it stands.
 */
status: KeyStatus, };

/**
 * How far a rotation went.
 */
export type RotationStage = "under_way" | "overlap" | "over" | "done";

/**
 * Which key a key succeeded, which one succeeds it, and how far that went.
 */
export type Lineage = { 
/**
 * The key that it was made to succeed, if the list still has it.
 */
predecessor: KeyLink | null, 
/**
 * The newest key that was made to succeed it.
 */
successor: KeyLink | null, 
/**
 * How far the rotation of this key went; `None` where no successor that may be used takes its place.
 */
stage: RotationStage | null, 
/**
 * When the key would end if the rotation were undone, while it is superseded; `None` for never.
 */
ends_before: string | null, 
/**
 * Whether the tenant wants the key to be rotated by now.
 */
due: boolean, };

/**
 * How long a superseded key stays usable.
 */
export type Overlap = { "kind": "none" } | { "kind": "hours", 
/**
 * 1 to 8 760.
 */
hours: number, } | { "kind": "date", 
/**
 * `YYYY-MM-DD`, as typed.
 */
date: string, };

/**
 * What a key may need for its rotation.
 */
export type RotationNeed = "due" | "under_way";

/**
 * What the operator chose for a rotation in the window.
 */
export type RotationDraft = { 
/**
 * When the successor ends; `None` for as long a life as the old key was meant to have.
 */
expires: Expiration | null, 
/**
 * How long both may be used, counted from the moment at which the successor is saved.
 */
overlap: Overlap, };

/**
 * What a rotation would make.
 */
export type RotationPlan = { 
/**
 * When the successor would end if nobody chose; `None` for never.
 */
expires_at: string | null, };

/**
 * That the key of a Save window is to take another one's place.
 */
export type Succession = { 
/**
 * The key whose place it takes.
 */
old: KeyLink, 
/**
 * When that ends by itself, whatever the overlap; `None` for never.
 */
old_expires_at: string | null, 
/**
 * How long both may be used, from the moment at which the window is closed.
 */
overlap: Overlap, };

/**
 * What a server tells of a key.
 */
export type RemoteKeyView = { 
/**
 * What the server calls it by; `None` where a person wrote the key down.
 */
id: string | null, 
/**
 * Whether it may do everything that its creator may.
 */
everything: boolean, 
/**
 * When it was used last.
 */
last_used_at: string | null, };

/**
 * Everything known of one key.
 */
export type KeyDetails = { 
/**
 * The key.
 */
key: KeyView, 
/**
 * Why it was revoked, if somebody said.
 */
revoke_reason: string | null, 
/**
 * When it was switched off, if it is.
 */
disabled_at: string | null, 
/**
 * What its server tells of it, where it has one.
 */
remote: RemoteKeyView | null, 
/**
 * What bundles have said of it, where its tenant has exported one.
 */
bundle: KeyBundle | null, 
/**
 * What it may do, all told.
 */
access: AccessView, 
/**
 * Which keys came before and after it.
 */
lineage: Lineage, 
/**
 * What happened to it, newest first.
 */
events: Array<EventView>, };

/**
 * When a key is to end.
 */
export type Expiration = { "kind": "never" } | { "kind": "days", 
/**
 * 1 to 36 500.
 */
days: number, } | { "kind": "date", 
/**
 * `YYYY-MM-DD`, as typed.
 */
date: string, };

/**
 * The end that a new key gets unless the operator chooses another: a part of [`Expiration`], which lasts.
 */
export type DefaultExpiration = { "kind": "never" } | { "kind": "days", 
/**
 * 1 to 36 500.
 */
days: number, };

/**
 * A key to be generated.
 */
export type KeyDraft = { 
/**
 * Identifier of the tenant.
 */
tenant: string, 
/**
 * Name: 3 to 100 characters.
 */
name: string, 
/**
 * What it is for: at most 1 000 characters.
 */
description: string, 
/**
 * Who it belongs to; the operator if `None`.
 */
owner: string | null, 
/**
 * Identifiers of the API sets.
 */
api_sets: Array<string>, 
/**
 * The organization it belongs to, by identifier or name, where the tenant has them.
 */
organization?: string, 
/**
 * The user groups it belongs to, by identifier or name, where the tenant has them.
 */
groups?: Array<string>, 
/**
 * What it is filed under: at most 20 tags of at most 40 characters, without commas.
 */
tags?: Array<string>, 
/**
 * When it ends.
 */
expires: Expiration, };

/**
 * Changes to a key; what is `None` stays as it is.
 */
export type KeyEdit = { 
/**
 * New name.
 */
name: string | null, 
/**
 * New description.
 */
description: string | null, 
/**
 * New owner.
 */
owner: string | null, 
/**
 * New API sets, all of them.
 */
api_sets: Array<string> | null, 
/**
 * New organization.
 */
organization?: string, 
/**
 * New user groups, all of them.
 */
groups?: Array<string>, 
/**
 * New tags, all of them.
 */
tags?: Array<string>, 
/**
 * New end.
 */
expires: Expiration | null, };

/**
 * A key that was just generated, as the Save window gets it. The secret stays in Rust.
 */
export type NewKey = { 
/**
 * The key.
 */
key: KeyView, 
/**
 * What may be shown of the secret: `<prefix>_<handle>_`.
 */
visible: string, 
/**
 * How many characters stay masked behind it.
 */
masked: number, 
/**
 * The file name that Download proposes.
 */
file_name: string, 
/**
 * Whether the secret was kept already, by the tenant's policy.
 */
kept: boolean, 
/**
 * Whether it may be kept.
 */
may_keep: boolean, 
/**
 * Other keys of the tenant with the same name.
 */
same_name: number, 
/**
 * What stands before the key in the header that it is sent in; `None` where the tenant does not say.
 */
header: string | null, 
/**
 * The words of the system that the tenant's template comes from.
 */
words: Words, 
/**
 * Whose place it takes, where it was made by a rotation.
 */
succession: Succession | null, };

/**
 * How a file with keys is written.
 */
export type ImportFormat = "env" | "csv" | "apikey";

/**
 * What an import makes of an entry unless the operator decides otherwise.
 */
export type ImportFate = "import" | "optional" | "duplicate" | "skip";

/**
 * Why an entry is not simply imported.
 */
export type ImportReason = "no_key_name" | "ambiguous" | "known" | "repeated" | "empty" | "too_short" | "too_long" | "blank" | "damaged" | "reference" | "form" | "too_many_chosen";

/**
 * One entry of a file, as the operator sees it before it is imported. Never the key.
 */
export type ImportEntry = { 
/**
 * Its place among the entries, from 0.
 */
number: number, 
/**
 * The line of the file, from 1.
 */
line: number, 
/**
 * The name that it would get.
 */
name: string, 
/**
 * What the file says of it.
 */
description: string, 
/**
 * Who the file says it belongs to.
 */
owner: string | null, 
/**
 * What lists would show of the key; nothing of one that a person may have chosen.
 */
display: string | null, 
/**
 * Whether a person may have chosen it, or it has under 128 random bits.
 */
weak: boolean, 
/**
 * What happens to it.
 */
fate: ImportFate, 
/**
 * Why.
 */
reason: ImportReason | null, 
/**
 * The name of the key that the tenant has already.
 */
known_as: string | null, 
/**
 * What is wrong with its name.
 */
name_problem: FieldProblem | null, 
/**
 * Whether another key of the tenant or of the file has its name.
 */
same_name: boolean, };

/**
 * What an import would do.
 */
export type ImportPreview = { 
/**
 * The file's name without its folder.
 */
file: string, 
/**
 * How it was read.
 */
format: ImportFormat, 
/**
 * What stands in it, in its order.
 */
entries: Array<ImportEntry>, 
/**
 * Whether the file has more entries than are read.
 */
cut: boolean, 
/**
 * Whether the tenant lets secrets be kept.
 */
may_keep: boolean, };

/**
 * What to import.
 */
export type ImportChoice = { 
/**
 * Identifier or name of the tenant.
 */
tenant: string, 
/**
 * Numbers of the entries.
 */
entries: Array<number>, 
/**
 * Identifiers of the API sets that they all get.
 */
api_sets: Array<string>, 
/**
 * The organization that they belong to, by identifier or name; `None` where the tenant has none.
 */
organization?: string, 
/**
 * Their user groups, by identifiers or names.
 */
groups?: Array<string>, 
/**
 * Who they belong to where the file does not say; the operator if `None`.
 */
owner: string | null, 
/**
 * What they are filed under.
 */
tags: Array<string>, 
/**
 * When they end.
 */
expires: Expiration, 
/**
 * Whether their secrets are kept in the vault.
 */
keep: boolean, };

/**
 * What an import did.
 */
export type ImportDone = { 
/**
 * Keys that came into the list.
 */
imported: number, 
/**
 * Those of them that a person may have chosen.
 */
weak: number, 
/**
 * Those of them whose secrets are kept.
 */
kept: number, 
/**
 * Entries that turned out to be known already.
 */
duplicates: number, };

/**
 * A list that was written to a file.
 */
export type Export = { 
/**
 * Where; `None` when the operator chose no file.
 */
path: string | null, 
/**
 * How many keys.
 */
keys: number, };

/**
 * A secret that is on the clipboard now.
 */
export type ClipboardCopy = { 
/**
 * In how many seconds it is cleared, if it is still ours.
 */
clears_in: number, };

/**
 * How a download ended.
 */
export type Download = { 
/**
 * The file, or `None` when the dialog was closed.
 */
path: string | null, };

/**
 * What the keys of a batch are written to.
 */
export type BatchDelivery = "csv" | "folder";

/**
 * How the keys of a batch are named.
 */
export type BatchNames = { "kind": "pattern", 
/**
 * `device-{n:05}`.
 */
pattern: string, 
/**
 * How many.
 */
count: number, } | { "kind": "list" };

/**
 * Many keys to be generated in one run.
 */
export type BatchDraft = { 
/**
 * Identifier of the tenant.
 */
tenant: string, 
/**
 * How the keys are named.
 */
names: BatchNames, 
/**
 * What they are for, unless a row says otherwise.
 */
description: string, 
/**
 * Who they belong to, unless a row says otherwise; the operator if `None`.
 */
owner: string | null, 
/**
 * Identifiers of the API sets.
 */
api_sets: Array<string>, 
/**
 * The organization that they belong to, by identifier or name; `None` where the tenant has none.
 */
organization?: string, 
/**
 * Their user groups, by identifiers or names.
 */
groups?: Array<string>, 
/**
 * What they are filed under.
 */
tags: Array<string>, 
/**
 * When they end.
 */
expires: Expiration, 
/**
 * What the keys are written to.
 */
delivery: BatchDelivery, 
/**
 * Public keys of age (`age1…`) of those who can open it; not sealed if empty.
 */
recipients: Array<string>, };

/**
 * What a batch would be, before anything is made.
 */
export type BatchPreview = { 
/**
 * How many keys.
 */
keys: number, 
/**
 * The first names, at most three.
 */
first: Array<string>, 
/**
 * The last name, where there are more.
 */
last: string | null, 
/**
 * How many keys have the name of another key of the batch.
 */
same_name: number, 
/**
 * How many keys have a recipient of their own.
 */
recipients: number, };

/**
 * A list of names that was read.
 */
export type BatchList = { 
/**
 * The file's name.
 */
file: string, 
/**
 * What is in it.
 */
preview: BatchPreview, };

/**
 * How far a batch is.
 */
export type BatchProgress = { 
/**
 * How many keys are written to the file.
 */
drawn: number, 
/**
 * How many are in the list.
 */
listed: number, 
/**
 * How many there will be.
 */
total: number, };

/**
 * A batch that is done.
 */
export type BatchSummary = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Name of the tenant.
 */
tenant: string, 
/**
 * How many keys.
 */
keys: number, 
/**
 * The file or folder that has them.
 */
file: string, 
/**
 * What it is.
 */
delivery: BatchDelivery, 
/**
 * Whether it is sealed.
 */
sealed: boolean, 
/**
 * The first name.
 */
first: string, 
/**
 * The last name.
 */
last: string, 
/**
 * When they end; `None` for never.
 */
expires_at: string | null, };

/**
 * How a batch ended.
 */
export type BatchEnd = { "kind": "done", 
/**
 * What was made.
 */
summary: BatchSummary, } | { "kind": "cancelled" };

/**
 * A batch that was interrupted: it can go on or be taken back.
 */
export type BatchView = { 
/**
 * Identifier.
 */
id: string, 
/**
 * Name of the tenant.
 */
tenant: string, 
/**
 * The first name.
 */
first: string, 
/**
 * How many keys it is to have.
 */
total: number, 
/**
 * How many are written already.
 */
drawn: number, 
/**
 * The file or folder that it goes to.
 */
file: string, 
/**
 * Who began it.
 */
operator: string, 
/**
 * When.
 */
begun_at: string, };

/**
 * Where a connector came from.
 */
export type ConnectorOrigin = "shipped" | "own";

/**
 * An address of the vendor's own.
 */
export type ConnectorAddress = { 
/**
 * What it is.
 */
name: string, 
/**
 * The address.
 */
url: string, };

/**
 * Something that is asked when a tenant is added.
 */
export type ConnectorAsk = { 
/**
 * Identifier.
 */
id: string, 
/**
 * What the field says.
 */
label: string, 
/**
 * What is there before something is typed.
 */
default: string | null, 
/**
 * What to type, in a sentence.
 */
help: string | null, 
/**
 * Whether it is not typed, but chosen of what the server offers to who has signed in.
 */
chosen: boolean, };

/**
 * Something that is asked to sign in.
 */
export type ConnectorQuestion = { 
/**
 * Identifier.
 */
id: string, 
/**
 * What the field says.
 */
label: string, 
/**
 * What to type, in a sentence.
 */
help: string | null, 
/**
 * Whether it is not shown while it is typed.
 */
secret: boolean, 
/**
 * Whether it may be left out.
 */
optional: boolean, };

/**
 * What a server offers for an option to who has signed in.
 */
export type SignInChoice = { 
/**
 * The option.
 */
option: string, 
/**
 * What the option's value is.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * What it belongs to.
 */
group: string | null, 
/**
 * What who has signed in is there.
 */
role: string | null, 
/**
 * Whether who has signed in may not choose it.
 */
refused: boolean, 
/**
 * Why not, in a sentence of the connector's; without one it is for the role.
 */
why: string | null, };

/**
 * How signing out of a server ended. The session is forgotten either way.
 */
export type SignedOut = { 
/**
 * Why the server could not be told: the session may go on there.
 */
problem: ErrorBody | null, };

/**
 * What is done with keys.
 */
export type Capability = "list" | "create" | "update" | "disable" | "revoke" | "rotate" | "check" | "api_sets";

/**
 * How something is done.
 */
export type CapabilityWay = "native" | "composed" | "guided" | "impossible";

/**
 * Something that is done with keys, and how it is done here.
 */
export type ConnectorCapability = { 
/**
 * What.
 */
capability: Capability, 
/**
 * How.
 */
way: CapabilityWay, 
/**
 * What a person does where it is guided, a sentence each.
 */
steps: Array<string>, };

/**
 * A connector: how a vendor is spoken to, and what it can do.
 */
export type Connector = { 
/**
 * Identifier.
 */
id: string, 
/**
 * What people call the vendor.
 */
name: string, 
/**
 * What its keys are, in a sentence.
 */
about: string, 
/**
 * The page that describes its keys.
 */
page: string | null, 
/**
 * Whether it came with the program or is the user's own.
 */
origin: ConnectorOrigin, 
/**
 * Why it cannot be used: what is wrong with the user's file, with the line.
 */
problem: string | null, 
/**
 * What the address field says.
 */
address_label: string, 
/**
 * An example of an address.
 */
address_example: string, 
/**
 * Addresses of the vendor's own.
 */
addresses: Array<ConnectorAddress>, 
/**
 * What else belongs to the address.
 */
options: Array<ConnectorAsk>, 
/**
 * What is given so that Latchkey may ask.
 */
credentials: Array<ConnectorAsk>, 
/**
 * What is asked to sign in, where servers let nobody manage keys with a credential.
 */
questions: Array<ConnectorQuestion>, 
/**
 * What an operator has to accept before a tenant is added with it.
 */
caution: string | null, 
/**
 * The program's template whose words and rules its tenants take.
 */
template: string, 
/**
 * What can be done and how, in the order of [`Capability::ALL`].
 */
capabilities: Array<ConnectorCapability>, 
/**
 * What to know before trusting it.
 */
traps: Array<string>, };

/**
 * A connector is to be tried against a server.
 */
export type ConnectorTrial = { 
/**
 * The connector.
 */
connector: string, 
/**
 * The server's address.
 */
url: string, 
/**
 * What else belongs to the address; defaults stand for what is left out.
 */
options: { [key in string]: string }, 
/**
 * Whether plain HTTP may be spoken to another computer.
 */
plain_http: boolean, 
/**
 * Whether the operator accepts the connector's caution, where it has one.
 */
accept_caution?: boolean, 
/**
 * The way there; nothing of it for the system's.
 */
network?: NetworkEdit, };

/**
 * A remote tenant is to be added.
 */
export type RemoteTenantDraft = { 
/**
 * Name.
 */
name: string, 
/**
 * Its connector.
 */
connector: string, 
/**
 * The server's address.
 */
url: string, 
/**
 * What else belongs to the address; defaults stand for what is left out.
 */
options: { [key in string]: string }, 
/**
 * Whether plain HTTP may be spoken to another computer.
 */
plain_http: boolean, 
/**
 * Whether the operator accepts the connector's caution, where it has one.
 */
accept_caution?: boolean, 
/**
 * The way there; nothing of it for the system's.
 */
network?: NetworkEdit, };

/**
 * What asking a server for its keys came to.
 */
export type SyncDone = { 
/**
 * Keys that the server lists.
 */
keys: number, 
/**
 * Those that were not in Latchkey's list.
 */
new: number, 
/**
 * Those that were changed at the server.
 */
changed: number, 
/**
 * Keys that the server has no more.
 */
gone: number, 
/**
 * Rows of the server's list that cannot be understood.
 */
skipped: number, };

/**
 * A tenant whose server is being asked, or will be when its turn comes.
 */
export type TenantRefresh = { 
/**
 * The tenant's identifier.
 */
tenant: string, 
/**
 * Whether its turn has come.
 */
begun: boolean, 
/**
 * How many keys have arrived.
 */
keys: number, 
/**
 * In how many seconds the server is asked again, where it wants to be left alone.
 */
waiting: number | null, 
/**
 * Whether it was asked to stop.
 */
cancelling: boolean, };

/**
 * How far the refreshes of remote tenants are that this process does.
 */
export type RefreshProgress = { 
/**
 * How many have ended, since none was under way.
 */
done: number, 
/**
 * How many there are in all.
 */
total: number, 
/**
 * Those that have not ended.
 */
under_way: Array<TenantRefresh>, };

/**
 * What refreshing one of several tenants came to.
 */
export type TenantRefreshed = { 
/**
 * The tenant's identifier.
 */
tenant: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What the server told.
 */
done: SyncDone | null, 
/**
 * Why it could not be asked.
 */
problem: ErrorBody | null, };

/**
 * A key as a trial found it.
 */
export type TriedKey = { name: string, display: string, api_sets: Array<string>, 
/**
 * Whether it may do everything that its creator may.
 */
everything: boolean, owner: string | null, created_at: string | null, expires_at: string | null, 
/**
 * Whether it is switched on.
 */
active: boolean, };

/**
 * What a server says of a key that asked.
 */
export type CheckedKey = "valid" | "restricted" | "unknown" | "expired" | "disabled";

/**
 * What a server answered to a trial.
 */
export type ConnectorTried = { 
/**
 * What the server says of the key that was given, where the vendor lists none.
 */
checked: CheckedKey | null, 
/**
 * Of what it offers to who has signed in: what was asked with.
 */
chosen: Array<SignInChoice>, 
/**
 * The names of its API sets.
 */
api_sets: Array<string>, 
/**
 * How many keys it lists.
 */
keys: number, 
/**
 * How many rows of its list cannot be understood.
 */
skipped: number, 
/**
 * The first keys.
 */
first: Array<TriedKey>, };

/**
 * A key that a person made in a vendor's own pages is to be recorded.
 */
export type RecordDraft = { 
/**
 * Whether its text is kept in the vault.
 */
keep: boolean, 
/**
 * The key that it replaces.
 */
succeeds?: string, 
/**
 * How long that one may be used beside it; without one it stays as it is until its rotation is finished.
 */
overlap?: Overlap, 
/**
 * Identifier of the tenant.
 */
tenant: string, 
/**
 * Name: 3 to 100 characters.
 */
name: string, 
/**
 * What it is for: at most 1 000 characters.
 */
description: string, 
/**
 * Who it belongs to; the operator if `None`.
 */
owner: string | null, 
/**
 * Identifiers of the API sets.
 */
api_sets: Array<string>, 
/**
 * The organization it belongs to, by identifier or name, where the tenant has them.
 */
organization?: string, 
/**
 * The user groups it belongs to, by identifier or name, where the tenant has them.
 */
groups?: Array<string>, 
/**
 * What it is filed under: at most 20 tags of at most 40 characters, without commas.
 */
tags?: Array<string>, 
/**
 * When it ends.
 */
expires: Expiration, };

/**
 * A key that was recorded.
 */
export type RecordedKey = { 
/**
 * The key.
 */
key: KeyView, 
/**
 * Whether its text looks as the vendor's keys do.
 */
usual: boolean, };

/**
 * A key that was pasted, or read from a file, and waits to be recorded. Its text stays in Rust.
 */
export type PastedKey = { 
/**
 * What it is recorded or forgotten by.
 */
id: string, 
/**
 * As lists would show it.
 */
display: string, 
/**
 * How many characters it has.
 */
length: number, 
/**
 * Whether it looks as the vendor's keys do.
 */
usual: boolean, 
/**
 * Name of the tenant's key that it is already.
 */
already: string | null, };

/**
 * What `verify` decides.
 */
export type Decision = { "decision": "valid", 
/**
 * The key.
 */
key: KeyView, 
/**
 * What it may use.
 */
api_sets: Array<string>, 
/**
 * Whether its API sets restrict nothing.
 */
everything: boolean, 
/**
 * Its organization, where the tenant has them.
 */
organization: string | null, 
/**
 * Its user groups, where the tenant has them.
 */
groups: Array<string>, 
/**
 * The permissions that count: those of its groups that its organization allows.
 */
permissions: Array<string>, 
/**
 * The tenant's newest change at that moment.
 */
sequence: number, } | { "decision": "refused", 
/**
 * Why.
 */
reason: Refusal, 
/**
 * The public part, where the key has the right form.
 */
handle: string | null, 
/**
 * The tenant's newest change at that moment.
 */
sequence: number, };

/**
 * Why a key is refused.
 */
export type Refusal = "malformed" | "unknown" | "revoked" | "expired" | "disabled" | "superseded" | "not-yet-valid" | "bundle-expired";

/**
 * What a person does in a vendor's own pages.
 */
export type GuideView = { 
/**
 * What for.
 */
capability: Capability, 
/**
 * What to do, a sentence each.
 */
steps: Array<string>, 
/**
 * The address of the page where it begins.
 */
page: string | null, };
