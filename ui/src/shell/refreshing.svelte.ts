import { type Gateway, type LatchkeyError, toLatchkeyError } from "../lib/ipc";

/** Which remote tenants' servers are being asked for their keys, and why it failed last. */
export class Refreshing {
  busy = $state.raw<ReadonlySet<string>>(new Set());
  problems = $state.raw<ReadonlyMap<string, LatchkeyError>>(new Map());

  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  async run(tenant: string): Promise<void> {
    if (this.busy.has(tenant)) return;
    this.busy = new Set([...this.busy, tenant]);
    this.#tell(tenant, null);
    try {
      await this.#gateway.tenantSync(tenant);
    } catch (reason) {
      this.#tell(tenant, toLatchkeyError(reason));
    } finally {
      this.busy = new Set([...this.busy].filter((one) => one !== tenant));
    }
  }

  #tell(tenant: string, problem: LatchkeyError | null): void {
    const problems = new Map(this.problems);
    problems.delete(tenant);
    if (problem) problems.set(tenant, problem);
    this.problems = problems;
  }
}
