import type { Gateway, KeyQuery, RotationNeed } from "../../lib/ipc";

/** How many keys of a tenant, or of all, need something for their rotation. */
export class RotationNeeds {
  due = $state(0);
  underWay = $state(0);

  readonly #gateway: Gateway;
  #generation = 0;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Another tenant's are not this one's. */
  forget(): void {
    this.#generation += 1;
    this.due = 0;
    this.underWay = 0;
  }

  async ask(tenant: string | null): Promise<void> {
    const generation = ++this.#generation;
    const count = async (rotation: RotationNeed): Promise<number> => {
      const query: KeyQuery = {
        tenant,
        search: "",
        statuses: [],
        api_set: null,
        owner: null,
        rotation,
        sort: "created",
        descending: true,
        offset: 0,
        limit: 0,
      };
      return (await this.#gateway.keyCount(query)).total;
    };
    try {
      const [due, underWay] = await Promise.all([count("due"), count("under_way")]);
      if (generation !== this.#generation) return;
      this.due = due;
      this.underWay = underWay;
    } catch {
      // What was known stays; a lost profile is reported by the list itself.
    }
  }
}
