import { type ApiSetDraft, type ApiSetView, type Gateway, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";

/** The API sets of one tenant. */
export class ApiSets {
  sets = $state.raw<ApiSetView[]>([]);
  problem = $state.raw<LatchkeyError | null>(null);
  loaded = $state(false);

  readonly #gateway: Gateway;
  readonly #tenant: string;

  constructor(gateway: Gateway, tenant: string) {
    this.#gateway = gateway;
    this.#tenant = tenant;
  }

  /** The sets by their heading, in the order Rust gave them. */
  get groups(): { group: string | null; sets: ApiSetView[] }[] {
    const groups: { group: string | null; sets: ApiSetView[] }[] = [];
    for (const set of this.sets) {
      const last = groups.at(-1);
      if (last && last.group === set.group) last.sets.push(set);
      else groups.push({ group: set.group, sets: [set] });
    }
    return groups;
  }

  get groupNames(): string[] {
    return this.groups.flatMap(({ group }) => (group === null ? [] : [group]));
  }

  async load(): Promise<void> {
    try {
      this.sets = await this.#gateway.apiSetList(this.#tenant);
      this.problem = null;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    } finally {
      this.loaded = true;
    }
  }

  async add(draft: ApiSetDraft): Promise<ApiSetView> {
    const added = await this.#gateway.apiSetAdd(this.#tenant, draft);
    await this.load();
    return added;
  }

  async edit(draft: ApiSetDraft): Promise<void> {
    await this.#gateway.apiSetEdit(this.#tenant, draft);
    await this.load();
  }

  /** Retires a set, or restores it; answers whether it is retired now. */
  async turn({ id, retired_at }: ApiSetView): Promise<boolean> {
    if (retired_at === null) await this.#gateway.apiSetRetire(this.#tenant, id);
    else await this.#gateway.apiSetRestore(this.#tenant, id);
    await this.load();
    return retired_at === null;
  }

  async remove(id: string): Promise<void> {
    await this.#gateway.apiSetRemove(this.#tenant, id);
    await this.load();
  }
}
