import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type KeepPolicy, type VaultKind } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { harbourWorld } from "../../lib/ipc/memory-fixture";
import SaveKeyDialog from "./SaveKeyDialog.svelte";

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => vi.useRealTimers());

interface Options {
  keep?: KeepPolicy;
  vault?: VaultKind;
  name?: string;
  closeRequested?: boolean;
}

async function open(options: Options = {}) {
  const world = harbourWorld(new Date());
  const [tenant] = world.tenants;
  if (!tenant) throw new Error("no tenant");
  tenant.policy.keep = options.keep ?? "offer";
  const memory = new MemoryGateway({ world });
  const newKey = await memory.gateway.keyNew({
    tenant: tenant.id,
    name: options.name ?? "quay-4 gateway",
    description: "",
    owner: null,
    api_sets: [],
    expires: { kind: "never" },
  });
  const secret = await memory.gateway.secretReveal(newKey.key.id);
  const onclosed = vi.fn();
  const view = render(SaveKeyDialog, {
    props: { newKey, vault: options.vault ?? "keychain", closeRequested: options.closeRequested ?? false, onclosed },
    context: gatewayContext(memory.gateway),
  });
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  return { ...view, memory, newKey, secret, onclosed, user };
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const pass = async (seconds: number) => {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  await tick();
};

describe("the key in Save generated key", () => {
  it("is masked but for its public part", async () => {
    const { newKey, secret } = await open();
    expect(screen.getByText(newKey.visible)).toBeVisible();
    expect(screen.getByText(`${newKey.masked} characters are hidden.`)).toBeInTheDocument();
    expect(document.body.innerHTML).not.toContain(secret.slice(newKey.visible.length));
  });

  it("is shown for 20 seconds, and then out of the page", async () => {
    const { user, newKey, secret } = await open();
    const tail = secret.slice(newKey.visible.length);
    await user.click(button("Reveal"));
    expect(await screen.findByText(tail)).toBeVisible();
    await pass(5);
    expect(button(/^Hide/)).toHaveTextContent("15");
    expect(document.body.textContent).toContain(tail);
    await pass(16);
    expect(document.body.innerHTML).not.toContain(tail);
    expect(button("Reveal")).toBeVisible();
  });

  it.each([
    [
      "the button",
      async () => userEvent.setup({ advanceTimers: vi.advanceTimersByTime.bind(vi) }).click(button(/^Hide/)),
    ],
    ["another window taking the focus", async () => fireEvent.blur(window)],
  ])("is hidden at once by %s", async (_, hide) => {
    const { user, newKey, secret } = await open();
    const tail = secret.slice(newKey.visible.length);
    await user.click(button("Reveal"));
    await screen.findByText(tail);
    await hide();
    expect(document.body.innerHTML).not.toContain(tail);
  });

  it("does not appear when it comes after it was hidden again", async () => {
    const { user, memory, newKey, secret } = await open();
    let deliver = (_text: string): void => {};
    memory.gateway.secretReveal = () => new Promise((resolve) => (deliver = resolve));
    await user.click(button("Reveal"));
    await fireEvent.blur(window);
    deliver(secret);
    await pass(1);
    expect(document.body.innerHTML).not.toContain(secret.slice(newKey.visible.length));
  });

  it("is copied by Rust also when it is copied by hand, so that it is cleared again", async () => {
    const { user, memory, newKey, secret } = await open();
    await user.click(button("Reveal"));
    const text = await screen.findByText(secret.slice(newKey.visible.length));
    const allowed = await fireEvent(text, new Event("copy", { bubbles: true, cancelable: true }));
    expect(allowed).toBe(false);
    expect(memory.callsOf("secretCopy")).toHaveLength(1);
  });

  it("is nowhere in the page after closing", async () => {
    const { user, onclosed, newKey, secret, unmount } = await open();
    await user.click(button("Reveal"));
    await screen.findByText(secret.slice(newKey.visible.length));
    await user.click(button("Copy to clipboard"));
    await screen.findByRole("button", { name: "Copied" });
    await user.click(button("Close"));
    await waitFor(() => expect(onclosed).toHaveBeenCalledOnce());
    unmount();
    expect(document.documentElement.innerHTML).not.toContain(secret.slice(newKey.visible.length));
  });
});

describe("the three choices", () => {
  it("turn into their own confirmation", async () => {
    const { user, memory } = await open();
    expect(button("Copy to clipboard")).toHaveFocus();
    await user.click(button("Copy to clipboard"));
    expect(await screen.findByRole("button", { name: "Copied" })).toHaveAccessibleDescription(
      "Clears from the clipboard in 30 s",
    );
    await pass(6);
    expect(button("Copied")).toHaveAccessibleDescription("Clears from the clipboard in 24 s");

    memory.downloadPath = "C:\\Users\\port\\quay-4 gateway.APIKEY";
    await user.click(button("Download"));
    expect(await screen.findByRole("button", { name: "Downloaded" })).toHaveAccessibleDescription(
      /^Saved as quay-4 gateway\.APIKEY/,
    );

    await user.click(button("Keep in this computer's keychain"));
    expect(await screen.findByRole("button", { name: "Kept" })).toHaveAttribute("aria-disabled", "true");
    await user.click(button("Kept"));
    expect(memory.callsOf("secretKeep")).toHaveLength(1);
  });

  it("say when the clipboard was cleared, be it earlier than planned", async () => {
    const { user, memory } = await open();
    await user.click(button("Copy to clipboard"));
    await screen.findByRole("button", { name: "Copied" });
    memory.emit("clipboard-cleared");
    await tick();
    expect(button("Copied")).toHaveAccessibleDescription(/No longer on the clipboard/);
  });

  it("say nothing when the save dialog was closed", async () => {
    const { user, memory } = await open();
    memory.downloadPath = null;
    await user.click(button("Download"));
    await pass(1);
    expect(button("Download")).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("explain a keychain that refuses, and can be tried again", async () => {
    const { user, memory } = await open();
    memory.fail("secretKeep", { code: "keychain_dismissed" });
    await user.click(button(/^Keep in/));
    expect(await screen.findByRole("alert")).toHaveTextContent(/the question was dismissed/);
    await user.click(button(/^Keep in/));
    expect(await screen.findByRole("button", { name: "Kept" })).toBeVisible();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("name the passphrase vault where that is the vault", async () => {
    await open({ vault: "passphrase" });
    expect(button("Keep in the passphrase vault")).toBeVisible();
  });

  it("are two and a sentence where the tenant forbids keeping", async () => {
    const { newKey } = await open({ keep: "forbid" });
    expect(screen.queryByRole("button", { name: /^Keep/ })).toBeNull();
    expect(screen.getByText(`${newKey.key.tenant} forbids keeping keys on this computer.`)).toBeVisible();
  });

  it("show that the tenant's policy has kept it already", async () => {
    const { user, onclosed } = await open({ keep: "default" });
    expect(button("Kept")).toBeVisible();
    await user.click(button("Close"));
    await waitFor(() => expect(onclosed).toHaveBeenCalledOnce());
  });

  it("break no rule of axe", async () => {
    const { container, user } = await open();
    await user.click(button("Reveal"));
    await user.click(button("Copy to clipboard"));
    vi.useRealTimers();
    expect(await axeViolations(container)).toEqual([]);
  });
});

describe("closing Save generated key", () => {
  it("asks when the key was not saved, and Go back loses nothing", async () => {
    const { user, onclosed } = await open();
    await user.click(button("Close"));
    expect(
      await screen.findByRole("alertdialog", { name: "Close without saving the key of quay-4 gateway?" }),
    ).toBeVisible();
    await user.click(button("Go back"));
    expect(onclosed).not.toHaveBeenCalled();
    await user.click(button("Copy to clipboard"));
    await screen.findByRole("button", { name: "Copied" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(onclosed).toHaveBeenCalledOnce());
  });

  it("lets the key go when told so", async () => {
    const { user, memory, newKey, onclosed } = await open();
    await user.click(button("Close"));
    await user.click(await screen.findByRole("button", { name: "Close without saving" }));
    await waitFor(() => expect(onclosed).toHaveBeenCalledOnce());
    expect(memory.callsOf("secretClose")).toEqual([
      [newKey.key.id, false],
      [newKey.key.id, true],
    ]);
  });

  it("asks the same when the window is to be closed", async () => {
    const { rerender } = await open();
    await rerender({ closeRequested: true });
    expect(await screen.findByRole("alertdialog", { name: /^Close without saving/ })).toBeVisible();
  });

  it("asks the same when the window was to be closed before the key was shown", async () => {
    await open({ closeRequested: true });
    expect(await screen.findByRole("alertdialog", { name: /^Close without saving/ })).toBeVisible();
  });

  it("closes when the secret is gone already, and stays when it fails otherwise", async () => {
    const { user, memory, onclosed } = await open();
    memory.fail("secretClose", { code: "failed", message: "no luck" });
    await user.click(button("Close"));
    expect(await screen.findByRole("alert")).toHaveTextContent(/no luck/);
    expect(onclosed).not.toHaveBeenCalled();
    memory.fail("secretClose", { code: "secret_gone" });
    await user.click(button("Close"));
    await waitFor(() => expect(onclosed).toHaveBeenCalledOnce());
  });
});

describe("the successor of a rotation", () => {
  async function openSuccessor() {
    const memory = new MemoryGateway();
    const old = "t-harbour-8fK2pQ7z";
    const newKey = await memory.gateway.rotationBegin(old, { expires: null, overlap: { kind: "hours", hours: 24 } });
    const onclosed = vi.fn();
    const view = render(SaveKeyDialog, {
      props: { newKey, vault: "keychain", onclosed },
      context: gatewayContext(memory.gateway),
    });
    const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
    const status = async () => (await memory.gateway.keyShow(old)).key.status;
    return { ...view, newKey, onclosed, user, status, memory };
  }

  it("retires the old key when it is closed, and says so before", async () => {
    const { user, onclosed, status, container } = await openSuccessor();
    expect(screen.getByText(/Close retires the old key: lk_8fK2pQ7z…x9Qa is valid until/)).toBeVisible();
    // The old key has the same name, and everybody knows why.
    expect(screen.queryByText(/other key has the same name/)).toBeNull();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(button("Copy to clipboard"));
    await user.click(button("Close"));
    await waitFor(() => expect(onclosed).toHaveBeenCalledWith(false));
    expect(await status()).toBe("superseded");
  });

  it("is undone when nobody has saved it, and the question says so", async () => {
    const { user, onclosed, status, memory, newKey } = await openSuccessor();
    await user.click(button("Close"));
    const question = await screen.findByRole("alertdialog");
    expect(question).toHaveTextContent("the rotation is undone: lk_8fK2pQ7z…x9Qa goes on as it is");
    await user.click(button("Close without saving"));
    await waitFor(() => expect(onclosed).toHaveBeenCalledWith(true));
    expect(await status()).toBe("expiring");
    await expect(memory.gateway.keyShow(newKey.key.id)).rejects.toMatchObject({ code: "not_found" });
  });
});
