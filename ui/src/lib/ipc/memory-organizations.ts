/** Templates, organizations and user groups of the in-memory program. */
import type {
  AccessView,
  Conventions,
  EventKind,
  Named,
  OrganizationView,
  Permission,
  Template,
  TenantNames,
  UserGroupView,
} from "./bindings";
import type { Gateway } from "./gateway";
import { defaultPolicy, type StoredMember, type StoredTenant, type World } from "./memory-fixture";
import { fail, failField } from "./memory-rules";
import { memoryTemplates, noConventions } from "./memory-templates";

type Method = Exclude<keyof Gateway, "on">;

type Answering = <A extends unknown[], T>(method: Method, work: (...args: A) => T) => (...args: A) => Promise<T>;
type Logging = (kind: EventKind, tenant: string, subject: string) => void;

export function conventionsOf(tenant: StoredTenant): Conventions {
  return tenant.conventions ?? noConventions;
}

export function namedTemplate(id: string | null): Template {
  return (
    memoryTemplates.find((template) => template.id === (id ?? "blank")) ?? failField("template", { rule: "unknown" })
  );
}

export function fromTemplate(
  template: Template,
): Pick<StoredTenant, "format" | "policy" | "apiSets" | "conventions" | "organizations" | "userGroups"> {
  return {
    format: template.key_format,
    policy: { ...defaultPolicy, ...template.policy },
    apiSets: structuredClone(template.api_sets),
    conventions: structuredClone(template.conventions),
    organizations: structuredClone(template.organizations),
    userGroups: structuredClone(template.user_groups),
  };
}

export function headerOf(tenant: StoredTenant): string | null {
  const headers = {
    raw: null,
    bearer: "Authorization: Bearer",
    x_api_key: "X-API-Key:",
    authorization: "Authorization:",
  };
  return headers[conventionsOf(tenant).presentation];
}

export function membership(
  tenant: StoredTenant,
  organization: string | null | undefined,
  groups: string[] | null | undefined,
): { organization: string | null; groups: string[] } {
  const { organizations = [], userGroups = [] } = tenant;
  const conventions = conventionsOf(tenant);
  if (!organization && (conventions.organizations || organizations.length > 0)) {
    failField("organization", { rule: "required" });
  }
  if (!groups?.length && (conventions.user_groups || userGroups.length > 0)) failField("groups", { rule: "required" });
  return { organization: organization ?? null, groups: groups ?? [] };
}

/** What identifiers stand for. */
export function namesIn(tenant: StoredTenant): TenantNames {
  const named = ({ id, name }: { id: string; name: string | null }): Named => ({ id, name: name ?? id });
  return {
    tenant_id: tenant.id,
    api_sets: tenant.apiSets.map(named),
    organizations: (tenant.organizations ?? []).map(named),
    groups: (tenant.userGroups ?? []).map(named),
  };
}

export function accessIn(
  tenant: StoredTenant,
  organization: string | null,
  groups: string[],
  apiSets: string[],
): AccessView {
  const conventions = conventionsOf(tenant);
  const own = (tenant.userGroups ?? []).filter((group) => groups.includes(group.id));
  const belongs = tenant.organizations?.find((one) => one.id === organization);
  const carried = [...new Set(own.flatMap((group) => group.permissions ?? []))];
  const allowed = (id: string): boolean => belongs?.permissions?.includes(id) ?? true;
  const named = (id: string): Permission =>
    conventions.permissions.find((permission) => permission.id === id) ?? { id, name: id, opens: "" };
  return {
    api_sets: tenant.apiSets.filter(({ id }) => apiSets.includes(id)).map(({ id, name }) => name ?? id),
    organization: belongs?.name ?? null,
    groups: own.map((group) => group.name),
    everything:
      (conventions.everything !== null && apiSets.includes(conventions.everything)) ||
      (apiSets.length === 0 && conventions.no_api_sets === "everything"),
    by_groups: conventions.user_groups || (tenant.userGroups ?? []).length > 0,
    permissions: carried.filter(allowed).map(named),
    withheld: carried.filter((id) => !allowed(id)).map(named),
  };
}

type Methods = Pick<
  Gateway,
  | "organizationList"
  | "organizationAdd"
  | "organizationEdit"
  | "organizationRemove"
  | "groupList"
  | "groupAdd"
  | "groupEdit"
  | "groupRemove"
  | "accessOf"
  | "templateList"
  | "templateOpen"
  | "templateSave"
>;

export function memberMethods(answer: Answering, world: World, log: Logging): Methods {
  const tenantOf = (id: string): StoredTenant =>
    world.tenants.find((tenant) => tenant.id === id) ?? fail("not_found", "No such tenant.");
  const keysOf = (tenant: StoredTenant, belongs: "organization" | "groups", id: string): number =>
    world.keys.filter((key) => key.tenant_id === tenant.id && [key[belongs]].flat().includes(id)).length;

  /** Adds what has no identifier yet, else changes it. */
  const put = (members: StoredMember[], draft: Omit<StoredMember, "id"> & { id: string | null }): StoredMember => {
    const name = draft.name.trim() || failField("name", { rule: "required" });
    const id = draft.id ?? name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-");
    if (members.some((other) => other.id !== draft.id && other.name.toLowerCase() === name.toLowerCase())) {
      failField("name", { rule: "taken" });
    }
    const existing = members.find((other) => other.id === id);
    const member = { id, name, permissions: draft.permissions };
    if (existing) return Object.assign(existing, member);
    members.push(member);
    return member;
  };
  const drop = (members: StoredMember[], id: string): string => {
    const at = members.findIndex((member) => member.id === id);
    if (at < 0) fail("not_found", "No such organization or group.");
    return members.splice(at, 1)[0]?.name ?? id;
  };
  const organization = (tenant: StoredTenant, one: StoredMember): OrganizationView => ({
    ...one,
    keys: keysOf(tenant, "organization", one.id),
  });
  const group = (tenant: StoredTenant, one: StoredMember): UserGroupView => ({
    ...one,
    permissions: one.permissions ?? [],
    keys: keysOf(tenant, "groups", one.id),
  });
  const organizations = (id: string): StoredMember[] => (tenantOf(id).organizations ??= []);
  const groups = (id: string): StoredMember[] => (tenantOf(id).userGroups ??= []);

  const writeOrganization =
    (kind: EventKind) =>
    (id: string, draft: Parameters<Gateway["organizationAdd"]>[1]): OrganizationView => {
      const written = put(organizations(id), draft);
      log(kind, tenantOf(id).name, written.name);
      return organization(tenantOf(id), written);
    };
  const writeGroup =
    (kind: EventKind) =>
    (id: string, draft: Parameters<Gateway["groupAdd"]>[1]): UserGroupView => {
      const written = put(groups(id), draft);
      log(kind, tenantOf(id).name, written.name);
      return group(tenantOf(id), written);
    };

  return {
    organizationList: answer("organizationList", (id: string) =>
      organizations(id).map((one) => organization(tenantOf(id), one)),
    ),
    organizationAdd: answer("organizationAdd", writeOrganization("organization_added")),
    organizationEdit: answer("organizationEdit", writeOrganization("organization_edited")),
    organizationRemove: answer("organizationRemove", (id: string, member: string) => {
      log("organization_removed", tenantOf(id).name, drop(organizations(id), member));
    }),
    groupList: answer("groupList", (id: string) => groups(id).map((one) => group(tenantOf(id), one))),
    groupAdd: answer("groupAdd", writeGroup("user_group_added")),
    groupEdit: answer("groupEdit", writeGroup("user_group_edited")),
    groupRemove: answer("groupRemove", (id: string, member: string) => {
      log("user_group_removed", tenantOf(id).name, drop(groups(id), member));
    }),
    accessOf: answer("accessOf", (query: Parameters<Gateway["accessOf"]>[0]) =>
      accessIn(tenantOf(query.tenant), query.organization, query.groups, query.api_sets),
    ),
    templateList: answer("templateList", () => memoryTemplates),
    templateOpen: answer("templateOpen", (): Template | null => ({
      ...namedTemplate("documoto"),
      id: "own",
      name: "Spare parts",
    })),
    templateSave: answer("templateSave", (id: string) => ({
      path: `/home/port/${tenantOf(id).name}.template.json` as string | null,
    })),
  };
}
