import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { type ErrorBody, type ErrorCode, gatewayContext, type ProfileView } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { emptyWorld } from "../../lib/ipc/memory-fixture";
import WelcomePage from "./WelcomePage.svelte";

const failure = (code: ErrorCode): ErrorBody => ({ code, message: "detail", hint: null, field: null });

function open(change: Partial<ProfileView>) {
  const world = emptyWorld();
  Object.assign(world.profile, change);
  const memory = new MemoryGateway({ world });
  const onready = vi.fn<(profile: ProfileView) => void>();
  const view = render(WelcomePage, {
    props: { profile: structuredClone(world.profile), onready },
    context: gatewayContext(memory.gateway),
  });
  return { ...view, memory, onready, user: userEvent.setup() };
}

const button = (name: string) => screen.getByRole("button", { name });
const keychain = () => screen.getByRole("radio", { name: "This computer's keychain" });
const vault = () => screen.getByRole("radio", { name: "A passphrase vault" });
const first = () => screen.getByLabelText(/^Passphrase(?! again)/);
const second = () => screen.getByLabelText(/^Passphrase again/);

describe("the first start", () => {
  it("takes the keychain where there is one, without asking for anything", async () => {
    const { user, memory, onready, container } = open({ state: "new", vault: null });
    expect(keychain()).toBeChecked();
    expect(screen.queryByLabelText(/^Passphrase/)).toBeNull();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(button("Create profile"));
    await waitFor(() => expect(onready).toHaveBeenCalledOnce());
    expect(memory.callsOf("profileCreate")).toEqual([["keychain", null]]);
  });

  it("takes a passphrase typed twice", async () => {
    const { user, memory, onready, container } = open({ state: "new", vault: null });
    await user.click(vault());
    expect(screen.getByText("A forgotten passphrase cannot be recovered")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);

    await user.type(first(), "too short{Enter}");
    expect(first()).toHaveFocus();
    expect(first()).toHaveAccessibleDescription(/at least 12 characters/);
    expect(memory.callsOf("profileCreate")).toHaveLength(0);

    await user.type(first(), " by far, my friend");
    expect(first()).toHaveAccessibleDescription("Strong.");
    await user.type(second(), "too short by fa{Enter}");
    expect(second()).toHaveFocus();
    expect(second()).toHaveAccessibleDescription(/The two passphrases differ/);

    await user.clear(second());
    await user.type(second(), "too short by far, my friend{Enter}");
    await waitFor(() => expect(onready).toHaveBeenCalledOnce());
    expect(memory.callsOf("profileCreate")).toEqual([["passphrase", "too short by far, my friend"]]);
  });

  it("explains a keychain that cannot be used, and offers the vault instead", () => {
    open({ state: "new", vault: null, keychain: { error: failure("keychain_no_collection") } });
    expect(screen.getByText(/has no default collection/)).toBeVisible();
    expect(keychain()).toBeDisabled();
    expect(vault()).toBeChecked();
  });

  it("offers the keychain as soon as another try finds it", async () => {
    const { user, memory } = open({ state: "new", vault: null, keychain: { error: failure("keychain_no_service") } });
    memory.world.profile.keychain = null;
    await user.click(button("Try again"));
    await waitFor(() => expect(keychain()).toBeEnabled());
    expect(screen.queryByText(/No keychain is running/)).toBeNull();
  });

  it("says what went wrong and keeps the passphrase as typed", async () => {
    const { user, memory } = open({ state: "new", vault: null });
    memory.fail("profileCreate", { code: "read_only" });
    await user.click(vault());
    await user.type(first(), "correct horse battery");
    await user.type(second(), "correct horse battery{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent(/cannot be written to/);
    expect(second()).toHaveValue("correct horse battery");
  });

  it("shows the passphrase only when asked to", async () => {
    const { user } = open({ state: "new", vault: null });
    await user.click(vault());
    expect(first()).toHaveAttribute("type", "password");
    await user.type(first(), "visible");
    await user.click(screen.getByRole("checkbox", { name: "Show the passphrase" }));
    expect(first()).toHaveAttribute("type", "text");
    expect(first()).toHaveValue("visible");
  });
});

describe("a locked vault", () => {
  const locked: Partial<ProfileView> = { state: "locked", vault: { kind: "passphrase", locked: true } };

  it("opens with its passphrase", async () => {
    const { user, onready, container } = open(locked);
    expect(first()).toHaveFocus();
    expect(await axeViolations(container)).toEqual([]);
    await user.keyboard("correct horse battery{Enter}");
    await waitFor(() => expect(onready).toHaveBeenCalledOnce());
  });

  it("says at the field that it is the wrong one, and selects it", async () => {
    const { user, onready } = open(locked);
    await user.keyboard("wrong one{Enter}");
    await waitFor(() => expect(first()).toHaveAccessibleDescription(/not the passphrase of the vault/));
    const field = first() as HTMLInputElement;
    expect(field).toHaveFocus();
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, "wrong one".length]);
    expect(onready).not.toHaveBeenCalled();
  });

  it("asks for something when nothing was typed", async () => {
    const { user, memory } = open(locked);
    await user.keyboard("{Enter}");
    expect(first()).toBeInvalid();
    expect(memory.callsOf("profileUnlock")).toHaveLength(0);
  });

  it("says so where it is the keychain that does not open", async () => {
    const { user, memory, onready } = open({
      state: "locked",
      vault: { kind: "keychain", locked: true },
      keychain: { error: failure("keychain_dismissed") },
    });
    expect(screen.queryByLabelText(/^Passphrase/)).toBeNull();
    expect(screen.getByText(/the question was dismissed/)).toBeVisible();
    Object.assign(memory.world.profile, { state: "ready", keychain: null });
    await user.click(button("Try again"));
    await waitFor(() => expect(onready).toHaveBeenCalledOnce());
  });
});

describe("a profile that cannot be opened", () => {
  it.each<[ErrorCode, RegExp, RegExp]>([
    ["profile_newer", /written by a newer Latchkey/, /Install the newer version/],
    ["profile_damaged", /database is damaged/, /Restore the newest backup/],
    ["profile_busy", /Another program is using/, /Wait until it has finished/],
    ["read_only", /cannot be written to/, /permissions of the folder/],
    ["failed", /did not work: detail/, /Try again/],
  ])("is explained: %s", async (code, what, todo) => {
    const { container } = open({ state: "broken", problem: failure(code) });
    const alert = screen.getByRole("alert");
    expect(alert).toHaveTextContent(what);
    expect(alert).toHaveTextContent(todo);
    expect(await axeViolations(container)).toEqual([]);
  });

  it("opens when another try succeeds", async () => {
    const { user, memory, onready } = open({ state: "broken", problem: failure("profile_busy") });
    await user.click(button("Try again"));
    expect(onready).not.toHaveBeenCalled();
    Object.assign(memory.world.profile, { state: "ready", problem: null });
    await user.click(button("Try again"));
    await waitFor(() => expect(onready).toHaveBeenCalledOnce());
  });

  it("tells the newest reason when even asking fails", async () => {
    const { user, memory } = open({ state: "broken", problem: failure("profile_busy") });
    memory.fail("profileRetry", { code: "disk_full" });
    await user.click(button("Try again"));
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(/disk is full/));
  });
});
