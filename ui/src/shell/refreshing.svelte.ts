import {
  type Gateway,
  type LatchkeyError,
  type RefreshProgress,
  type TenantRefresh,
  toLatchkeyError,
  type Unlisten,
} from "../lib/ipc";
import { Newest } from "../lib/newest";

/** With many tenants steps come thick and fast: the window looks so often at most. */
const pause = 100;

const idle: RefreshProgress = { done: 0, total: 0, under_way: [] };

/** Which remote tenants' servers are being asked for their keys, how far that is, and why it failed last. */
export class Refreshing {
  progress = $state.raw<RefreshProgress>(idle);
  problems = $state.raw<ReadonlyMap<string, LatchkeyError>>(new Map());

  readonly #gateway: Gateway;
  readonly #progress = new Newest();
  /** Asked for by this window, and not told of yet. */
  #asked = $state.raw<ReadonlySet<string>>(new Set());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Rust may have begun before the window looks for the first time. */
  async listen(): Promise<Unlisten> {
    const unlisten = await this.#gateway.on("refresh-progress", () => {
      this.#timer ??= setTimeout(() => void this.#look(), pause);
    });
    await this.#look();
    return () => {
      clearTimeout(this.#timer);
      unlisten();
    };
  }

  /** How far the refresh of a tenant is; `null` where none is under way. */
  of(tenant: string): TenantRefresh | null {
    const told = this.progress.under_way.filter((one) => one.tenant === tenant).at(-1);
    if (told) return told;
    return this.#asked.has(tenant) ? { tenant, begun: true, keys: 0, waiting: null, cancelling: false } : null;
  }

  async run(tenant: string): Promise<void> {
    if (this.#asked.has(tenant)) return;
    this.#asked = new Set([...this.#asked, tenant]);
    this.#tell(tenant, null);
    try {
      await this.#gateway.tenantSync(tenant);
    } catch (reason) {
      this.#tell(tenant, toLatchkeyError(reason));
    } finally {
      this.#asked = new Set([...this.#asked].filter((one) => one !== tenant));
      await this.#look();
    }
  }

  /** Fails as the program does where none can be asked; what keeps a single one from it is said there. */
  async all(): Promise<void> {
    try {
      for (const { tenant, problem } of await this.#gateway.tenantSyncAll()) {
        this.#tell(tenant, problem ? toLatchkeyError(problem) : null);
      }
    } finally {
      await this.#look();
    }
  }

  /** One, or all. */
  async cancel(tenant: string | null): Promise<void> {
    await this.#gateway.refreshCancel(tenant);
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const told = await this.#progress.ask(() => this.#gateway.refreshProgress());
      if (told) this.progress = told.answer;
    } catch {
      // Nothing is known of it: what is asked next says why.
      this.progress = idle;
    }
  }

  #tell(tenant: string, problem: LatchkeyError | null): void {
    const problems = new Map(this.problems);
    problems.delete(tenant);
    // Who cancels knows it.
    if (problem && problem.code !== "cancelled") problems.set(tenant, problem);
    this.problems = problems;
  }
}
