import type { BundleNeed, Gateway, KeyQuery, RotationNeed } from "../../lib/ipc";
import { Newest } from "../../lib/newest";

/** How many keys of a tenant, or of all, need something: for their rotation, or to be told to services. */
export class KeyNeeds {
  due = $state(0);
  underWay = $state(0);
  inNone = $state(0);
  endUntold = $state(0);

  readonly #gateway: Gateway;
  readonly #asking = new Newest();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Another tenant's are not this one's. */
  forget(): void {
    this.#asking.overtake();
    this.due = 0;
    this.underWay = 0;
    this.inNone = 0;
    this.endUntold = 0;
  }

  async ask(tenant: string | null): Promise<void> {
    const count = async (need: { rotation: RotationNeed } | { bundle: BundleNeed }): Promise<number> => {
      const query: KeyQuery = {
        tenant,
        search: "",
        statuses: [],
        api_set: null,
        owner: null,
        ...need,
        sort: "created",
        descending: true,
        offset: 0,
        limit: 0,
      };
      return (await this.#gateway.keyCount(query)).total;
    };
    try {
      const told = await this.#asking.ask(() =>
        Promise.all([
          count({ rotation: "due" }),
          count({ rotation: "under_way" }),
          count({ bundle: "in_none" }),
          count({ bundle: "end_untold" }),
        ]),
      );
      if (told) [this.due, this.underWay, this.inNone, this.endUntold] = told.answer;
    } catch {
      // What was known stays; a lost profile is reported by the list itself.
    }
  }
}
