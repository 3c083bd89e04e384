import {
  type Gateway,
  type LatchkeyError,
  type OrganizationView,
  toLatchkeyError,
  type UserGroupView,
} from "../../lib/ipc";

/** An organization or a user group as the editor has it; `null` permissions are all of them. */
export type Member = OrganizationView | UserGroupView;

export type Kind = "organization" | "group";

export interface MemberDraft {
  id: string | null;
  name: string;
  permissions: string[] | null;
}

/** The organizations and the user groups of one tenant. */
export class Members {
  organizations = $state.raw<OrganizationView[]>([]);
  groups = $state.raw<UserGroupView[]>([]);
  problem = $state.raw<LatchkeyError | null>(null);
  loaded = $state(false);

  readonly #gateway: Gateway;
  readonly #tenant: string;

  constructor(gateway: Gateway, tenant: string) {
    this.#gateway = gateway;
    this.#tenant = tenant;
  }

  async load(): Promise<void> {
    try {
      [this.organizations, this.groups] = await Promise.all([
        this.#gateway.organizationList(this.#tenant),
        this.#gateway.groupList(this.#tenant),
      ]);
      this.problem = null;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    } finally {
      this.loaded = true;
    }
  }

  /** Adds what has no identifier yet, and changes what has one. */
  async write(kind: Kind, draft: MemberDraft): Promise<void> {
    const isNew = draft.id === null;
    if (kind === "organization") {
      await (isNew
        ? this.#gateway.organizationAdd(this.#tenant, draft)
        : this.#gateway.organizationEdit(this.#tenant, draft));
    } else {
      const group = { ...draft, permissions: draft.permissions ?? [] };
      await (isNew ? this.#gateway.groupAdd(this.#tenant, group) : this.#gateway.groupEdit(this.#tenant, group));
    }
    await this.load();
  }

  async remove(kind: Kind, id: string): Promise<void> {
    if (kind === "organization") await this.#gateway.organizationRemove(this.#tenant, id);
    else await this.#gateway.groupRemove(this.#tenant, id);
    await this.load();
  }
}
