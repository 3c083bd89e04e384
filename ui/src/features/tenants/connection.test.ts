import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { type ConnectionView, gatewayContext, LatchkeyError } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import AddTenantDialog from "./AddTenantDialog.svelte";
import ConnectionDialog from "./ConnectionDialog.svelte";

const unchanged = { authorities: null, client_certificate: null, proxy: null };
const draft = { connector: "docspace", url: "https://a.example/", options: {}, plain_http: false, name: "Portal" };

/** The dialog of a tenant that is there. */
async function changing(memory = new MemoryGateway(), view: Partial<ConnectionView> = {}) {
  const tenant = await memory.gateway.tenantAddRemote(draft, { key: "old" });
  const before = await memory.gateway.tenantConnection(tenant.id);
  memory.connections.views.set(tenant.id, { ...before, ...view });
  const calls = { onclose: vi.fn(), onsaved: vi.fn() };
  const shown = render(ConnectionDialog, { props: { tenant, ...calls }, context: gatewayContext(memory.gateway) });
  const address = await screen.findByLabelText(/^Portal/);
  await waitFor(() => expect(address).toHaveFocus());
  const saved = () => memory.callsOf("tenantConnectionSave").at(-1);
  return { ...shown, ...calls, memory, tenant, address, saved, user: userEvent.setup() };
}

const save = () => screen.getByRole("button", { name: "Save" });

describe("the connection of a tenant", () => {
  it("shows the files that were chosen, and hands none of them to the web view", async () => {
    const { user, container, saved, tenant, onsaved } = await changing();
    await user.click(screen.getByRole("button", { name: "Choose authorities…" }));
    const authorities = screen.getByRole("group", { name: "Own authorities" });
    expect(await within(authorities).findByText("Harbour Authority Root")).toBeVisible();
    expect(authorities).toHaveTextContent("Until 1 May 2031");
    expect(authorities).toHaveTextContent("4F:0C:19:A2");
    await user.click(screen.getByRole("button", { name: "Choose certificate…" }));
    expect(await screen.findByText("Desk 4")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(save());
    await waitFor(() => expect(onsaved).toHaveBeenCalledOnce());
    const network = { ...unchanged, authorities: "chosen", client_certificate: "chosen" };
    expect(saved()).toEqual([tenant.id, { url: null, options: {}, plain_http: false, network }, {}]);
  });

  it("takes them away, and leaves alone what a closed dialog did not choose", async () => {
    const gone = { subject: "Old", expires_at: "2024-01-01T00:00:00Z", expired: true, fingerprint: "00:11" };
    const { user, memory, saved } = await changing(new MemoryGateway(), {
      authorities: [gone],
      client_certificate: { ...gone, fingerprint: "22:33" },
    });
    expect(screen.getAllByText(/Expired on 1 Jan 2024/)).toHaveLength(2);
    memory.connections.authorities = null;
    await user.click(screen.getByRole("button", { name: "Choose authorities…" }));
    await user.click(screen.getByRole("button", { name: "Remove client certificate" }));
    expect(screen.getByRole("button", { name: "Choose certificate…" })).toHaveFocus();
    await user.click(save());
    await waitFor(() => expect(saved()).toBeDefined());
    expect(saved()?.[1]).toMatchObject({ network: { ...unchanged, client_certificate: "none" } });
  });

  it("says at the file what is wrong with it", async () => {
    const { user, memory } = await changing();
    const field = { name: "client_certificate", rule: "encrypted_key" } as const;
    memory.gateway.connectionCertificateOpen = () =>
      Promise.reject(new LatchkeyError({ code: "invalid_input", message: "x", hint: null, field }));
    const choose = screen.getByRole("button", { name: "Choose certificate…" });
    await user.click(choose);
    await waitFor(() => expect(choose).toHaveAccessibleDescription(/is encrypted.*openssl pkey/));
    expect(choose).toHaveFocus();
  });

  it("sends a proxy's user and password to Rust, and says what is wrong at its field", async () => {
    const { user, container, saved } = await changing();
    await user.selectOptions(screen.getByRole("combobox", { name: "Proxy" }), "This one");
    const proxy = screen.getByLabelText(/^Address of the proxy/);
    await user.type(proxy, "http://operator:x@proxy.example{Enter}");
    await waitFor(() => expect(proxy).toHaveFocus());
    expect(proxy).toHaveAccessibleDescription(/Leave user and password out/);
    await user.clear(proxy);
    await user.type(proxy, "http://proxy.example:3128");
    await user.click(screen.getByRole("checkbox", { name: "It wants a user and a password" }));
    await user.type(screen.getByLabelText("User"), "operator");
    await user.type(screen.getByLabelText("Password"), "hunter2");
    expect(await axeViolations(container)).toEqual([]);
    await user.click(save());
    const choice = { kind: "address", url: "http://proxy.example:3128", signs_in: true };
    await waitFor(() => expect(saved()?.[2]).toEqual({ proxy: "operator:hunter2" }));
    expect(saved()?.[1]).toMatchObject({ network: { ...unchanged, proxy: choice } });
  });

  it("keeps the stored sign-in of the same proxy", async () => {
    const { user, saved } = await changing(new MemoryGateway(), {
      proxy: { kind: "address", url: "http://proxy.example:3128/", signs_in: true },
    });
    expect(screen.getByRole("checkbox", { name: /wants a user/ })).toHaveAccessibleDescription(/Leave both empty/);
    await user.click(save());
    await waitFor(() => expect(saved()).toBeDefined());
    expect(saved()?.slice(1)).toEqual([{ url: null, options: {}, plain_http: false, network: unchanged }, {}]);
  });

  it("asks for the credential of another server", async () => {
    const { user, address, saved, container } = await changing();
    expect(screen.queryByLabelText(/^API key/)).toBeNull();
    await user.clear(address);
    await user.type(address, "https://b.example");
    expect(screen.getByText(/was given for https:\/\/a\.example/)).toBeVisible();
    const key = screen.getByLabelText(/^API key/);
    await user.click(save());
    await waitFor(() => expect(key).toHaveFocus());
    expect(key).toHaveAccessibleDescription(/given for another server/);
    expect(await axeViolations(container)).toEqual([]);
    await user.type(key, "sk-new{Enter}");
    await waitFor(() => expect(saved()?.[2]).toEqual({ key: "sk-new" }));
    expect(saved()?.[1]).toMatchObject({ url: "https://b.example" });
  });

  it("leaves a session behind with its server", async () => {
    const memory = new MemoryGateway();
    const server = { ...draft, connector: "documenso-session", options: { team: "7" } };
    const tenant = await memory.gateway.tenantAddSignedIn(server);
    const props = { tenant, onclose: vi.fn(), onsaved: vi.fn() };
    render(ConnectionDialog, { props, context: gatewayContext(memory.gateway) });
    const user = userEvent.setup();
    const address = await screen.findByLabelText(/^Server/);
    await user.clear(address);
    await user.type(address, "https://b.example");
    expect(screen.getByText(/The session with https:\/\/a\.example stays behind/)).toBeVisible();
    expect(screen.queryByText(/was given for/)).toBeNull();
    await user.click(save());
    await waitFor(() => expect(props.onsaved).toHaveBeenCalledOnce());
    const [moved] = (await memory.gateway.tenantList()).filter(({ id }) => id === tenant.id);
    expect(moved?.remote?.signed_in).toBe(false);
  });
});

describe("adding a remote tenant", () => {
  async function adding(memory = new MemoryGateway()) {
    const calls = { onclose: vi.fn(), onadded: vi.fn() };
    const view = render(AddTenantDialog, { props: calls, context: gatewayContext(memory.gateway) });
    const user = userEvent.setup();
    await user.keyboard("Portal");
    await user.click(screen.getByRole("radio", { name: /remote/ }));
    await user.selectOptions(await screen.findByRole("combobox", { name: "Connector" }), "ONLYOFFICE DocSpace");
    await user.click(screen.getByRole("button", { name: "Europe" }));
    await user.type(screen.getByLabelText(/^API key/), "sk-1");
    return { ...view, ...calls, memory, user };
  }

  it("says the way there beside the address", async () => {
    const { user, memory, onadded, unmount } = await adding();
    await user.click(screen.getByText("Connection"));
    await user.click(screen.getByRole("button", { name: "Choose authorities…" }));
    await screen.findByText("Harbour Authority Root");
    await user.selectOptions(screen.getByRole("combobox", { name: "Proxy" }), "None, whatever the system says");
    await user.click(screen.getByRole("button", { name: "Add tenant" }));
    await waitFor(() => expect(onadded).toHaveBeenCalledOnce());
    const network = { ...unchanged, authorities: "chosen", proxy: { kind: "none" } };
    expect(memory.callsOf("tenantAddRemote").at(-1)?.[0]).toMatchObject({ network });
    unmount();
    expect(memory.callsOf("connectionForget")).toHaveLength(1);
  });

  it("opens it where something in it is wrong", async () => {
    const { user, memory } = await adding();
    const field = { name: "proxy", rule: "not_a_proxy" } as const;
    await user.click(screen.getByText("Connection"));
    await user.selectOptions(screen.getByRole("combobox", { name: "Proxy" }), "This one");
    await user.click(screen.getByText("Connection"));
    memory.gateway.tenantAddRemote = () =>
      Promise.reject(new LatchkeyError({ code: "invalid_input", message: "x", hint: null, field }));
    await user.click(screen.getByRole("button", { name: "Add tenant" }));
    await waitFor(() => expect(screen.getByLabelText(/^Address of the proxy/)).toHaveFocus());
    expect(screen.getByRole("group", { name: "" })).toHaveAttribute("open");
  });
});
