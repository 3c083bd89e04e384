import { waitFor } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";

import type { Gateway, KeyFacets, Opening, RefreshProgress, TenantView } from "../lib/ipc";
import { KeyList } from "../features/keys/key-list.svelte";
import { MemoryGateway } from "../lib/ipc/memory";
import { Refreshing } from "./refreshing.svelte";
import { Workspace } from "./workspace.svelte";

/** A program whose answers to one question come when the test says so. */
function held<T>(): { question: () => Promise<T>; answers: ((answer: T) => void)[] } {
  const answers: ((answer: T) => void)[] = [];
  return { question: () => new Promise((resolve) => answers.push(resolve)), answers };
}

const names = (workspace: Workspace): string[] => workspace.tenants.map(({ name }) => name);

describe("answers that are overtaken", () => {
  it("do not take a tenant away that was added since", async () => {
    const memory = new MemoryGateway();
    const { question, answers } = held<TenantView[]>();
    const workspace = new Workspace(memory.gateway);
    await workspace.open();
    const before = workspace.tenants;

    const slow: Gateway = { ...memory.gateway, tenantList: question };
    Object.assign(workspace, { gateway: slow });
    const looking = workspace.refresh();
    await waitFor(() => expect(answers).toHaveLength(1));
    const added = await memory.gateway.tenantAdd({ name: "New quay", prefix: null, template: null });
    workspace.added(added);
    workspace.goTo({ view: "keys", tenant: added.id });
    answers[0]?.(before);
    await looking;

    expect(names(workspace)).toContain("New quay");
    expect(workspace.tenant?.name).toBe("New quay");
    await workspace.close();
  });

  it("leave a newer list of tenants alone", async () => {
    const memory = new MemoryGateway();
    const { question, answers } = held<TenantView[]>();
    const workspace = new Workspace(memory.gateway);
    await workspace.open();
    const all = workspace.tenants;
    Object.assign(workspace, { gateway: { ...memory.gateway, tenantList: question } });
    const looks = [workspace.refresh(), workspace.refresh()];
    await waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.(all);
    answers[0]?.([]);
    await Promise.all(looks);
    expect(workspace.tenants).toEqual(all);
    await workspace.close();
  });

  it("do not show a refresh that has ended", async () => {
    const memory = new MemoryGateway();
    const { question, answers } = held<RefreshProgress>();
    const refreshing = new Refreshing({ ...memory.gateway, refreshProgress: question });
    const idle: RefreshProgress = { done: 0, total: 0, under_way: [] };
    const listening = refreshing.listen();
    await waitFor(() => expect(answers).toHaveLength(1));
    const asking = refreshing.all();
    await waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.(idle);
    await asking;
    answers[0]?.({ done: 1, total: 2, under_way: [] });
    (await listening)();
    expect(refreshing.progress).toEqual(idle);
  });
});

describe("the window is to be closed", () => {
  it("is known to whoever shows a key that is not saved, even if it comes a moment later", async () => {
    const memory = new MemoryGateway();
    const workspace = new Workspace(memory.gateway);
    await workspace.open();
    await vi.waitFor(() => {
      memory.emit("close-requested");
      expect(workspace.closeRequested).toBe(true);
    });
    await workspace.close();
  });
});

describe("what the page brought", () => {
  /** All that the program would answer. */
  async function brought({ gateway }: MemoryGateway): Promise<Opening> {
    const asked = new Workspace(gateway);
    await asked.open();
    const limit = 100;
    const keys = await gateway.keyList({ ...asked.keys.asked, limit });
    const { tenants, connectors } = asked;
    await asked.close();
    return { profile: await gateway.profileView(), tenants, connectors, tenant: null, keys, limit };
  }

  it("is shown without a question, and whether it holds is asked after that", async () => {
    const memory = new MemoryGateway();
    const opening = await brought(memory);
    memory.calls.length = 0;
    const workspace = new Workspace(memory.gateway);
    await workspace.open(opening);

    expect(workspace.profile).toEqual(opening.profile);
    expect(workspace.tenants).toEqual(opening.tenants);
    expect(workspace.keys.loaded).toBe(true);
    expect(workspace.keys.row(0)).toEqual(opening.keys.keys[0]);
    const asked = new Set(memory.calls.map(({ method }) => method));
    expect(asked).toContain("openingHolds");
    for (const method of ["profileView", "tenantList", "connectorList", "keyList"]) expect(asked).not.toContain(method);
    await workspace.close();
  });

  it("is listened beside before anything was counted", async () => {
    const memory = new MemoryGateway();
    const opening = await brought(memory);
    const { question } = held<KeyFacets>();
    const workspace = new Workspace({ ...memory.gateway, keyFacets: question });
    void workspace.open(opening);
    await vi.waitFor(() => {
      memory.emit("close-requested");
      expect(workspace.closeRequested).toBe(true);
    });
    await workspace.close();
  });

  it("is asked for anew where something was changed meanwhile", async () => {
    const memory = new MemoryGateway();
    const opening = await brought(memory);
    const added = await memory.gateway.tenantAdd({ name: "New quay", prefix: null, template: null });
    const workspace = new Workspace({ ...memory.gateway, openingHolds: () => Promise.resolve(false) });
    await workspace.open(opening);

    expect(names(workspace)).toContain(added.name);
    await workspace.close();
  });

  it("is the tenant that was open last", async () => {
    const memory = new MemoryGateway();
    const all = await brought(memory);
    const tenant = all.tenants[0]!;
    const keys = await memory.gateway.keyList({ ...new KeyList(memory.gateway).asked, tenant: tenant.id, limit: 100 });
    const workspace = new Workspace(memory.gateway);
    memory.calls.length = 0;
    await workspace.open({ ...all, tenant: tenant.id, keys });

    expect(workspace.tenant?.name).toBe(tenant.name);
    expect(workspace.keys.row(0)?.tenant_id).toBe(tenant.id);
    expect(memory.callsOf("keyList")).toEqual([]);
    expect(memory.callsOf("keyFacets")).toEqual([[tenant.id]]);
    await workspace.close();
  });
});

describe("the tenant that was open last", () => {
  it("is remembered as the last one of several", async () => {
    const memory = new MemoryGateway();
    const { question, answers } = held<void>();
    const told: (string | null)[] = [];
    const placeRemember = (tenant: string | null): Promise<void> => {
      told.push(tenant);
      return question();
    };
    const workspace = new Workspace({ ...memory.gateway, placeRemember });
    await workspace.open();
    const [first, second] = workspace.tenants.map(({ id }) => id);
    workspace.goTo({ view: "keys", tenant: first! });
    workspace.goTo({ view: "settings" });
    workspace.goTo({ view: "keys", tenant: second! });
    await vi.waitFor(() => expect(told).toEqual([first]));
    answers[0]?.();
    await vi.waitFor(() => expect(told).toEqual([first, second]));
    await workspace.close();
  });

  it("comes back once the vault is unlocked", async () => {
    const memory = new MemoryGateway();
    const tenant = (await memory.gateway.tenantList())[1]!;
    memory.lastTenant = tenant.id;
    memory.fail("placeLast", { code: "vault_locked" });
    const workspace = new Workspace(memory.gateway);
    await workspace.open();
    expect(workspace.tenant).toBeNull();
    await workspace.ready(await memory.gateway.profileView());
    expect(workspace.tenant?.name).toBe(tenant.name);
    await workspace.close();
  });

  it("does not take anybody back who has gone elsewhere", async () => {
    const memory = new MemoryGateway();
    const { question, answers } = held<string | null>();
    const workspace = new Workspace({ ...memory.gateway, placeLast: question });
    const opening = workspace.open();
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    workspace.goTo({ view: "audit" });
    answers[0]?.((await memory.gateway.tenantList())[0]!.id);
    await opening;
    expect(workspace.place).toEqual({ view: "audit" });
    await workspace.close();
  });
});
