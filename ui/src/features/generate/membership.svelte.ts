import {
  type AccessQuery,
  type AccessView,
  type Gateway,
  type LatchkeyError,
  type OrganizationView,
  type TenantView,
  toLatchkeyError,
  type UserGroupView,
} from "../../lib/ipc";
import { Newest } from "../../lib/newest";

/** Where a new key belongs, and what it may do by that. */
export class Membership {
  organization = $state("");
  groups = $state.raw<string[]>([]);
  /** `null` until they have been read. */
  organizations = $state.raw<OrganizationView[] | null>(null);
  userGroups = $state.raw<UserGroupView[] | null>(null);
  access = $state.raw<AccessView | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);

  readonly #gateway: Gateway;
  readonly #tenant: TenantView;
  readonly #asking = new Newest();

  constructor(gateway: Gateway, tenant: TenantView) {
    this.#gateway = gateway;
    this.#tenant = tenant;
  }

  get wantsOrganization(): boolean {
    return this.#tenant.conventions.organizations || (this.organizations?.length ?? this.#tenant.organizations) > 0;
  }

  get wantsGroups(): boolean {
    return this.#tenant.conventions.user_groups || (this.userGroups?.length ?? this.#tenant.user_groups) > 0;
  }

  /** Whether there is nothing yet of what a key has to belong to. */
  get lacks(): boolean {
    return (
      (this.wantsOrganization && this.organizations?.length === 0) ||
      (this.wantsGroups && this.userGroups?.length === 0)
    );
  }

  get draft(): { organization?: string; groups?: string[] } {
    return {
      ...(this.wantsOrganization && this.organization !== "" && { organization: this.organization }),
      ...(this.wantsGroups && { groups: this.groups }),
    };
  }

  async load(): Promise<void> {
    if (!this.wantsOrganization && !this.wantsGroups) return;
    this.problem = null;
    try {
      const [organizations, groups] = await Promise.all([
        this.#gateway.organizationList(this.#tenant.id),
        this.#gateway.groupList(this.#tenant.id),
      ]);
      this.organizations = organizations;
      this.userGroups = groups;
      // Some may have been removed in the meantime; where there is only one organization, nobody has to choose.
      const [only] = organizations;
      if (!organizations.some(({ id }) => id === this.organization)) {
        this.organization = organizations.length === 1 && only ? only.id : "";
      }
      this.groups = this.groups.filter((id) => groups.some((group) => group.id === id));
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }

  /** Asks what a key with these API sets would be able to do. The last question counts. */
  async ask(apiSets: string[]): Promise<void> {
    const question: AccessQuery = {
      tenant: this.#tenant.id,
      organization: this.organization || null,
      groups: this.groups,
      api_sets: apiSets,
    };
    try {
      const told = await this.#asking.ask(() => this.#gateway.accessOf(question));
      if (told) this.access = told.answer;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }
}
