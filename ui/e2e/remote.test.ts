// A remote tenant in the real window, over a DocSpace portal on loopback that keeps keys as the real one does.

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openNewKey, openTenant, showAppearance } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { until } from "./harness/processes";
import { Key, Window } from "./harness/window";

const first = "sk-5f0c1d2e3a4b5c6d7e8f90123456789a5f0c1d2e3a4b5c6d7e8f90123456789a";
const second = "sk-77aa1d2e3a4b5c6d7e8f90123456789a5f0c1d2e3a4b5c6d7e8f9012345677aa";

interface PortalKey {
  id: string;
  name: string;
  key: string;
  keyPostfix: string;
  permissions?: string[];
  isActive: boolean;
  createOn: string;
}

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));

class Portal {
  keys: PortalKey[] = [];
  admin = first;
  readonly asked: string[] = [];
  readonly #server: Server;
  #made = 0;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  key(name: string): PortalKey | undefined {
    return this.keys.find((key) => key.name === name);
  }

  make(name: string, permissions?: string[]): PortalKey {
    this.#made += 1;
    const key = `sk-${(0x5eed0000 + this.#made).toString(16).padStart(64, "0")}`;
    const made: PortalKey = {
      id: `0b6e3c5e-0000-4000-8000-${String(this.#made).padStart(12, "0")}`,
      name,
      key,
      keyPostfix: key.slice(-4),
      ...(permissions && { permissions }),
      isActive: true,
      createOn: new Date().toISOString(),
    };
    this.keys.push(made);
    return made;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const credential = request.headers.authorization?.replace("Bearer ", "");
    const ok = (body: unknown) => json(response, 200, { response: body, status: 0, statusCode: 200 });
    const masked = (key: PortalKey) => ({ ...key, key: `sk-***${key.keyPostfix}` });
    if (request.url === "/api/2.0/keys/@self") {
      const own = this.keys.find((key) => key.key === credential && key.isActive);
      return void (own ? ok(masked(own)) : response.writeHead(401).end());
    }
    if (credential !== this.admin) return void response.writeHead(401).end();
    if (request.url === "/api/2.0/keys/permissions") return void ok(["*", "files:read", "files:write"]);
    const body = (chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}) as Partial<PortalKey>;
    if (request.method === "GET") return void ok(this.keys.map(masked));
    if (request.method === "POST") return void ok(this.make(body.name ?? "", body.permissions));
    const key = this.keys.find(({ id }) => request.url?.endsWith(id));
    if (!key) return void json(response, 500, { error: { message: "Object reference" } });
    if (request.method === "DELETE") this.keys = this.keys.filter((one) => one !== key);
    else Object.assign(key, body);
    ok(true);
  }
}

const portal = new Portal();
let desktop: Desktop;
let window: Window;
/** What the portal made, and nobody may find where it does not belong. */
let made: string;
/** The same, of its successor. */
let next: string;

beforeAll(async () => {
  portal.make("Crane", ["files:read"]);
  portal.make("Gate");
  await portal.start();
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
  await portal.stop();
});

const refresh = () => window.click("button", "Refresh");

/** Chooses a key, so that its details stand beside the list. */
async function choose(row: string, name = row): Promise<void> {
  await window.click("row", new RegExp(row));
  await window.find("heading", { name });
}

it("adds a tenant by clicks, and its keys appear", async () => {
  await window.clickFirst("button", "Add tenant");
  await window.click("radio", "By a vendor's server (remote)");
  await window.find("dialog", { name: "Add remote tenant" });
  await window.click("option", "ONLYOFFICE DocSpace");
  await window.see("What to know");
  await window.fill(/^Name/, "Portal");
  await window.fill(/^Portal/, "portal");
  await window.fillPassword("API key of an administrator", first);
  expect(await window.axe()).toEqual([]);
  await window.picture("remote-add-light");
  const dialog = await window.find("dialog", { name: "Add remote tenant" });
  await window.click("button", "Add tenant", dialog);
  await until("the address to have the focus", async () => (await window.focused("textbox", /^Portal/)) || undefined);
  await window.fill(/^Portal/, portal.url);
  await window.press(Key.ENTER);
  await window.gone("dialog");
  await window.find("heading", { name: "Portal" });
  await window.find("row", { name: /Crane.*Files: Read/ });
  await window.find("row", { name: /Gate/ });
  await window.see("Refreshed just now.");
  await window.find("list", { name: "Remote tenants" });
  await choose("Gate");
  await window.see("The key may do everything that its creator may do.");
  expect(await window.texts("term")).not.toContain("Permissions");
  expect(await window.axe()).toEqual([]);
  await window.picture("remote-keys-light");
});

it("generates a key at the server, saves it, and checks that it works", async () => {
  await window.clickFirst("button", "Create new secret key");
  await window.find("dialog", { name: "Create new secret key" });
  await window.fill(/^Label/, "Quay");
  await window.click("radio", "Restricted");
  await window.click("option", /^Files: Write/);
  await window.click("button", "Add what is chosen");
  await window.click("button", "Generate");
  await window.find("heading", { name: "Save generated key" });
  await window.clickFirst("button", /^Copy/);
  made = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
  expect(portal.key("Quay")).toMatchObject({ key: made, permissions: ["files:write"] });
  await window.picture("remote-save");
  await window.click("button", "Done");
  await window.gone("dialog");

  await choose("Quay");
  await window.fillPassword("Key to check", made);
  await window.click("button", "Check whether it works");
  await window.find("heading", { name: "The key works" });
  expect(await window.axe()).toEqual([]);
  await window.picture("remote-checked-light");
});

it("rotates it at the server", async () => {
  await window.click("button", "Rotate…");
  await window.find("dialog", { name: "Rotate Quay" });
  await window.press(Key.END);
  await window.click("button", "Generate successor");
  await window.find("heading", { name: "Save generated key" });
  const [copy] = await window.all("button", { name: /^Copy/ });
  await copy!.click();
  next = await until("the successor", async () => {
    const copied = await desktop.clipboard();
    return copied && copied !== made ? copied : undefined;
  });
  expect(portal.keys.filter(({ name }) => name === "Quay").map(({ key }) => key)).toEqual([made, next]);
  await window.click("button", "Done");
  await window.gone("dialog");
  await window.find("row", { name: /Quay.*Revoked/ });
  expect(portal.keys.filter(({ name }) => name === "Quay")).toMatchObject([
    { key: next, permissions: ["files:write"] },
  ]);
  await choose("Quay.*Active", "Quay");
});

it("disables and revokes it at the server", async () => {
  await window.click("button", "Disable");
  await window.find("button", { name: "Enable" });
  expect(portal.key("Quay")?.isActive).toBe(false);
  await window.click("button", "Revoke…");
  await window.click("button", "Revoke key");
  await window.gone("alertdialog");
  await window.gone("row", { name: /Quay.*(Active|Disabled)/ });
  expect(portal.key("Quay")).toBeUndefined();
});

it("finds what was changed at the server", async () => {
  portal.key("Crane")!.isActive = false;
  portal.make("Pier", ["files:read"]);
  await refresh();
  await window.find("row", { name: /Pier/ });
  await window.find("row", { name: /Crane.*Disabled/ });
});

it("says that the credential is refused, and takes another one", async () => {
  portal.admin = second;
  await refresh();
  await window.see("The last refresh failed");
  expect(await window.axe()).toEqual([]);
  await window.picture("remote-refused-light");
  await window.click("button", "New credential…");
  await window.find("dialog", { name: "New credential for Portal" });
  await window.click("button", "Use it");
  await window.see("Fill this in.");
  expect(await window.axe()).toEqual([]);
  await window.picture("remote-credential");
  await window.fillPassword("API key of an administrator", second);
  await window.press(Key.ENTER);
  await window.gone("dialog");
  await until("the refresh", async () => !(await window.text()).includes("The last refresh failed") || undefined);
  await window.see("Refreshed just now.");
});

it("goes on with local tenants while the server is down, and is fresh again after it", async () => {
  await portal.stop();
  await refresh();
  await window.see(/127\.0\.0\.1 cannot be reached/, 40);
  await showAppearance(window, "Dark", "Portal");
  await window.picture("remote-down-dark");
  expect(await window.axe()).toEqual([]);
  await openTenant(window, "Harbour Authority");
  await openNewKey(window);
  await window.fill(/^Name/, "north gate");
  await window.click("button", "Finish");
  await window.find("heading", { name: "Save generated key" });
  await window.click("button", /^Copy/);
  await window.see("Copied");
  await window.click("button", "Close");
  await window.gone("dialog");
  await window.find("row", { name: /north gate/ });
  await portal.start();
  await openTenant(window, "Portal");
  await window.click("button", "Try again");
  await window.see("Refreshed just now.");
  await choose("Gate");
  await window.picture("remote-keys-dark");
});

it("refreshes when the window opens", async () => {
  const told = JSON.stringify(await window.ipcAnswers()) + (await window.source());
  for (const secret of [first, second, made, next]) expect(told).not.toContain(secret.slice(3, 40));
  expect(await window.cspViolations()).toEqual([]);
  await window.close();
  portal.make("Lock", ["files:read"]);
  window = await Window.open(desktop);
  await openTenant(window, "Portal");
  await window.find("row", { name: /Lock/ });
});

it("leaves no credential in the profile or in the log", () => {
  // The log is among them.
  for (const secret of [first, second, made, next]) expect(filesWith(secret, desktop.folder)).toEqual([]);
  expect(readFileSync(desktop.log, "utf8")).toContain("asked a server");
});
