import { type EventView, type Gateway, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";

const pageSize = 100;

/** The audit log, newest first, as far back as it was scrolled. */
export class AuditLog {
  events = $state.raw<EventView[]>([]);
  problem = $state.raw<LatchkeyError | null>(null);
  busy = $state(false);
  loaded = $state(false);
  /** Whether the first event of all has come. */
  complete = $state(false);

  readonly #gateway: Gateway;
  /** Something happened that the answers under way may not know. */
  #again = false;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Fetches the next page; harmless while one is under way. */
  async more(): Promise<void> {
    if (this.busy || this.complete) return;
    await this.#work(async () => {
      const before = this.events.at(-1)?.sequence ?? null;
      const page = await this.#gateway.auditList(before, pageSize);
      this.events = [...this.events, ...page];
      this.complete = page.length < pageSize;
    });
  }

  /** Puts what happened since on top; what was scrolled to stays. What happens while it is busy is fetched after that. */
  async refresh(): Promise<void> {
    if (this.busy) {
      this.#again = true;
      return;
    }
    await this.#work(async () => {
      const newest = this.events[0]?.sequence ?? 0;
      const fresh: EventView[] = [];
      let before: number | null = null;
      for (;;) {
        const page: EventView[] = await this.#gateway.auditList(before, pageSize);
        const unseen = page.filter((event) => event.sequence > newest);
        fresh.push(...unseen);
        const reachedStart = page.length < pageSize;
        if (this.events.length === 0) this.complete = reachedStart;
        if (unseen.length < pageSize || this.events.length === 0) break;
        before = page.at(-1)?.sequence ?? null;
      }
      this.events = [...fresh, ...this.events];
    });
  }

  async #work(task: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await task();
      this.problem = null;
      this.loaded = true;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    } finally {
      this.busy = false;
    }
    if (!this.#again) return;
    this.#again = false;
    await this.refresh();
  }
}
