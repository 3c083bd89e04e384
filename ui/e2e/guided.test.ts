// Vendors whose keys a person makes, in the real window: the right page in the browser, the key from the clipboard or a
// file into the keychain, its check against a server on loopback that answers as the vendor's does, its rotation and end.

import { writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Browser } from "./harness/browser";
import { Desktop } from "./harness/desktop";
import { showAppearance } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { until } from "./harness/processes";
import { type Answering, json, Vendor } from "./harness/vendor";
import { Key, Window } from "./harness/window";

let desktop: Desktop;
let window: Window;
let browser: Browser;
/** How often the browser was asked for a page. */
let pages = 0;
/** Every key that a vendor gave. */
const given: string[] = [];

beforeAll(async () => {
  desktop = await Desktop.start();
  browser = new Browser(desktop);
  await desktop.cli(["init"]);
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
  await Vendor.stopAll();
});

/** A key as a vendor gives it: no part of it stands anywhere else. */
function give(key: string): string {
  given.push(key);
  return key;
}

async function addTenant(connector: string, address: RegExp, url: string): Promise<void> {
  await window.clickFirst("button", "Add tenant");
  await window.click("radio", "By a vendor's server (remote)");
  await window.click("option", connector);
  await window.see("You make its keys in the vendor's own pages and record them here.");
  await window.fill(/^Name/, connector);
  await window.fill(address, url);
  const dialog = await window.find("dialog", { name: "Add remote tenant" });
  await window.click("button", "Add tenant", dialog);
  await window.gone("dialog");
  await window.find("heading", { name: connector });
  await window.see("Its server lists no keys");
  expect(await window.all("button", { name: "Refresh" })).toEqual([]);
  expect(await window.all("button", { name: /^Generate many/ })).toEqual([]);
}

async function openRecord(): Promise<void> {
  // An empty list has a second button, below its explanation.
  await window.clickFirst("button", "Record key");
  await window.find("dialog", { name: "Record a key" });
}

async function openPage(vendor: string, page: string): Promise<void> {
  await window.click("button", `Open ${vendor}'s page`);
  pages += 1;
  await browser.sees(page, pages);
  await window.see("Opened in the browser:");
}

/** Copies a key at the vendor and pastes it here. */
async function paste(key: string): Promise<void> {
  await desktop.copy(key);
  await window.click("button", /^Paste key/);
  await window.see(`${key.length} characters`);
}

async function record(dialog: string): Promise<void> {
  await window.click("button", "Record key", await window.find("dialog", { name: dialog }));
  await window.gone("dialog");
}

/** Nothing that the page holds or was ever told has a key in it. */
async function expectNoKey(): Promise<void> {
  const answers = await window.ipcAnswers();
  expect(answers.map(({ command }) => command)).toContain("key_record");
  const told = JSON.stringify(answers) + (await window.source()) + (await window.text());
  // Lists show the first and last characters.
  for (const key of given) expect(told).not.toContain(key.slice(6, -6));
}

/** Opens the successor's dialog, records it, and lands on its details, checked. */
async function rotate(name: string, successor: string, answer: string): Promise<void> {
  await window.click("button", "Rotate…");
  const dialog = `Rotate ${name}: record the new key`;
  await window.find("dialog", { name: dialog });
  const field = await window.find("textbox", { name: /^(Name|Label)/ });
  expect(await field.getAttribute("value")).toBe(name);
  await paste(successor);
  await record(dialog);
  await window.find("heading", { name: answer });
  await window.see(/It takes the place of .*, which still works/);
  await window.click("button", "Show old key");
  await window.see("Put it in place wherever this one is used.");
}

/** Revokes the old key in the vendor's pages, looks whether it is gone, and marks it. */
async function retire(vendor: string, name: string, page: string, remove: () => void): Promise<void> {
  await window.click("button", "Revoke old key…");
  await window.find("alertdialog", { name: `Revoke ${name}?` });
  await openPage(vendor, page);
  await window.click("button", "Check that it is gone");
  await window.find("heading", { name: "The server still accepts the key" });
  remove();
  await window.click("button", "Check that it is gone");
  await window.find("heading", { name: "The server refuses the key" });
  await window.fill("Reason (optional)", "Replaced");
  await window.click("button", "Mark as revoked");
  await window.gone("alertdialog");
  await window.find("row", { name: new RegExp(`${name}.*Revoked`) });
}

/** Answers a check: with 200 for a key that is known, else as the vendor refuses. */
function checking(
  path: string,
  sent: (request: IncomingMessage) => string | undefined,
  known: Set<string>,
  refuse: Answering,
): Answering {
  return (request, response) => {
    const key = sent(request);
    if (request.url === path && key !== undefined && known.has(key)) json(response, 200, { data: [], count: 0 });
    else refuse(request, response);
  };
}

describe("goTransverse", () => {
  const [first, second] = [give("0a1b2c3d4e5f60718293a4b5c6d7e8f9"), give("f9e8d7c6b5a493827160f5e4d3c2b1a0")];
  const known = new Set<string>();
  /** Keys that have an API set, but not that of the check. */
  const elsewhere = new Set<string>();
  const page = "https://documentation.gotransverse.com/api2/content/user_guide/api_overview/authent_header.htm";

  it("is added, and takes a key from the .APIKEY file", async () => {
    const vendor = await Vendor.start(
      checking(
        "/billing/2/actions",
        ({ headers }) => headers["x-api-key"]?.toString(),
        known,
        ({ headers }, response) => {
          const key = headers["x-api-key"]?.toString() ?? "";
          const message = elsewhere.has(key) ? "Access Denied" : "Access to this API has been disallowed";
          json(response, 403, { message });
        },
      ),
    );
    await addTenant("goTransverse", /^Host of the environment/, vendor.url);
    await window.picture("guided-empty-light");
    await openRecord();
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-record-light");
    await openPage("goTransverse", page);
    const file = join(desktop.folder, "meter totals.APIKEY");
    writeFileSync(file, `${first}\n`);
    elsewhere.add(first);
    await window.click("button", "Choose file…");
    await desktop.openDialog(file, "Choose the file with the key");
    await window.see("32 characters");
    await window.fill(/^Name/, "meter totals");
    await window.click("option", "Dunning");
    await window.click("button", "Add what is chosen");
    await window.see("The key may use 1 of 9 API sets, without an end.");
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-taken-light");
    await record("Record a key");
    await window.find("row", { name: /meter totals.*Dunning/ });
    await window.find("heading", { name: "The key works, but lacks this API set" });
    expect(vendor.asked).toEqual(["GET /billing/2/actions"]);
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-checked-light");
    expect((await desktop.keychain.labels()).filter((label) => label.includes("meter totals"))).toHaveLength(1);
  });

  it("says what is wrong before anything is recorded", async () => {
    await openRecord();
    await window.click("button", "Record key");
    await window.see("Paste the key or choose its file first.");
    expect(await window.focused("button", /^Paste key/)).toBe(true);
    await paste(first);
    await window.see("It is in the list already, as meter totals");
    await window.click("button", "Take out");
    await window.gone("button", { name: "Take out" });
    await paste("not what they give");
    await window.see("It does not look as goTransverse's keys do.");
    await window.click("button", "Record key");
    await until("the name to be at fault", async () => (await window.focused("textbox", /^Name/)) || undefined);
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-faults-light");
    await window.click("button", "Cancel");
    await window.click("button", "Discard");
    await window.gone("dialog");
  });

  it("is rotated, and the old key revoked as its pages say", async () => {
    await window.click("row", /meter totals/);
    known.add(second);
    await rotate("meter totals", second, "The key works");
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-rotation-light");
    for (const appearance of ["Dark", "Light"] as const) {
      await showAppearance(window, appearance, "goTransverse");
      await window.click("row", /meter totals.*rotation under way/);
      await window.find("button", { name: "Revoke old key…" });
      expect(await window.axe()).toEqual([]);
      if (appearance === "Dark") await window.picture("guided-rotation-dark");
    }
    await window.click("button", "Revoke old key…");
    await window.find("alertdialog", { name: "Revoke meter totals?" });
    await window.see("How a key is removed is not documented");
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-revoke-light");
    await window.click("button", "Cancel");
    await window.gone("alertdialog");
    await retire("goTransverse", "meter totals", page, () => elsewhere.delete(first));
    await expectNoKey();
  });

  it("looks as well in the dark, and in a small window", async () => {
    await showAppearance(window, "Dark", "goTransverse");
    await openRecord();
    await paste(give("11112222333344445555666677778888"));
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-record-dark");
    await window.driver.manage().window().setRect({ width: 760, height: 560 });
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-record-narrow");
    await window.driver.manage().window().setRect({ width: 1280, height: 800 });
    await window.click("button", "Cancel");
    await window.click("button", "Discard");
    await window.gone("dialog");
    await window.click("row", /meter totals.*Active/);
    await window.click("button", "Revoke…");
    await window.click("button", "Check that it is gone");
    await window.find("heading", { name: "The server still accepts the key" });
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-revoke-dark");
    await window.click("button", "Cancel");
    await window.gone("alertdialog");
    await showAppearance(window, "Light", "goTransverse");
  });
});

describe("Documoto", () => {
  const header = (name: string, id: string) => give(`Basic ${Buffer.from(`${name}:${id}`).toString("base64")}`);
  const first = header("PARTS", "3b0ed6a1-77aa-4c1e-9a55-0f6f0f3c9d11");
  const second = header("PARTS2", "c55e9f02-1b2c-4d3e-8f90-aa51b2c3d4e5");
  const known = new Set([first, second]);
  const page = "https://support.documoto.com/knowledge-base/how-to-create-api-keys";

  it("is recorded with its organization and groups, checked, rotated and revoked", async () => {
    const vendor = await Vendor.start(
      checking(
        "/api/ext/library/browse-flows/v1",
        ({ headers }) => headers.authorization,
        known,
        (_, response) => json(response, 401, { message: "Unauthorized" }),
      ),
    );
    await addTenant("Documoto", /^Interface/, `${vendor.url}/api/ext`);
    await openRecord();
    await openPage("Documoto", page);
    await paste(first);
    await window.fill(/^Name/, "parts export");
    await window.click("checkbox", "Publishers");
    await window.see("read and change content and tags");
    expect(await window.axe()).toEqual([]);
    await window.picture("guided-documoto-light");
    await record("Record a key");
    await window.find("heading", { name: "The key works" });
    await window.see("Publisher");
    await rotate("parts export", second, "The key works");
    await retire("Documoto", "parts export", page, () => known.delete(first));
    await expectNoKey();
  });
});

describe("Documenso", () => {
  const [first, second] = [give("api_7hq2m9x4k1z8w5v3"), give("api_p0o9i8u7y6t5r4e3")];
  const known = new Set([first, second]);
  const over = new Set<string>();

  it("is recorded from its team's page, told when it has expired, rotated and revoked", async () => {
    const vendor = await Vendor.start(
      checking(
        "/api/v2/envelope?page=1&perPage=1",
        ({ headers }) => headers.authorization,
        known,
        (request, response) => {
          const data = { appError: { code: "EXPIRED_CODE" }, httpStatus: 401 };
          if (over.has(request.headers.authorization ?? "")) json(response, 400, { message: "Expired token", data });
          else json(response, 401, { message: "Invalid token" });
        },
      ),
    );
    const page = `${vendor.url}/t/personal/settings/tokens`;
    await addTenant("Documenso", /^Server/, vendor.url);
    await openRecord();
    await openPage("Documenso", page);
    await paste(first);
    await window.fill(/^Name/, "contract archive");
    await window.see("everything in its team");
    await record("Record a key");
    await window.find("heading", { name: "The key works" });
    known.delete(first);
    over.add(first);
    await window.click("button", "Check whether it works");
    await window.find("heading", { name: "The key has expired" });
    known.add(first);
    await rotate("contract archive", second, "The key works");
    await retire("Documenso", "contract archive", page, () => known.delete(first));
    await expectNoKey();
  });
});

it("opens the page that describes a vendor's keys", async () => {
  await window.click("button", "Connectors", await window.find("navigation", { name: "Tenants and views" }));
  await window.click("button", /^docAnalyzer/, await window.find("list", { name: "Connectors" }));
  await window.find("heading", { name: "docAnalyzer.ai" });
  await window.click("button", "Open in the browser");
  pages += 1;
  await browser.sees("https://docanalyzer.ai/docs/api-keys", pages);
  expect(await window.axe()).toEqual([]);
  await window.picture("connector-page-light");
});

describe("docAnalyzer", () => {
  const [first, second] = [give("da-Vn3Tk8QeLr4Tz8VbK1nW6pYs3Hd5Gj0Ca"), give("da-9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Cb")];
  const known = new Set([`Bearer ${first}`, `Bearer ${second}`]);

  it("is recorded by keyboard alone, checked, rotated and revoked", async () => {
    const vendor = await Vendor.start(
      checking(
        "/api/v1/models",
        ({ headers }) => headers.authorization,
        known,
        (_, response) => json(response, 401, { error: { message: "Invalid API key" } }),
      ),
    );
    await addTenant("docAnalyzer.ai", /^Interface/, `${vendor.url}/api/v1`);
    await window.press(Key.chord(Key.CONTROL, "n"));
    await until("the focus on Paste", async () => (await window.focused("button", /^Paste key/)) || undefined);
    await desktop.copy(first);
    await window.press(Key.chord(Key.CONTROL, "v"));
    await window.see(`${first.length} characters`);
    await window.tabTo("textbox", /^Label/);
    await window.press("reading room", Key.ENTER);
    await window.gone("dialog");
    await until("the focus in the details", async () => (await window.focused("heading", "reading room")) || undefined);
    await window.find("heading", { name: "The key works" });
    await window.see("everything that its creator may do");
    await rotate("reading room", second, "The key works");
    await retire("docAnalyzer.ai", "reading room", "https://docanalyzer.ai/", () => known.delete(`Bearer ${first}`));
    await expectNoKey();
  });
});

it("leaves the keys in the keychain alone", async () => {
  // Successors are kept; what they replaced left the keychain with its revocation.
  expect(await desktop.keychain.labels()).toHaveLength(4);
  await window.close();
  for (const key of given) {
    const found = filesWith(key, desktop.folder).filter((path) => !path.endsWith(".APIKEY"));
    expect(found).toEqual([]);
  }
});
