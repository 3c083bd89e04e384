import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import AddTenantDialog from "./AddTenantDialog.svelte";
import NewCredentialDialog from "./NewCredentialDialog.svelte";

const secret = "sk-0123456789abcdef";

async function adding(memory = new MemoryGateway()) {
  const calls = { onclose: vi.fn(), onadded: vi.fn() };
  const view = render(AddTenantDialog, { props: calls, context: gatewayContext(memory.gateway) });
  const user = userEvent.setup();
  await user.keyboard("Portal");
  await user.click(screen.getByRole("radio", { name: /remote/ }));
  await user.selectOptions(await screen.findByRole("combobox", { name: "Connector" }), "ONLYOFFICE DocSpace");
  return { ...view, ...calls, memory, user };
}

describe("adding a remote tenant", () => {
  it("says what to know, and hands the credential to Rust alone", async () => {
    const { user, memory, onadded, container } = await adding();
    expect(screen.getByRole("region", { name: "What to know" })).toHaveTextContent("unrestricted");
    await user.click(screen.getByRole("button", { name: "Europe" }));
    await user.type(screen.getByLabelText(/^API key/), secret);
    expect(await axeViolations(container)).toEqual([]);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(onadded).toHaveBeenCalledOnce());
    expect(memory.callsOf("tenantAddRemote")).toEqual([
      [
        { connector: "docspace", url: "https://eu.onlyoffice.com", options: {}, plain_http: false, name: "Portal" },
        { key: secret },
      ],
    ]);
  });

  it("points at what is missing or wrong, and keeps what was typed", async () => {
    const { user } = await adding();
    await user.type(screen.getByLabelText(/^Portal/), "portal{Enter}");
    await waitFor(() => expect(screen.getByLabelText(/^Portal/)).toHaveFocus());
    expect(screen.getByLabelText(/^Portal/)).toBeInvalid();
    await user.clear(screen.getByLabelText(/^Portal/));
    await user.type(screen.getByLabelText(/^Portal/), "https://a.example{Enter}");
    await waitFor(() => expect(screen.getByLabelText(/^API key/)).toHaveFocus());
    expect(screen.getByRole("textbox", { name: /^Name/ })).toHaveValue("Portal");
  });

  it("tells of a vendor whose keys a person makes", async () => {
    const { user } = await adding();
    await user.selectOptions(screen.getByRole("combobox", { name: "Connector" }), "goTransverse");
    expect(screen.getByRole("combobox", { name: "Connector" })).toHaveAccessibleDescription(/record them here/);
    expect(screen.getByLabelText(/^Service and version/)).toHaveValue("billing/2");
  });
});

it("gives a remote tenant another credential", async () => {
  const memory = new MemoryGateway();
  const draft = { connector: "docspace", url: "https://a.example", options: {}, plain_http: false, name: "Portal" };
  const tenant = await memory.gateway.tenantAddRemote(draft, { key: "old" });
  const calls = { onclose: vi.fn(), onsaved: vi.fn() };
  const props = { tenant, ...calls };
  const { container } = render(NewCredentialDialog, { props, context: gatewayContext(memory.gateway) });
  const user = userEvent.setup();
  const field = await screen.findByLabelText(/^API key/);
  await user.click(screen.getByRole("button", { name: "Use it" }));
  await waitFor(() => expect(field).toBeInvalid());
  expect(await axeViolations(container)).toEqual([]);
  await user.type(field, `${secret}{Enter}`);
  await waitFor(() => expect(calls.onsaved).toHaveBeenCalledOnce());
  expect(memory.callsOf("tenantCredential").at(-1)).toEqual([tenant.id, { key: secret }]);
});
