import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { type CheckedKey, gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import TryConnectorDialog from "./TryConnectorDialog.svelte";

const secret = "sk-5f0c1d2e3a4b5c6d7e8f";

function show(id: string, memory = new MemoryGateway()) {
  const connector = memory.connectors.all.find((one) => one.id === id)!;
  const onclose = vi.fn();
  const view = render(TryConnectorDialog, { props: { connector, onclose }, context: gatewayContext(memory.gateway) });
  return { ...view, onclose, memory, user: userEvent.setup() };
}

const tryButton = () => screen.getByRole("button", { name: "Try" });

describe("trying a connector", () => {
  it("lists keys and API sets in a table, with one Enter", async () => {
    const { user, memory, container } = show("docspace");
    expect(screen.getByLabelText(/^Portal/)).toHaveFocus();
    await user.click(screen.getByRole("button", { name: "Europe" }));
    const credential = screen.getByLabelText(/^API key of an administrator/);
    expect(credential).toHaveAttribute("type", "password");
    await user.type(credential, `${secret}{Enter}`);
    expect(await screen.findByRole("heading", { name: "2 keys, 2 API sets" })).toBeVisible();
    const table = screen.getByRole("table", { name: "Keys at the server" });
    expect(within(table).getByRole("row", { name: /Crane/ })).toHaveTextContent(/Files: Read.*2026-03-01.*Never.*On/);
    expect(within(table).getByRole("row", { name: /Gate/ })).toHaveTextContent(/Everything.*2027-04-01.*Off/);
    expect(memory.callsOf("connectorTry")).toEqual([
      [
        { connector: "docspace", url: "https://eu.onlyoffice.com", options: {}, plain_http: false },
        { key: secret },
        {},
      ],
    ]);
    expect(container.innerHTML).not.toContain(secret);
    expect(await axeViolations(container)).toEqual([]);
  });

  it("says how many rows cannot be understood", async () => {
    const memory = new MemoryGateway();
    memory.connectors.answer = { ...memory.connectors.answer, skipped: 1 };
    const { user } = show("docspace", memory);
    await user.type(screen.getByLabelText(/^Portal/), "https://a.example");
    await user.type(screen.getByLabelText(/^API key/), `${secret}{Enter}`);
    expect(await screen.findByText("1 row of the list cannot be understood and is left out.")).toBeVisible();
  });

  it.each<[CheckedKey, string]>([
    ["valid", "The key works"],
    ["restricted", "The key works, but lacks this API set"],
    ["unknown", "The server does not know the key"],
    ["expired", "The key has expired"],
    ["disabled", "The key or its account is switched off"],
  ])("tells what the server says of a key: %s", async (checked, words) => {
    const memory = new MemoryGateway();
    memory.connectors.answer = { checked, chosen: [], api_sets: [], keys: 0, skipped: 0, first: [] };
    const { user, container } = show("gotransverse", memory);
    expect(screen.getByLabelText(/^Service and version/)).toHaveValue("billing/2");
    await user.type(screen.getByLabelText(/^Host/), "https://a.example");
    await user.type(screen.getByLabelText(/^Key to check/), `${secret}{Enter}`);
    expect(await screen.findByRole("heading", { name: words })).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("points at what is missing or wrong, and keeps what was typed", async () => {
    const { user } = show("docspace");
    await user.type(screen.getByLabelText(/^Portal/), "portal");
    await user.click(tryButton());
    await waitFor(() => expect(screen.getByLabelText(/^Portal/)).toBeInvalid());
    expect(screen.getByLabelText(/^Portal/)).toHaveFocus();
    await user.clear(screen.getByLabelText(/^Portal/));
    await user.type(screen.getByLabelText(/^Portal/), "https://a.example{Enter}");
    await waitFor(() => expect(screen.getByLabelText(/^API key/)).toBeInvalid());
    expect(screen.getByLabelText(/^API key/)).toHaveFocus();
    expect(screen.getByLabelText(/^Portal/)).toHaveValue("https://a.example");
  });

  it.each([
    ["remote_credential", /^API key/],
    ["remote_unreachable", /^Portal/],
  ] as const)("puts %s at its field", async (code, label) => {
    const memory = new MemoryGateway();
    memory.fail("connectorTry", { code, message: "a.example has a reason." });
    const { user } = show("docspace", memory);
    await user.click(tryButton());
    await waitFor(() => expect(screen.getByLabelText(label)).toBeInvalid());
    expect(screen.getByLabelText(label)).toHaveFocus();
  });

  it("asks before it sends anything unencrypted to another computer", async () => {
    const { user, memory } = show("docspace");
    await user.type(screen.getByLabelText(/^Portal/), "http://127.0.0.1:80");
    expect(screen.queryByRole("checkbox")).toBeNull();
    await user.clear(screen.getByLabelText(/^Portal/));
    await user.type(screen.getByLabelText(/^Portal/), "http://quay.example");
    await user.click(screen.getByRole("checkbox", { name: "Send it without encryption" }));
    await user.type(screen.getByLabelText(/^API key/), `${secret}{Enter}`);
    await waitFor(() => expect(memory.callsOf("connectorTry")).toHaveLength(1));
    expect(memory.callsOf("connectorTry")[0]![0]).toMatchObject({ url: "http://quay.example", plain_http: true });
  });

  it("counts down while the server is busy, and Escape cancels before it closes", async () => {
    const memory = new MemoryGateway();
    memory.connectors.slow = true;
    const { user, onclose } = show("docspace", memory);
    await user.type(screen.getByLabelText(/^Portal/), "https://a.example");
    await user.type(screen.getByLabelText(/^API key/), `${secret}{Enter}`);
    await screen.findByText("Asking the server …");
    memory.connectors.waiting = 7;
    memory.emit("connector-waiting");
    await screen.findByText("The server is busy: again in 7 s");
    await user.keyboard("{Escape}");
    await screen.findByText("Cancelled. Nothing was changed.");
    expect(onclose).not.toHaveBeenCalled();
    expect(screen.getByLabelText(/^API key/)).toHaveValue(secret);
    await user.keyboard("{Escape}");
    expect(onclose).toHaveBeenCalledOnce();
  });

  it("goes the way that a tenant would, and forgets it", async () => {
    const { user, memory, unmount } = show("docspace");
    await user.type(screen.getByLabelText(/^Portal/), "https://a.example");
    await user.type(screen.getByLabelText(/^API key/), secret);
    await user.click(screen.getByText("Connection"));
    await user.click(screen.getByRole("button", { name: "Choose certificate…" }));
    await user.selectOptions(screen.getByLabelText("Proxy"), "This one");
    await user.type(screen.getByLabelText(/^Address of the proxy/), "http://proxy.example:3128");
    expect(screen.getByText(/It is forgotten when you close\./)).toBeVisible();
    await user.click(tryButton());
    await screen.findByRole("heading", { name: "2 keys, 2 API sets" });
    const [trial] = memory.callsOf("connectorTry")[0]!;
    expect(trial).toMatchObject({
      network: { client_certificate: "chosen", proxy: { kind: "address", url: "http://proxy.example:3128" } },
    });
    unmount();
    expect(memory.callsOf("connectionForget")).toHaveLength(1);
  });

  it("signs in where the connector wants that, once its caution is accepted", async () => {
    const memory = new MemoryGateway();
    const [contracts] = memory.remotes.choices;
    memory.connectors.answer = { ...memory.connectors.answer, chosen: [contracts!] };
    const { user, container } = show("documenso-session", memory);
    await user.type(screen.getByLabelText(/^Server/), "https://sign.example.com");
    await user.type(screen.getByLabelText(/^E-mail address/), "ada@example.com");
    await user.type(screen.getByLabelText(/^Password/), "correct horse{Enter}");
    await waitFor(() => expect(screen.getByRole("checkbox", { name: "I accept that" })).toHaveFocus());
    await user.click(screen.getByRole("checkbox", { name: "I accept that" }));
    await user.click(tryButton());
    await waitFor(() => expect(screen.getByLabelText(/^One-time code/)).toHaveFocus());
    await user.keyboard("492817{Enter}");
    expect(await screen.findByText("Tried with Contracts (Harbour, ADMIN).")).toBeVisible();
    expect(memory.callsOf("connectorTry").at(-1)).toEqual([
      {
        connector: "documenso-session",
        url: "https://sign.example.com",
        options: {},
        plain_http: false,
        accept_caution: true,
      },
      {},
      { email: "ada@example.com", password: "correct horse", code: "492817" },
    ]);
    expect(await axeViolations(container)).toEqual([]);
  });

  it("says that Latchkey is offline", async () => {
    const memory = new MemoryGateway();
    memory.world.profile.settings = { appearance: "system", offline: true };
    const { user } = show("docspace", memory);
    await user.type(screen.getByLabelText(/^Portal/), "https://a.example");
    await user.type(screen.getByLabelText(/^API key/), `${secret}{Enter}`);
    expect(await screen.findByText(/Latchkey is offline/)).toBeVisible();
  });

  it("ends a trial with the dialog", async () => {
    const memory = new MemoryGateway();
    memory.connectors.slow = true;
    const { user, unmount } = show("docspace", memory);
    await user.type(screen.getByLabelText(/^Portal/), "https://a.example");
    await user.type(screen.getByLabelText(/^API key/), `${secret}{Enter}`);
    await screen.findByText("Asking the server …");
    unmount();
    await waitFor(() => expect(memory.callsOf("connectorCancel")).toHaveLength(1));
    expect(document.body.innerHTML).not.toContain(secret);
  });
});
