// Connectors in the real window, tried against real servers on loopback that answer as the vendors do.

import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { filesWith } from "./harness/leaks";
import { run, until } from "./harness/processes";
import { json, Vendor } from "./harness/vendor";
import { Key, Window } from "./harness/window";

const credential = "sk-5f0c1d2e3a4b5c6d7e8f90123456789a5f0c1d2e3a4b5c6d7e8f90123456789a";
const key = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

let desktop: Desktop;
let window: Window;

/** Both shapes of dates, a key without permissions and one that is switched off. */
function docspace(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.authorization !== `Bearer ${credential}`) {
    response.writeHead(401).end();
  } else if (request.url === "/api/2.0/keys/permissions") {
    json(response, 200, { response: ["*", "files:read", "files:write"], status: 0 });
  } else {
    const id = "0b6e3c5e-0000-4000-8000-00000000000";
    const rows = [
      { id: `${id}1`, name: "Crane", keyPostfix: "9a9a", permissions: ["files:read"], isActive: true },
      { id: `${id}2`, name: "Gate", keyPostfix: "1b1b", expiresAt: "2027-04-01T10:00:00.0000000Z", isActive: false },
      "nobody knows what this is",
    ];
    json(response, 200, { response: rows, status: 0, statusCode: 200 });
  }
}

beforeAll(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
  window = await Window.open(desktop);
  await go("Connectors");
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

/** What one test left open is not in the way of the next. */
afterEach(async (context) => {
  await Vendor.stopAll();
  if (context.task.result?.state !== "fail") return;
  await window.reload();
  await go("Connectors");
});

async function go(place: string): Promise<void> {
  await window.click("button", place, await window.find("navigation", { name: "Tenants and views" }));
}

/** Opens the dialog for trying a connector, at an address. */
async function openTry(name: string, address: string, url: string): Promise<void> {
  await window.click("button", new RegExp(`^${name}`), await window.find("list", { name: "Connectors" }));
  await window.find("heading", { name });
  await window.click("button", "Try…");
  await window.find("dialog", { name: `Try ${name}` });
  await window.fill(new RegExp(`^${address}`), url);
}

async function closeDialog(): Promise<void> {
  await window.press(Key.ESCAPE);
  await window.gone("dialog");
}

it("lists the keys of a server with a credential, and changes nothing there", async () => {
  const vendor = await Vendor.start(docspace);
  await openTry("ONLYOFFICE DocSpace", "Portal", vendor.url);
  await window.fillPassword("API key of an administrator", credential);
  await window.press(Key.ENTER);
  await window.see("2 keys, 3 API sets");
  await window.see("1 row of the list cannot be understood and is left out.");
  await window.find("row", { name: /Crane.*files:read.*Never.*On/ });
  await window.find("row", { name: /Gate.*Everything.*2027-04-01.*Off/ });
  expect(await window.axe()).toEqual([]);
  await window.picture("connector-tried-light");
  expect(vendor.asked).toEqual(["GET /api/2.0/keys/permissions", "GET /api/2.0/keys"]);
  await closeDialog();
  expect(await window.focused("button", "Try…")).toBe(true);
});

it("offers the vendor's own addresses", async () => {
  await openTry("Documoto", "Interface", "");
  await window.click("button", "Integration");
  const address = await window.find("textbox", { name: /^Interface/ });
  expect(await address.getAttribute("value")).toBe("https://integration.digabit.com/api/ext");
  expect(await window.axe()).toEqual([]);
  await window.picture("connector-addresses");
  await closeDialog();
});

it.each([
  [200, [], "The key works"],
  [403, { message: "Access Denied" }, "The key works, but lacks this API set"],
  [403, { message: "Access to this API has been disallowed" }, "The server does not know the key"],
  [401, { message: "User account is locked" }, "The key or its account is switched off"],
])("tells what a server says of a key: %i %j", async (status, body, words) => {
  const vendor = await Vendor.start((request, response) => {
    expect(request.headers["x-api-key"]).toBe(key);
    json(response, status, body);
  });
  await openTry("goTransverse", "Host of the environment", vendor.url);
  await window.fillPassword("Key to check", key);
  await window.click("button", "Try");
  await window.find("heading", { name: words });
  expect(await window.axe()).toEqual([]);
  await window.picture(`connector-checked-${words.replaceAll(/\W+/g, "-").toLowerCase()}`);
  expect(vendor.asked).toEqual(["GET /billing/2/actions"]);
  await closeDialog();
});

it("says at its field what the server does not accept, and that nobody answers", async () => {
  const vendor = await Vendor.start(docspace);
  await openTry("ONLYOFFICE DocSpace", "Portal", "portal.example.com");
  await window.click("button", "Try");
  await until("the address to have the focus", async () => (await window.focused("textbox", /^Portal/)) || undefined);
  await window.fill(/^Portal/, vendor.url);
  await window.click("button", "Try");
  await window.see("Fill this in.");
  await window.fillPassword("API key of an administrator", credential.replace("5f0c", "0000"));
  await window.click("button", "Try");
  await window.see("The server does not accept this.");
  await window.picture("connector-refused-light");
  expect(await window.axe()).toEqual([]);
  await vendor.stop();
  await window.click("button", "Try");
  await window.see(/127\.0\.0\.1 cannot be reached/, 30);
  expect(await window.focused("textbox", /^Portal/)).toBe(true);
  await closeDialog();
});

it("counts down while a server is busy, and can be cancelled while it is slow", async () => {
  let slow = false;
  const vendor = await Vendor.start((_, response) => {
    // A slow one never answers.
    if (!slow) response.writeHead(429, { "Retry-After": "50" }).end();
  });
  await openTry("ONLYOFFICE DocSpace", "Portal", vendor.url);
  await window.fillPassword("API key of an administrator", credential);
  await window.click("button", "Try");
  await window.see(/The server is busy: again in 4\d s/);
  await window.picture("connector-waiting");
  await window.press(Key.ESCAPE);
  await window.see("Cancelled. Nothing was changed.");
  slow = true;
  const before = vendor.asked.length;
  await window.click("button", "Try");
  await until("the slow server to be asked", () => vendor.asked.length > before || undefined);
  await window.see("Asking the server");
  await window.click("button", "Cancel");
  await window.see("Cancelled. Nothing was changed.");
  await closeDialog();
});

it("takes a manifest of one's own through the system's dialog, and names the line of a wrong one", async () => {
  const manifest = {
    manifest: 1,
    id: "harbour",
    name: "Harbour office",
    about: "Tokens of our own office.",
    address: { label: "Office", example: "https://office.example.com" },
    credentials: [{ id: "token", label: "Token of an administrator" }],
    authentication: { "X-Office-Token": "{secret}" },
    draft: { name_min: 1, name_max: 40, no_api_sets: "nothing" },
    requests: { list: { method: "GET", path: "/tokens", at: "/all" } },
    key: { id: "/nr", name: "/for" },
    traps: ["A token ends with the year."],
  };
  const good = JSON.stringify(manifest, null, 2);
  const wrong = good.replace('"/tokens"', '"/tokens/{secret}"');
  const line = wrong.split("\n").findIndex((text) => text.includes("/tokens/{secret}")) + 1;
  writeFileSync(join(desktop.folder, "wrong.json"), wrong);
  writeFileSync(join(desktop.folder, "office.json"), good);

  await window.click("button", "Add connector…");
  await desktop.openDialog(join(desktop.folder, "wrong.json"), "Open connector");
  await window.see(`line ${line}, column`);
  await window.picture("connector-wrong-file");
  expect(await window.axe()).toEqual([]);

  await window.click("button", "Add connector…");
  await desktop.openDialog(join(desktop.folder, "office.json"), "Open connector");
  await window.find("dialog", { name: "Add Harbour office?" });
  expect(await window.axe()).toEqual([]);
  await window.picture("connector-add");
  await window.press(Key.ENTER);
  await window.gone("dialog");
  await window.find("heading", { name: "Harbour office" });
  await window.see("A token ends with the year.");

  const vendor = await Vendor.start((request, response) => {
    const known = request.headers["x-office-token"] === credential;
    json(response, known ? 200 : 401, { all: [{ nr: 7, for: "Crane" }] });
  });
  await openTry("Harbour office", "Office", `${vendor.url}/office/`);
  await window.fillPassword("Token of an administrator", credential);
  await window.press(Key.ENTER);
  await window.see("1 key, 0 API sets");
  await window.find("row", { name: /Crane/ });
  expect(vendor.asked).toEqual(["GET /office/tokens"]);
  await closeDialog();

  // A file that somebody broke in the folder says its line there.
  const own = join(desktop.home, "connectors", "harbour.json");
  writeFileSync(own, wrong);
  await go("Audit");
  await window.see("Connector added");
  await go("Connectors");
  await window.click("button", /^harbour Cannot be used/);
  await window.see(`line ${line}, column`);
  await window.picture("connector-broken-light");
  expect(await window.axe()).toEqual([]);
  writeFileSync(own, good);
  await window.click("button", "Read again");
  await window.find("heading", { name: "Harbour office" });
  await window.click("button", "Remove…");
  await window.find("alertdialog", { name: "Remove Harbour office?" });
  await window.picture("connector-remove");
  await window.click("button", "Remove connector");
  await window.gone("alertdialog");
  await window.click("button", /^goTransverse/);
  await window.find("heading", { name: "goTransverse" });
  expect((await window.all("button", { name: /^Harbour office/ })).length).toBe(0);
});

it("opens no connection while the network is switched off, in the window and on the command line", async () => {
  const vendor = await Vendor.start(docspace);
  await go("Settings");
  await window.click("checkbox", "Use the network");
  await window.see("Offline");
  await window.picture("settings-offline-light");
  expect(await window.axe()).toEqual([]);
  await go("Connectors");
  await openTry("ONLYOFFICE DocSpace", "Portal", vendor.url);
  await window.fillPassword("API key of an administrator", credential);
  await window.click("button", "Try");
  await window.see("Latchkey is offline, as it was told to be.");
  expect(await window.axe()).toEqual([]);
  await window.picture("connector-offline-light");
  await closeDialog();
  const cli = await desktop.cli(["connector", "try", "docspace", "--url", vendor.url, "--credential-file", "-"], key);
  expect(cli.status).toBe(6);
  expect(vendor.connections).toBe(0);
  await go("Settings");
  await window.click("checkbox", "Use the network");
  await until("the window to be online", async () => !(await window.text()).includes("Offline") || undefined);
  await go("Connectors");
  await openTry("ONLYOFFICE DocSpace", "Portal", vendor.url);
  await window.fillPassword("API key of an administrator", credential);
  await window.click("button", "Try");
  await window.see("2 keys, 3 API sets");
  await closeDialog();
});

it("is offline as soon as another window says so", async () => {
  const vendor = await Vendor.start(docspace);
  const another = (offline: number) =>
    run("sqlite3", [join(desktop.home, "latchkey.db"), `UPDATE profile SET offline = ${offline}`], desktop.env);
  expect((await another(1)).stderr).toBe("");
  await window.see("Offline");
  await openTry("ONLYOFFICE DocSpace", "Portal", vendor.url);
  await window.fillPassword("API key of an administrator", credential);
  await window.click("button", "Try");
  await window.see("Latchkey is offline, as it was told to be.");
  expect(vendor.connections).toBe(0);
  await closeDialog();
  await another(0);
  await until("the window to be online", async () => !(await window.text()).includes("Offline") || undefined);
});

it("leaves no credential in the page, in what Rust answered, in the profile or in the log", async () => {
  const told = JSON.stringify(await window.ipcAnswers()) + (await window.source());
  for (const secret of [credential, key]) {
    expect(told).not.toContain(secret.slice(4, 20));
    // The log is among them.
    expect(filesWith(secret, desktop.folder)).toEqual([]);
  }
  expect((await window.ipcAnswers()).some(({ command }) => command === "connector_try")).toBe(true);
  expect(await window.cspViolations()).toEqual([]);
  expect(readFileSync(desktop.log, "utf8")).toContain("asked a server");
});
