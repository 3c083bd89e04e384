import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { m } from "../../paraglide/messages";
import BundleDialog from "./BundleDialog.svelte";

const harbour = "t-harbour";

async function show(memory = new MemoryGateway()) {
  memory.downloadPath = "/home/port/harbour.bundle";
  const tenant = (await memory.gateway.tenantList()).find(({ id }) => id === harbour);
  const calls = { onclose: vi.fn(), onexported: vi.fn() };
  const view = render(BundleDialog, {
    props: { tenant: tenant!, ...calls },
    context: gatewayContext(memory.gateway),
  });
  return { ...view, ...calls, memory, user: userEvent.setup() };
}

const button = (name: string) => screen.findByRole("button", { name });
const region = (name: string) => screen.findByRole("region", { name });

it("teaches what a bundle is for before the first one", async () => {
  const { container, user } = await show();
  const first = await region("No bundle has left this computer yet");
  expect(first).toHaveTextContent("Export one and carry it to your services");
  // There is nothing that a delta could be since.
  expect(screen.queryByRole("radio")).toBeNull();
  expect(await screen.findByText(/^\d+ keys, [\d.]+ (K?i?B)\. As QR codes: 4, one after the other\.$/)).toBeVisible();
  await user.click(await button("Make it now"));
  expect(await screen.findByText(/^12ab 34cd/)).toBeVisible();
  expect(await axeViolations(container)).toEqual([]);
});

it("exports to the place that Rust asks for, and says what was written", async () => {
  const { user, memory, onexported, container } = await show();
  await user.click(await button("Export to a file…"));
  expect(
    await screen.findByText(/harbour\.bundle and \/home\/port\/harbour\.bundle\.minisig, good until/),
  ).toBeVisible();
  expect(onexported).toHaveBeenCalledOnce();
  expect(memory.callsOf("bundleExport")).toEqual([[{ tenant: harbour, since: null, valid_for: "35d", above: null }]]);
  const known = await region("What services know");
  await waitFor(() => expect(known).toHaveTextContent("Nothing has changed that services do not know."));
  expect(known).toHaveTextContent("harbour.bundle");
  expect(await axeViolations(container)).toEqual([]);
});

it("says what services do not know, and exports a delta of it", async () => {
  const memory = new MemoryGateway();
  memory.downloadPath = "/home/port/harbour.bundle";
  await memory.gateway.bundleExport({ tenant: harbour, since: null, valid_for: null, above: null });
  const [key] = memory.world.keys.filter((one) => one.tenant_id === harbour && one.revoked_at === null);
  await memory.gateway.keyRevoke(key!.id, null);
  const { user } = await show(memory);
  const known = await region("What services know");
  expect(known).toHaveTextContent("1 key has ended, and services still accept it.");
  await user.click(await screen.findByRole("radio", { name: "Only what has changed since" }));
  const since = screen.getByRole("combobox", { name: "Since which bundle" });
  expect(within(since).getAllByRole("option")).toHaveLength(1);
  expect(await screen.findByText(/^1 key added or changed, 0 taken away/)).toBeVisible();
  await user.click(await button("Export to a file…"));
  await waitFor(() => expect(known).toHaveTextContent("changes since no."));
  const [first, second] = memory.callsOf("bundleExport");
  expect(first).toEqual([{ tenant: harbour, since: null, valid_for: null, above: null }]);
  expect(second).toMatchObject([{ since: Number((since as HTMLSelectElement).value) }]);
});

it("says which keys never go into a bundle by the word that the list has for them", async () => {
  const memory = new MemoryGateway();
  const [key] = memory.world.keys.filter((one) => one.tenant_id === harbour);
  key!.weak = true;
  await show(memory);
  expect(await region("No bundle has left this computer yet")).toHaveTextContent(
    `1 key never goes into a bundle, since somebody may have chosen it. The list marks it “${m.keys_weak()}”.`,
  );
});

it("refuses days that are none at their field, and keeps what was typed", async () => {
  const { user, memory } = await show();
  const days = await screen.findByRole("textbox", { name: /^Good for/ });
  await user.clear(days);
  await user.type(days, "4000{Enter}");
  await waitFor(() => expect(days).toBeInvalid());
  expect(days).toHaveFocus();
  expect(days).toHaveValue("4000");
  expect(memory.callsOf("bundleExport")).toEqual([]);
  await user.clear(days);
  await user.type(days, "7{Enter}");
  await waitFor(() => expect(memory.callsOf("bundleExport")).toMatchObject([[{ valid_for: "7d" }]]));
  expect(days).toBeValid();
});

it("raises the number over that of services, after a backup was put back", async () => {
  const { user, memory, container } = await show();
  await user.click(await screen.findByText("The list came out of a backup"));
  const above = await screen.findByRole("textbox", { name: "Newest bundle that a service has (no.)" });
  await user.type(above, "4000000001{Enter}");
  await waitFor(() => expect(above).toBeInvalid());
  expect(above).toHaveFocus();
  expect(memory.callsOf("bundleExport")).toEqual([]);
  await user.clear(above);
  await user.type(above, "4711{Enter}");
  await waitFor(() => expect(memory.callsOf("bundleExport")).toMatchObject([[{ since: null, above: 4711 }]]));
  // Raised once, it stays raised.
  await waitFor(() => expect(above).toHaveValue(""));
  expect(await region("What services know")).toHaveTextContent("No. 4712, full");
  expect(await axeViolations(container)).toEqual([]);
});

it("has no word of a backup in a delta, which cannot raise the number", async () => {
  const memory = new MemoryGateway();
  memory.downloadPath = "/home/port/harbour.bundle";
  await memory.gateway.bundleExport({ tenant: harbour, since: null, valid_for: null, above: null });
  const { user } = await show(memory);
  await user.click(await screen.findByText("The list came out of a backup"));
  await user.type(screen.getByRole("textbox", { name: /^Newest bundle/ }), "no number");
  await user.click(screen.getByRole("radio", { name: "Only what has changed since" }));
  expect(screen.queryByRole("textbox", { name: /^Newest bundle/ })).toBeNull();
  await user.click(await button("Export to a file…"));
  await waitFor(() => expect(memory.callsOf("bundleExport")).toHaveLength(2));
  expect(memory.callsOf("bundleExport")[1]).toMatchObject([{ above: null }]);
});

it("stays as it was where no place is chosen, and says why where it fails", async () => {
  const memory = new MemoryGateway();
  const { user, onexported } = await show(memory);
  memory.downloadPath = null;
  await user.click(await button("Export to a file…"));
  await waitFor(() => expect(memory.callsOf("bundleExport")).toHaveLength(1));
  expect(onexported).not.toHaveBeenCalled();
  memory.fail("bundleExport", { code: "disk_full" });
  await user.click(await button("Export to a file…"));
  expect(await screen.findByRole("alert")).toHaveTextContent("The disk is full.");
  // The key that the vault lost is told with what to do.
  memory.fail("bundleExport", { code: "secret_missing" });
  await user.click(await button("Export to a file…"));
  await waitFor(() => expect(screen.getByRole("alert")).not.toHaveTextContent("The disk is full."));
});

it("offers no codes for what is too large for them, and says so", async () => {
  const memory = new MemoryGateway();
  const [model] = memory.world.keys.filter((key) => key.tenant_id === harbour && !key.weak);
  for (let n = 0; n < 400; n += 1) memory.world.keys.push({ ...model!, id: `k-many-${n}` });
  await show(memory);
  expect(await screen.findByText(/Too large for QR codes, which carry 16 KiB/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Show as QR codes" })).toBeNull();
});

it("copies the public key, and saves it as a file or a page", async () => {
  const memory = new MemoryGateway();
  await memory.gateway.bundlePublicKey(harbour);
  const { user } = await show(memory);
  await user.click(await button("Copy public key"));
  expect(await navigator.clipboard.readText()).toMatch(/^RWQ0dQ/);
  await user.click(await button("Copy fingerprint"));
  expect(await navigator.clipboard.readText()).toMatch(/^12ab 34cd/);
  await user.click(await button("Save as file…"));
  expect(await screen.findByText("Saved: /home/port/harbour.bundle", { selector: "p" })).toBeVisible();
  await user.click(await button("Save page to print…"));
  await waitFor(() =>
    expect(memory.callsOf("bundleKeySave")).toEqual([
      [harbour, false],
      [harbour, true],
    ]),
  );
});

describe("a new signing key", () => {
  it("is endorsed in a file, after which a full bundle is due", async () => {
    const memory = new MemoryGateway();
    memory.downloadPath = "/home/port/harbour.endorsement";
    await memory.gateway.bundleExport({ tenant: harbour, since: null, valid_for: null, above: null });
    const { user, container } = await show(memory);
    memory.downloadPath = "/home/port/harbour.endorsement";
    await user.click(await screen.findByRole("radio", { name: /changed/ }));
    await user.click(await button("New signing key…"));
    const question = await screen.findByRole("alertdialog", { name: "Give Harbour Authority a new signing key?" });
    await user.type(within(question).getByRole("textbox", { name: "Reason (optional)" }), "once a year");
    expect(await axeViolations(container)).toEqual([]);
    await user.click(await button("Make the key and save the endorsement…"));
    expect(
      await screen.findByText(/Carry \/home\/port\/harbour\.endorsement and .*\.minisig/, { selector: ".told" }),
    ).toBeVisible();
    expect(memory.callsOf("signingKeyRotate")).toEqual([[harbour, "once a year"]]);
    expect(await screen.findByText(/^98fe 34cd/)).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("radio")).toBeNull());
    const known = await region("What services know");
    expect(known).toHaveTextContent("The tenant has a new signing key. Export a full bundle with it.");
    expect(known).not.toHaveTextContent("Nothing has changed");
    // None is since a bundle of the old key.
    expect(memory.callsOf("bundlePreview").at(-1)).toMatchObject([{ since: null }]);
    await user.click(await button("Save endorsement again…"));
    expect(memory.callsOf("signingKeyEndorsement")).toEqual([[harbour]]);
  });

  it("stays the old one where nobody chooses a place", async () => {
    const { user, memory } = await show();
    await user.click(await button("Make it now"));
    memory.downloadPath = null;
    await user.click(await button("New signing key…"));
    await user.click(await button("Make the key and save the endorsement…"));
    expect(screen.getByRole("alertdialog")).toBeVisible();
    expect(screen.getByText(/^12ab 34cd/)).toBeInTheDocument();
  });

  it("takes the place of a lost one, and says so before", async () => {
    const { user, memory } = await show();
    memory.fail("bundleExport", { code: "secret_missing" });
    await user.click(await button("Make it now"));
    await user.click(await button("Export to a file…"));
    expect(await screen.findByText(/make a new signing key below/)).toBeVisible();
    await user.click(await button("New signing key…"));
    memory.fail("signingKeyRotate", { code: "secret_missing" });
    await user.click(await button("Make the key and save the endorsement…"));
    expect(await screen.findByText(/tick above that it is lost/)).toBeVisible();
    await user.click(screen.getByRole("checkbox", { name: /^The old key is lost/ }));
    expect(screen.getByText(/given the new public key by hand/)).toBeVisible();
    await user.click(await button("Make the key without an endorsement"));
    expect(await screen.findByText(/Give each service the new public key/, { selector: ".told" })).toBeVisible();
    expect(memory.callsOf("signingKeyReplace")).toEqual([[harbour, null]]);
    expect(screen.queryByRole("button", { name: "Save endorsement again…" })).toBeNull();
  });
});
