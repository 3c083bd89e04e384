import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { type ErrorBody, gatewayContext, type RemoteView } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import RemoteBar from "./RemoteBar.svelte";

const over: ErrorBody = { code: "remote_sign_in", message: "The session is over.", hint: null, field: null };

async function bar(remote: Partial<RemoteView> = {}, memory = new MemoryGateway()) {
  const draft = { connector: "documenso-session", url: "https://a.example", options: { team: "7" }, plain_http: false };
  const tenant = await memory.gateway.tenantAddSignedIn({ ...draft, name: "Office" });
  const connector = (await memory.gateway.connectorList()).find(({ id }) => id === draft.connector) ?? null;
  const calls = {
    onrefresh: vi.fn(),
    oncancel: vi.fn(),
    oncredential: vi.fn(),
    onconnection: vi.fn(),
    onunanswered: vi.fn(),
  };
  const props = {
    tenant: { ...tenant, remote: { ...tenant.remote!, ...remote } },
    connector,
    refresh: null,
    problem: null,
    ...calls,
  };
  const view = render(RemoteBar, { props, context: gatewayContext(memory.gateway) });
  await screen.findByRole("button", { name: /^Sign in/ });
  return { ...view, ...calls, memory, tenant, user: userEvent.setup() };
}

describe("a tenant whose server somebody has signed in to", () => {
  it("signs in again and out, and takes no credential", async () => {
    const { user, memory, tenant, oncredential, container } = await bar();
    expect(screen.queryByRole("button", { name: "New credential…" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Sign in again…" }));
    expect(oncredential).toHaveBeenCalledOnce();
    await user.click(screen.getByRole("button", { name: "Sign out" }));
    expect(memory.callsOf("tenantSignOut")).toEqual([[tenant.id]]);
    expect(await axeViolations(container)).toEqual([]);
  });

  it("says where the server could not be told", async () => {
    const memory = new MemoryGateway();
    memory.remotes.away = {
      ...over,
      code: "remote_unreachable",
      message: "what Rust said",
      server: { host: "a.example", fault: "trouble", status: 503, seconds: null, said: null, advice: null },
    };
    const { user } = await bar({}, memory);
    await user.click(screen.getByRole("button", { name: "Sign out" }));
    expect(await screen.findByText(/it may go on there: a\.example is in trouble \(status 503\)\./)).toBeVisible();
  });

  it("offers to sign in where the session is over", async () => {
    const { container, user, oncredential } = await bar({ problem: over });
    expect(screen.getByText(/^Nobody is signed in to the server, or the session is over\./)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Sign in again…" }));
    expect(oncredential).toHaveBeenCalledOnce();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    expect(screen.getByRole("button", { name: "Refresh" })).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("tries again where it is another trouble", async () => {
    const { user, onrefresh } = await bar({ problem: { ...over, code: "remote_unreachable" } });
    expect(screen.getAllByRole("button", { name: "Sign in again…" })).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(onrefresh).toHaveBeenCalledOnce();
  });

  it("says that nobody is signed in", async () => {
    const { container, user, oncredential } = await bar({ signed_in: false, problem: over });
    expect(screen.getByText("Nobody is signed in")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Sign out" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Sign in…" }));
    expect(oncredential).toHaveBeenCalledOnce();
    expect(await axeViolations(container)).toEqual([]);
  });
});
