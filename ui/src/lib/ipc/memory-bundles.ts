/** Verifier bundles, for the program without a program: what was exported is remembered, and nothing is signed. */
import type {
  BundleDraft,
  BundleExported,
  BundleNeed,
  BundleState,
  ExportView,
  KeyBundle,
  KeyPage,
  KeyQuery,
  KeyView,
  PublicKeyView,
} from "./bindings";
import type { BundleGateway } from "./gateway-bundles";
import type { StoredKey } from "./memory-fixture";
import type { Answer, MemoryHost } from "./memory-host";
import * as rules from "./memory-rules";

const day = 86_400_000;
/** What codes carry, and what a key takes of it. */
const most = 16_384;
const perKey = 48;

export class MemoryBundles {
  /** By the tenant's identifier, newest first. */
  readonly exports = new Map<string, ExportView[]>();
  /** Of the tenants that have exported: whether each key of the last bundle was in use. */
  readonly #told = new Map<string, Map<string, boolean>>();
  readonly #keys = new Map<string, PublicKeyView>();
  /** Tenants whose newest key has an endorsement. */
  readonly #endorsed = new Set<string>();
  #shown: { parts: number } | null = null;

  methods(answer: Answer, host: MemoryHost): BundleGateway {
    return {
      bundleState: answer("bundleState", (tenant: string) => this.#state(host, tenant)),
      bundlePublicKey: answer("bundlePublicKey", (tenant: string) => this.#key(host, tenant)),
      bundlePreview: answer("bundlePreview", (draft: BundleDraft) => this.#preview(host, draft)),
      bundleExport: answer("bundleExport", (draft: BundleDraft) => {
        this.#preview(host, draft);
        const path = host.downloadPath();
        return path === null ? null : this.#export(host, draft, path);
      }),
      bundleCodes: answer("bundleCodes", (draft: BundleDraft) => {
        const { codes, fits_one } = this.#preview(host, draft);
        if (codes === null) return rules.fail("failed", "The bundle is too large for QR codes.");
        this.#shown = { parts: codes };
        return { exported: this.#export(host, draft, null), parts: codes, fits_one };
      }),
      bundleCode: answer("bundleCode", (number: number) => {
        if (!this.#shown) return rules.fail("not_now", "No codes are shown.");
        return { size: 77, path: `M4 ${4 + (number % 60)}h7v1h-7z` };
      }),
      bundleCodesClose: answer("bundleCodesClose", () => void (this.#shown = null)),
      bundleCodesSave: answer("bundleCodesSave", () => ({ path: host.downloadPath() })),
      signingKeyRotate: answer("signingKeyRotate", (tenant: string, _reason: string | null) => {
        const path = host.downloadPath();
        if (path === null) return null;
        const key = this.#renew(host, tenant);
        this.#endorsed.add(tenant);
        host.log("signing_key_rotated", key.tenant, {});
        const { number, fingerprint, made_at: issued_at } = key;
        const { sequence } = host.tenant(tenant);
        const signature = `${path}.minisig`;
        return { key, written: { tenant: key.tenant, path, signature, sequence, issued_at, number, fingerprint } };
      }),
      signingKeyReplace: answer("signingKeyReplace", (tenant: string, _reason: string | null) => {
        const before = this.#key(host, tenant);
        const key = this.#renew(host, tenant);
        this.#endorsed.delete(tenant);
        host.log("signing_key_replaced", key.tenant, {});
        return { key, before };
      }),
      signingKeyEndorsement: answer("signingKeyEndorsement", () => ({ path: host.downloadPath() })),
      bundleKeySave: answer("bundleKeySave", (tenant: string, _page: boolean) => {
        this.#key(host, tenant);
        return { path: host.downloadPath() };
      }),
    };
  }

  /** What a page marks its keys with. */
  marks(host: MemoryHost): Pick<KeyPage, "in_no_bundle" | "end_untold"> {
    const of = (need: BundleNeed): string[] =>
      host.world.keys.filter((key) => this.bundleOf(host, key)?.need === need).map(({ id }) => id);
    return { in_no_bundle: of("in_none"), end_untold: of("end_untold") };
  }

  meets(host: MemoryHost, key: KeyView, { bundle }: KeyQuery): boolean {
    return !bundle || this.bundleOf(host, host.key(key.id))?.need === bundle;
  }

  bundleOf(host: MemoryHost, key: StoredKey): KeyBundle | null {
    const told = this.#told.get(key.tenant_id);
    if (!told) return null;
    const inUse = isInUse(host.view(key));
    const known = told.get(key.id);
    if (known === undefined) return { since: null, need: inUse && !key.weak ? "in_none" : null, stays: key.weak };
    const since = this.exports.get(key.tenant_id)?.[0]?.sequence ?? 0;
    return { since, need: known && !inUse ? "end_untold" : null, stays: false };
  }

  #preview(host: MemoryHost, { tenant, since, valid_for }: BundleDraft) {
    const days = Number(/^(\d+)d$/u.exec(valid_for ?? "35d")?.[1] ?? 0);
    if (days < 1 || days > 3650) rules.failField("valid_for", { rule: "out_of_range", min: 1, max: 87_600 });
    if (since !== null && !this.exports.get(tenant)?.some(({ sequence }) => sequence === since)) {
      rules.failField("since", { rule: "not_exported" });
    }
    const all = host.keysOf(tenant);
    const total = all.filter((key) => !key.weak);
    const keys = since === null ? total : total.filter((key) => (this.bundleOf(host, key)?.need ?? null) !== null);
    const size = 560 + keys.length * perKey;
    return {
      keys: keys.length,
      removed: 0,
      total: total.length,
      left_out: all.length - total.length,
      size,
      codes: size > most ? null : Math.ceil(size / 280),
      fits_one: size <= 1_600,
    };
  }

  #export(host: MemoryHost, draft: BundleDraft, path: string | null): BundleExported {
    const { keys, removed, total, size } = this.#preview(host, draft);
    const tenant = host.tenant(draft.tenant);
    if (draft.above !== null) tenant.sequence = Math.max(tenant.sequence, draft.above + 1);
    const { name, sequence } = tenant;
    const issued_at = host.now().toISOString();
    const until = host.now().getTime() + day * Number.parseInt(draft.valid_for ?? "35d", 10);
    const expires_at = new Date(until).toISOString();
    const base = draft.since;
    const file = path?.split("/").at(-1) ?? "";
    const before = this.exports.get(draft.tenant) ?? [];
    this.exports.set(draft.tenant, [
      { sequence, base, issued_at, expires_at, keys: total, file, may_be_base: true },
      ...before,
    ]);
    const told = host.keysOf(draft.tenant).filter((key) => !key.weak);
    this.#told.set(draft.tenant, new Map(told.map((key) => [key.id, isInUse(host.view(key))])));
    host.log("bundle_exported", name, { detail: `sequence ${sequence}` });
    return {
      tenant: name,
      path,
      signature: path === null ? null : `${path}.minisig`,
      kind: base === null ? "full" : "delta",
      sequence,
      base,
      issued_at,
      expires_at,
      keys,
      removed,
      total,
      left_out: [],
      size,
      fingerprint: this.#key(host, draft.tenant).fingerprint,
    };
  }

  #key(host: MemoryHost, tenant: string): PublicKeyView {
    const known = this.#keys.get(tenant);
    if (known) return known;
    const key = {
      tenant: host.tenant(tenant).name,
      tenant_id: tenant,
      public_key: "RWQ0dQ+YvVn8/IqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
      number: "FCFC59BD980F7534",
      fingerprint: "12ab 34cd 56ef 7890 12ab 34cd 56ef 7890 12ab 34cd 56ef 7890 12ab 34cd 56ef 7890",
      made_at: host.now().toISOString(),
    };
    this.#keys.set(tenant, key);
    return key;
  }

  /** Another key, since which no delta can be. */
  #renew(host: MemoryHost, tenant: string): PublicKeyView {
    const before = this.#key(host, tenant);
    const key = { ...before, number: "0C1D2E3F40516273", fingerprint: before.fingerprint.replaceAll("12ab", "98fe") };
    this.#keys.set(tenant, key);
    const exports = this.exports.get(tenant) ?? [];
    this.exports.set(
      tenant,
      exports.map((one) => ({ ...one, may_be_base: false })),
    );
    return key;
  }

  #state(host: MemoryHost, tenant: string): BundleState {
    const exports = this.exports.get(tenant) ?? [];
    const needs = host.keysOf(tenant).map((key) => this.bundleOf(host, key)?.need ?? null);
    const untold = needs.filter((need) => need !== null).length;
    return {
      public_key: this.#keys.get(tenant) ?? null,
      endorsed: this.#endorsed.has(tenant),
      sequence: host.tenant(tenant).sequence,
      changed: exports.length === 0 || untold > 0,
      exports,
      keys_in_none: needs.filter((need) => need === "in_none").length,
      ends_untold: needs.filter((need) => need === "end_untold").length,
      left_out: host.keysOf(tenant).filter((key) => key.weak).length,
    };
  }
}

function isInUse({ status }: KeyView): boolean {
  return status !== "revoked" && status !== "disabled";
}
