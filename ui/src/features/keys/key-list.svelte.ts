import {
  type BundleNeed,
  type Gateway,
  type KeyFacets,
  type KeyPage,
  type KeyQuery,
  type KeySort,
  type KeyStatus,
  type KeyView,
  type LatchkeyError,
  type RotationNeed,
  toLatchkeyError,
} from "../../lib/ipc";
import { painted } from "../../lib/ui/painted";
import { KeyNeeds } from "./key-needs.svelte";
import { Marks } from "./marks.svelte";
import { nameKey, type NameKind, nothingTold, type Told, withTold } from "./told";

export const pageSize = 100;
/** Pages kept in memory; those farthest from what is visible go first. */
const pagesKept = 40;
/** More questions at once would only queue behind each other. */
const questionsAtOnce = 2;

/** What the list reminds of. */
export type Reminder = "expiring" | RotationNeed | BundleNeed;

const ascendingFirst: Record<KeySort, boolean> = { name: true, owner: true, expires: true, created: false };

/** What was counted for a question, and whether its page is shown. */
interface Counted {
  total: number | null;
  shown: boolean;
}

interface Filters {
  statuses: KeyStatus[];
  apiSet: string | null;
  owner: string | null;
  organization: string | null;
  rotation: RotationNeed | null;
  bundle: BundleNeed | null;
}

const unfiltered: Filters = {
  statuses: [],
  apiSet: null,
  owner: null,
  organization: null,
  rotation: null,
  bundle: null,
};

/** The list of keys: what is asked for, the pages that have come, and how many there are. */
export class KeyList {
  tenant = $state<string | null>(null);
  search = $state("");
  statuses = $state.raw<KeyStatus[]>([]);
  apiSet = $state<string | null>(null);
  owner = $state<string | null>(null);
  organization = $state<string | null>(null);
  rotation = $state<RotationNeed | null>(null);
  bundle = $state<BundleNeed | null>(null);
  sort = $state<KeySort>("created");
  descending = $state(true);

  facets = $state.raw<KeyFacets | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);
  /** Whether an answer to the newest question is still to come. */
  busy = $state(false);
  /** Whether any answer has come for this tenant. */
  loaded = $state(false);
  /** Counts the changes of question: the list goes back to its top with each. */
  question = $state(0);
  /** The row that the arrow keys start from. */
  activeIndex = $state(0);
  selectedId = $state<string | null>(null);

  /** Keys that are chosen together. */
  readonly marks = new Marks();
  /** How many keys of the tenant, or of all, need something. */
  readonly needs: KeyNeeds;

  #pages = $state.raw<ReadonlyMap<number, KeyView[]>>(new Map());
  #total = $state<number | null>(null);
  #told = $state.raw<Told>(nothingTold);

  readonly #gateway: Gateway;
  #generation = 0;
  #visible: [number, number] = [0, 0];
  /** Pages whose answer is still to come. */
  #asked = new Set<number>();
  /** The row that was chosen before it had come. */
  #awaited: number | null = null;
  /** Whether what was typed is about to be asked for. */
  #asking = false;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    this.needs = new KeyNeeds(gateway);
  }

  /** How many keys the question finds; `null` until Rust has counted them. */
  get total(): number | null {
    return this.#total;
  }

  /** Rows to make room for: while the count is out, one page more than has come. */
  get rows(): number {
    if (this.#total !== null) return this.#total;
    let rows = 0;
    for (const [page, keys] of this.#pages) {
      const full = keys.length === pageSize;
      rows = Math.max(rows, page * pageSize + keys.length + (full ? pageSize : 0));
    }
    return rows;
  }

  get filtered(): boolean {
    const chosen = this.apiSet ?? this.owner ?? this.organization ?? this.rotation ?? this.bundle;
    return this.search.trim() !== "" || this.statuses.length > 0 || chosen !== null;
  }

  get selected(): KeyView | undefined {
    if (this.selectedId === null) return undefined;
    const active = this.row(this.activeIndex);
    if (active?.id === this.selectedId) return active;
    for (const keys of this.#pages.values()) {
      const found = keys.find((key) => key.id === this.selectedId);
      if (found) return found;
    }
    return undefined;
  }

  /** What time asks of the operator, whatever the list is filtered by. */
  get reminders(): { kind: Reminder; keys: number }[] {
    const expiring = this.facets?.statuses.find(({ status }) => status === "expiring")?.keys ?? 0;
    const all: { kind: Reminder; keys: number }[] = [
      { kind: "expiring", keys: expiring },
      { kind: "due", keys: this.needs.due },
      { kind: "under_way", keys: this.needs.underWay },
      { kind: "end_untold", keys: this.needs.endUntold },
      { kind: "in_none", keys: this.needs.inNone },
    ];
    return all.filter(({ keys }) => keys > 0);
  }

  /** Which of the reminders the list shows the keys of. */
  get reminded(): Reminder | null {
    const need = this.rotation ?? this.bundle;
    if (need !== null) return need;
    return this.statuses.length === 1 && this.statuses[0] === "expiring" ? "expiring" : null;
  }

  /** Shows all keys of a reminder, and no others. */
  showReminded(kind: Reminder): void {
    this.search = "";
    if (kind === "expiring") this.filter({ ...unfiltered, statuses: [kind] });
    else if (kind === "in_none" || kind === "end_untold") this.filter({ ...unfiltered, bundle: kind });
    else this.filter({ ...unfiltered, rotation: kind });
  }

  isMarked(index: number): boolean {
    const key = this.row(index);
    return key !== undefined && this.marks.has(key.id);
  }

  /** Chooses a row too or no longer, or those between two that have come; `null` is all that the question finds. */
  mark(rows: { from: number; to: number } | null): void {
    if (rows === null) {
      if (this.#total !== null) this.marks.addAll(this.#query(0), this.#total);
      return;
    }
    const [first, last] = rows.from < rows.to ? [rows.from, rows.to] : [rows.to, rows.from];
    const ids: string[] = [];
    for (let index = first; index <= last; index += 1) {
      const key = this.row(index);
      if (key) ids.push(key.id);
    }
    const [only] = ids;
    if (first === last && only !== undefined) this.marks.toggle(only);
    else this.marks.add(ids);
  }

  row(index: number): KeyView | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** What an identifier stands for that a listed key has. */
  nameOf(key: KeyView, kind: NameKind, id: string): string {
    return this.#told.names.get(nameKey(key.tenant_id, kind, id)) ?? id;
  }

  /** What the rotation of a listed key needs. */
  needOf(id: string): RotationNeed | null {
    return this.#told.rotation.get(id) ?? null;
  }

  /** What services have to be told of a listed key. */
  bundleNeedOf(id: string): BundleNeed | null {
    return this.#told.bundle.get(id) ?? null;
  }

  /** Chooses a key by its identifier, whether it is listed or not. */
  choose(id: string): void {
    this.selectedId = id;
    this.#awaited = null;
    this.#followSelection();
  }

  /** Chooses a row; one that is still to come is chosen when it is there. */
  select(index: number): void {
    this.activeIndex = index;
    const key = this.row(index);
    if (key) this.selectedId = key.id;
    this.#awaited = key ? null : index;
  }

  /** Goes to another tenant, or to all of them with `null`. */
  async open(tenant: string | null): Promise<void> {
    this.#leave(tenant);
    // What counts many keys waits until the first of them stand there.
    const page = this.#ask({ first: true });
    await Promise.all([page, page.then(painted).then(() => this.#askFacets())]);
  }

  /** Goes to a tenant whose first page is there already. Nothing is asked; what is counted, `count` asks for. */
  bring(tenant: string | null, page: KeyPage): void {
    this.#leave(tenant);
    this.#begin();
    this.#generation += 1;
    this.#take(new Map([[0, page]]));
  }

  /** Asks for what is counted, for a list whose first page was brought. */
  async count(): Promise<void> {
    const count = this.#total === null ? this.#count(this.#generation, { total: null, shown: true }) : null;
    await Promise.all([count, this.#askFacets()]);
  }

  /** The same question again: after a change of the profile. What is shown stays until the answer is there. */
  async refresh(): Promise<void> {
    await Promise.all([this.#load(), this.#askFacets()]);
  }

  setSearch(text: string): void {
    this.search = text;
    // At once: an answer takes less time than a pause would. Answers to older questions are dropped.
    if (this.#asking) return;
    this.#asking = true;
    queueMicrotask(() => {
      this.#asking = false;
      void this.#ask();
    });
  }

  filter(change: Partial<Filters>): void {
    if (change.statuses !== undefined) this.statuses = change.statuses;
    if (change.apiSet !== undefined) this.apiSet = change.apiSet;
    if (change.owner !== undefined) this.owner = change.owner;
    if (change.organization !== undefined) this.organization = change.organization;
    if (change.rotation !== undefined) this.rotation = change.rotation;
    if (change.bundle !== undefined) this.bundle = change.bundle;
    void this.#ask();
  }

  clearFilters(): void {
    this.search = "";
    this.filter(unfiltered);
  }

  sortBy(sort: KeySort): void {
    this.descending = this.sort === sort ? !this.descending : !ascendingFirst[sort];
    this.sort = sort;
    void this.#ask();
  }

  /** Says which rows are in view, so that their pages are fetched. */
  show(first: number, last: number): void {
    this.#visible = [Math.floor(first / pageSize), Math.floor(Math.max(first, last) / pageSize)];
    this.#fetchMissing();
  }

  /** The question of the list, whatever its page. */
  get asked(): KeyQuery {
    return { ...this.#query(0), limit: 0 };
  }

  #query(page: number): KeyQuery {
    return {
      tenant: this.tenant,
      search: this.search,
      statuses: this.statuses,
      api_set: this.apiSet,
      owner: this.owner,
      ...(this.organization !== null && { organization: this.organization }),
      ...(this.rotation && { rotation: this.rotation }),
      ...(this.bundle && { bundle: this.bundle }),
      sort: this.sort,
      descending: this.descending,
      offset: page * pageSize,
      limit: pageSize,
    };
  }

  /** Forgets everything about the keys of another tenant. */
  #leave(tenant: string | null): void {
    this.tenant = tenant;
    this.search = "";
    this.statuses = [];
    this.apiSet = null;
    this.owner = null;
    this.organization = null;
    this.rotation = null;
    this.bundle = null;
    this.selectedId = null;
    this.facets = null;
    this.needs.forget();
    this.loaded = false;
    this.#pages = new Map();
    this.#total = null;
  }

  /** Begins with another question. */
  #begin(): void {
    this.#visible = [0, 0];
    // Nobody should change what they do not see any more.
    this.marks.clear();
    this.activeIndex = 0;
    this.#awaited = null;
    this.question += 1;
  }

  async #ask({ first = false } = {}): Promise<void> {
    this.#begin();
    await this.#load({ changed: true, first });
  }

  /** `first`: nothing is shown yet, so that counting, which may be slower than the page, must not hold it up. */
  async #load({ changed = false, first = false } = {}): Promise<void> {
    const generation = ++this.#generation;
    const counted = { total: null as number | null, shown: false };
    this.busy = true;
    const count = first ? null : this.#count(generation, counted);
    await this.#loadPages(generation, changed, counted);
    if (count) await count;
    else if (this.#total === null) {
      await painted();
      await this.#count(generation, counted);
    }
  }

  async #loadPages(generation: number, changed: boolean, counted: Counted): Promise<void> {
    const [first, last] = this.#visible;
    this.#asked = new Set();
    for (let page = first; page <= last; page += 1) this.#asked.add(page);
    try {
      const asked = [...this.#asked];
      const answers = await Promise.all(
        asked.map(async (page) => [page, await this.#gateway.keyList(this.#query(page))] as const),
      );
      if (generation !== this.#generation) return;
      counted.shown = true;
      this.#take(new Map(answers), counted.total, changed ? null : this.#total);
      this.#fetchMissing();
    } catch (reason) {
      this.#failed(generation, reason);
    }
  }

  /** Shows these pages and no others. How many keys there are: what was counted, or what the pages tell, or as before. */
  #take(answers: ReadonlyMap<number, KeyPage>, counted: number | null = null, before: number | null = null): void {
    const pages = new Map([...answers].map(([page, { keys }]) => [page, keys]));
    this.#told = withTold(nothingTold, [...answers.values()]);
    this.#asked.clear();
    this.#pages = pages;
    this.#total = counted ?? this.#exactTotal(pages) ?? before;
    this.problem = null;
    this.loaded = true;
    this.busy = false;
    this.#followSelection();
  }

  /** The page never waits for the count; a count that comes first waits for the page. */
  async #count(generation: number, counted: Counted): Promise<void> {
    if (generation !== this.#generation) return;
    try {
      const { total } = await this.#gateway.keyCount(this.#query(0));
      if (generation !== this.#generation) return;
      counted.total = total;
      if (counted.shown) this.#total = total;
    } catch (reason) {
      this.#failed(generation, reason);
    }
  }

  async #askFacets(): Promise<void> {
    const { tenant } = this;
    try {
      const facets = await this.#gateway.keyFacets(tenant);
      if (tenant !== this.tenant) return;
      this.facets = facets;
      await this.needs.ask(tenant);
    } catch {
      // The filters stay as they were; a lost profile is reported by the list itself.
    }
  }

  /** A page that is not full is the last one. */
  #exactTotal(pages: ReadonlyMap<number, KeyView[]>): number | null {
    for (const [page, keys] of pages) {
      if (keys.length < pageSize && (keys.length > 0 || page === 0)) return page * pageSize + keys.length;
    }
    return null;
  }

  #followSelection(): void {
    if (this.row(this.activeIndex)?.id === this.selectedId) return;
    for (const [page, keys] of this.#pages) {
      const index = keys.findIndex((key) => key.id === this.selectedId);
      if (index >= 0) {
        this.activeIndex = page * pageSize + index;
        return;
      }
    }
    this.activeIndex = Math.max(0, Math.min(this.activeIndex, this.rows - 1));
  }

  #fetchMissing(): void {
    const [first, last] = this.#visible;
    for (let page = first; page <= last; page += 1) {
      if (this.#asked.size >= questionsAtOnce) return;
      if (!this.#pages.has(page) && !this.#asked.has(page) && page * pageSize < this.rows) void this.#fetch(page);
    }
  }

  async #fetch(page: number): Promise<void> {
    const generation = this.#generation;
    this.#asked.add(page);
    try {
      const answer = await this.#gateway.keyList(this.#query(page));
      const { keys } = answer;
      if (generation !== this.#generation) return;
      this.#told = withTold(this.#told, [answer]);
      const pages = new Map(this.#pages).set(page, keys);
      this.#pages = this.#prune(pages);
      if (this.#awaited === this.activeIndex) this.select(this.activeIndex);
    } catch (reason) {
      this.#failed(generation, reason);
    } finally {
      if (generation === this.#generation) {
        this.#asked.delete(page);
        if (this.problem === null) this.#fetchMissing();
      }
    }
  }

  #prune(pages: Map<number, KeyView[]>): Map<number, KeyView[]> {
    const middle = (this.#visible[0] + this.#visible[1]) / 2;
    const farthest = [...pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const page of farthest.slice(0, Math.max(0, pages.size - pagesKept))) pages.delete(page);
    return pages;
  }

  #failed(generation: number, reason: unknown): void {
    if (generation !== this.#generation) return;
    this.problem = toLatchkeyError(reason);
    this.busy = false;
    this.loaded = true;
  }
}
