/** Keys that a person makes in a vendor's own pages, for the program without a program. */
import type { Capability, GuideView, PastedKey, RecordDraft, RecordedKey } from "./bindings";
import type { GuidedGateway } from "./gateway-guided";
import type { MemoryConnectors } from "./memory-connectors";
import type { StoredKey, StoredTenant } from "./memory-fixture";
import { knownSets } from "./memory-generate";
import type { Answer, MemoryHost } from "./memory-host";
import { membership } from "./memory-organizations";
import { retire } from "./memory-rotation";
import type { MemoryRemotes } from "./memory-remote";
import * as rules from "./memory-rules";

/** The clipboard, a file and the browser, for a test to set and to look at. */
export class MemoryGuided {
  /** What lies on the clipboard; `null` where it is empty. */
  clipboard: string | null = "5f0c1d2e3a4b5c6d7e8f901234567a9b";
  /** The key in the file that is chosen; `null` when the dialog is closed. */
  file: string | null = "0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e";
  /** Where the steps begin; `null` where no page is known. */
  page: string | null = "https://vendor.example.com/settings/keys";
  /** The pages that the browser was sent to. */
  readonly opened: string[] = [];
  /** The keys that wait to be recorded, by what they wait under. */
  readonly waiting = new Map<string, { tenant: string; text: string }>();
  readonly #remotes: MemoryRemotes;
  /** What the texts of recorded keys are, by the key. */
  readonly #texts = new Map<string, string>();

  constructor(remotes: MemoryRemotes) {
    this.#remotes = remotes;
  }

  methods(answer: Answer, host: MemoryHost, connectors: MemoryConnectors): GuidedGateway {
    const guide = (id: string, capability: Capability): GuideView => this.#guide(host, connectors, id, capability);
    return {
      guide: answer("guide", guide),
      guideOpen: answer("guideOpen", (id: string, capability: Capability) => {
        this.opened.push(guide(id, capability).page ?? rules.fail("not_now", "No page is known."));
      }),
      keyPaste: answer("keyPaste", (id: string) =>
        this.#hold(host, host.tenant(id), this.clipboard ?? rules.failField("secret", { rule: "required" })),
      ),
      keyReadFile: answer("keyReadFile", (id: string) =>
        this.file === null ? null : this.#hold(host, host.tenant(id), this.file),
      ),
      keyPasteForget: answer("keyPasteForget", (id: string) => {
        this.waiting.delete(id);
      }),
      keyRecord: answer("keyRecord", (draft: RecordDraft, pasted: string) => this.#record(host, draft, pasted)),
    };
  }

  #guide(host: MemoryHost, connectors: MemoryConnectors, id: string, capability: Capability): GuideView {
    const connector = connectors.all.find((one) => one.id === host.tenant(id).remote?.connector);
    const stepsOf = (wanted: Capability): string[] =>
      connector?.capabilities.find((one) => one.capability === wanted && one.way === "guided")?.steps ?? [];
    const steps = capability === "rotate" ? [...stepsOf("create"), ...stepsOf("revoke")] : stepsOf(capability);
    if (steps.length === 0) rules.fail("not_now", "Nothing of that is done in the vendor's pages.");
    return { capability, steps, page: this.page };
  }

  #known(host: MemoryHost, tenant: string, text: string): StoredKey | undefined {
    return host.keysOf(tenant).find((key) => this.#texts.get(key.id) === text);
  }

  #hold(host: MemoryHost, tenant: StoredTenant, pasted: string): PastedKey {
    const text = pasted.trim();
    if (text.length < 8) rules.failField("secret", { rule: "too_short", min: 8 });
    const id = crypto.randomUUID();
    this.waiting.set(id, { tenant: tenant.id, text });
    return {
      id,
      display: `…${text.slice(-4)}`,
      length: text.length,
      usual: /^[0-9a-f]{32}$/u.test(text),
      already: this.#known(host, tenant.id, text)?.name ?? null,
    };
  }

  #record(host: MemoryHost, draft: RecordDraft, pasted: string): RecordedKey {
    const tenant = host.tenant(draft.tenant);
    const held = this.waiting.get(pasted);
    if (held?.tenant !== tenant.id) return rules.fail("secret_gone", "The pasted key was wiped.");
    const known = this.#known(host, tenant.id, held.text);
    if (known) rules.failField("secret", { rule: "known_key", key: known.name });
    const name = rules.checkName(draft.name);
    if (tenant.policy.require_api_set && draft.api_sets.length === 0) {
      rules.failField("api_sets", { rule: "required" });
    }
    const old = draft.succeeds === undefined ? null : host.key(draft.succeeds);
    const key: StoredKey = {
      id: crypto.randomUUID(),
      handle: rules.randomText(8, Math.random),
      tenant: tenant.name,
      tenant_id: tenant.id,
      name,
      description: rules.checkText(draft.description.trim(), "description", 1000),
      display: `…${held.text.slice(-4)}`,
      api_sets: knownSets(tenant, draft.api_sets),
      ...membership(tenant, draft.organization, draft.groups),
      tags: draft.tags ?? [],
      format: null,
      weak: false,
      succeeds: old?.id ?? null,
      superseded_at: null,
      owner: draft.owner?.trim() ? rules.checkText(draft.owner.trim(), "owner", 100) : host.world.profile.operator,
      status: "active",
      created_at: host.now().toISOString(),
      expires_at: rules.endOf(draft.expires, tenant.policy, host.now()),
      revoked_at: null,
      kept: draft.keep,
      holding: draft.keep ? "held" : "none",
      handed_over: true,
      disabled_at: null,
      revoke_reason: null,
    };
    host.world.keys.push(key);
    this.#remotes.keys.set(key.id, { id: null, everything: false, last_used_at: null });
    this.#texts.set(key.id, held.text);
    this.waiting.delete(pasted);
    host.log("key_imported", tenant.name, { handle: key.handle, subject: name });
    if (old && draft.overlap) retire(host, old, draft.overlap);
    return { key: host.view(key), usual: /^[0-9a-f]{32}$/u.test(held.text) };
  }
}
