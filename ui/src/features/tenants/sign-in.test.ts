import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type SignInChoice } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import AddTenantDialog from "./AddTenantDialog.svelte";
import NewCredentialDialog from "./NewCredentialDialog.svelte";

const url = "https://sign.example.com";

async function adding(memory = new MemoryGateway()) {
  const calls = { onclose: vi.fn(), onadded: vi.fn() };
  const view = render(AddTenantDialog, { props: calls, context: gatewayContext(memory.gateway) });
  const user = userEvent.setup();
  await user.keyboard("Office");
  await user.click(screen.getByRole("radio", { name: /remote/ }));
  await user.selectOptions(await screen.findByRole("combobox", { name: "Connector" }), "Documenso, signed in");
  return { ...view, ...calls, memory, user };
}

const submit = () => screen.getByRole("button", { name: "Sign in" });
const accept = () => screen.getByRole("checkbox", { name: "I accept that" });

describe("adding a tenant whose server wants somebody to sign in", () => {
  it("wants the caution accepted, signs in, lets a team be chosen, and adds", async () => {
    const { user, memory, onadded, container } = await adding();
    expect(screen.getByText("Any update of the server may break it.")).toBeVisible();
    expect(screen.queryByLabelText(/^Team/)).toBeNull();
    await user.type(screen.getByLabelText(/^Server/), url);
    await user.type(screen.getByLabelText(/^E-mail/), " ada@example.com ");
    await user.type(screen.getByLabelText(/^Password/), "correct horse");
    await user.click(submit());
    await waitFor(() => expect(accept()).toHaveFocus());
    expect(screen.getByText("Accept it first, or choose another connector.")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(accept());
    await user.click(submit());
    const team = await screen.findByRole("combobox", { name: /^Team/ });
    await waitFor(() => expect(team).toHaveFocus());
    expect(team).toHaveValue("7");
    expect(screen.getByRole("option", { name: "Sales (Harbour, MEMBER)" })).toBeDisabled();
    expect(screen.queryByLabelText(/^Password/)).toBeNull();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Add tenant" }));
    await waitFor(() => expect(onadded).toHaveBeenCalledOnce());
    const draft = { connector: "documenso-session", url, plain_http: false, name: "Office", accept_caution: true };
    expect(memory.callsOf("sessionOpen").at(-1)).toEqual([
      { ...draft, options: {} },
      {},
      { email: "ada@example.com", password: "correct horse" },
    ]);
    expect(memory.callsOf("tenantAddSignedIn")).toEqual([[{ ...draft, options: { team: "7" } }]]);
  });

  it("asks for a one-time code when the server does, and says what is wrong at its field", async () => {
    const memory = new MemoryGateway();
    memory.remotes.code = "492817";
    const { user } = await adding(memory);
    await user.click(accept());
    await user.type(screen.getByLabelText(/^Server/), url);
    await user.click(submit());
    await waitFor(() => expect(screen.getByLabelText(/^E-mail/)).toHaveFocus());
    await user.type(screen.getByLabelText(/^E-mail/), "ada@example.com");
    await user.type(screen.getByLabelText(/^Password/), "wrong");
    await user.click(submit());
    await waitFor(() => expect(screen.getByLabelText(/^Password/)).toHaveFocus());
    expect(screen.getByLabelText(/^Password/)).toBeInvalid();
    expect(screen.queryByLabelText(/^One-time code/)).toBeNull();
    await user.clear(screen.getByLabelText(/^Password/));
    await user.type(screen.getByLabelText(/^Password/), "correct horse{Enter}");
    await waitFor(() => expect(screen.getByLabelText(/^One-time code/)).toHaveFocus());
    await user.keyboard("492817{Enter}");
    await screen.findByText("You are signed in.");
  });

  it.each([
    ["Only administrators may.", "Only administrators may."],
    [null, "Your role there does not permit what cannot be chosen."],
  ])("says why a team cannot be chosen: %s", async (why, said) => {
    const memory = new MemoryGateway();
    memory.remotes.choices = memory.remotes.choices.map((one) => (one.refused ? { ...one, why } : one));
    const { user } = await adding(memory);
    await user.click(accept());
    await user.type(screen.getByLabelText(/^Server/), url);
    await user.type(screen.getByLabelText(/^E-mail/), "ada@example.com");
    await user.type(screen.getByLabelText(/^Password/), "correct horse{Enter}");
    expect(await screen.findByRole("combobox", { name: /^Team/ })).toHaveAccessibleDescription(said);
  });

  it("ends a session in which no tenant is added", async () => {
    const { user, memory, unmount } = await adding();
    const signIn = async () => {
      await user.type(screen.getByLabelText(/^E-mail/), "ada@example.com");
      await user.type(screen.getByLabelText(/^Password/), "correct horse{Enter}");
      await screen.findByText("You are signed in.");
    };
    await user.click(accept());
    await user.type(screen.getByLabelText(/^Server/), url);
    await signIn();
    await user.click(screen.getByRole("button", { name: "Sign in as somebody else" }));
    expect(screen.getByLabelText(/^Password/)).toHaveValue("");
    await signIn();
    await user.type(screen.getByLabelText(/^Server/), "/base");
    expect(await screen.findByLabelText(/^Password/)).toBeVisible();
    expect(memory.callsOf("sessionLeave")).toHaveLength(2);
    await signIn();
    unmount();
    expect(memory.callsOf("sessionLeave")).toHaveLength(3);
    expect(memory.callsOf("tenantAddSignedIn")).toEqual([]);
  });

  it("signs in over the way that was chosen, and again where that is another one", async () => {
    const { user, memory, onadded } = await adding();
    await user.click(accept());
    await user.type(screen.getByLabelText(/^Server/), url);
    await user.click(screen.getByText("Connection"));
    await user.click(screen.getByRole("button", { name: "Choose certificate…" }));
    await screen.findByText("Desk 4");
    const signIn = async () => {
      await user.type(screen.getByLabelText(/^E-mail/), "ada@example.com");
      await user.type(screen.getByLabelText(/^Password/, { selector: "[aria-required]" }), "correct horse{Enter}");
      await screen.findByText("You are signed in.");
    };
    await signIn();
    await user.selectOptions(screen.getByRole("combobox", { name: "Proxy" }), "This one");
    expect(memory.callsOf("sessionLeave")).toHaveLength(1);
    await user.type(screen.getByLabelText(/^Address of the proxy/), "http://proxy.example:3128");
    await user.click(screen.getByRole("checkbox", { name: /wants a user/ }));
    await user.type(screen.getByLabelText("User"), "ada");
    await user.type(screen.getByLabelText("Password"), "hunter2");
    await signIn();
    const proxy = { kind: "address", url: "http://proxy.example:3128", signs_in: true };
    const network = { authorities: null, client_certificate: "chosen", proxy };
    const [draft, credentials] = memory.callsOf("sessionOpen").at(-1) ?? [];
    expect(draft).toMatchObject({ network });
    expect(credentials).toEqual({ proxy: "ada:hunter2" });
    await user.click(screen.getByRole("button", { name: "Add tenant" }));
    await waitFor(() => expect(onadded).toHaveBeenCalledOnce());
    expect(memory.callsOf("tenantAddSignedIn")).toMatchObject([[{ network, options: { team: "7" } }]]);
    expect(memory.callsOf("sessionLeave")).toHaveLength(1);
  });

  it("ends a session that was opened after the dialog was closed", async () => {
    const memory = new MemoryGateway();
    let answer: (choices: SignInChoice[]) => void = () => undefined;
    const opening = new Promise<SignInChoice[]>((resolve) => (answer = resolve));
    const open = vi.spyOn(memory.gateway, "sessionOpen").mockReturnValue(opening);
    const { user, unmount } = await adding(memory);
    await user.type(screen.getByLabelText(/^Password/), "correct horse{Enter}");
    await waitFor(() => expect(open).toHaveBeenCalledOnce());
    unmount();
    expect(memory.callsOf("sessionLeave")).toEqual([]);
    answer(memory.remotes.choices);
    await waitFor(() => expect(memory.callsOf("sessionLeave")).toHaveLength(1));
  });
});

it("signs in again in the dialog of a credential", async () => {
  const memory = new MemoryGateway();
  memory.remotes.code = "492817";
  const draft = { connector: "documenso-session", url, options: { team: "7" }, plain_http: false, name: "Office" };
  const tenant = await memory.gateway.tenantAddSignedIn(draft);
  const calls = { onclose: vi.fn(), onsaved: vi.fn() };
  const props = { tenant, ...calls };
  const { container } = render(NewCredentialDialog, { props, context: gatewayContext(memory.gateway) });
  const user = userEvent.setup();
  await screen.findByRole("dialog", { name: "Sign in to the server of Office" });
  await user.type(await screen.findByLabelText(/^E-mail/), "ada@example.com");
  await user.type(screen.getByLabelText(/^Password/), "correct horse{Enter}");
  await waitFor(() => expect(screen.getByLabelText(/^One-time code/)).toHaveFocus());
  expect(await axeViolations(container)).toEqual([]);
  await user.keyboard("492817{Enter}");
  await waitFor(() => expect(calls.onsaved).toHaveBeenCalledOnce());
  expect(memory.callsOf("tenantSignIn").at(-1)).toEqual([
    tenant.id,
    { email: "ada@example.com", password: "correct horse", code: "492817" },
  ]);
});
