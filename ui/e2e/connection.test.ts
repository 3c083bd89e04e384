// How a tenant's server is reached, in the real window: over HTTPS with an authority of its own and a client certificate,
// chosen in the system's dialogs; through a proxy; at another address.

import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttps, type Server as TlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Authority } from "./harness/authority";
import { Desktop } from "./harness/desktop";
import { openTenant, showAppearance } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

const credential = "sk-5f0c1d2e3a4b5c6d7e8f90123456789a5f0c1d2e3a4b5c6d7e8f90123456789a";
const id = "0b6e3c5e-0000-4000-8000-00000000000";

const listening = (server: Server | TlsServer) =>
  new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );

/** A portal with one key, which has the portal's name. */
function portal(name: string, asked: string[]) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${request.method} ${request.url}`);
    const json = (body: unknown) =>
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ response: body }));
    if (request.headers.authorization !== `Bearer ${credential}`) response.writeHead(401).end();
    else if (request.url === "/api/2.0/keys/permissions") json(["*", "files:read"]);
    else json([{ id: `${id}1`, name, keyPostfix: "9a9a", permissions: ["files:read"], isActive: true }]);
  };
}

/** Each way that was asked for. */
const led: string[] = [];
const [first, second]: [string[], string[]] = [[], []];
const servers: (Server | TlsServer)[] = [];
let port: number;
let plainPort: number;
let proxyPort: number;
let certificate: { file: string; key: string };
let desktop: Desktop;
let window: Window;

beforeAll(async () => {
  desktop = await Desktop.start();
  const authority = await Authority.make(join(desktop.folder, "authority"), "Harbour Authority Root", desktop.env);
  certificate = await authority.client("Desk 4");
  const tls = createHttps(
    {
      ...(await authority.server("portal.test")),
      ca: readFileSync(authority.file),
      requestCert: true,
      rejectUnauthorized: true,
    },
    portal("Crane", first),
  );
  const plain = createHttp(portal("Quay", second));
  // Only it knows where portal.test is.
  const proxy = createHttp((_, response) => response.writeHead(405).end());
  proxy.on("connect", (request, socket, head) => {
    led.push(request.url ?? "");
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Here\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    // A client that goes away in the middle is its own business.
    for (const end of [socket, upstream]) end.on("error", () => [socket, upstream].forEach((one) => one.destroy()));
  });
  servers.push(tls, plain, proxy);
  [port, plainPort, proxyPort] = [await listening(tls), await listening(plain), await listening(proxy)];
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** Chooses a file in the system's dialog. */
async function choose(button: string, title: string, file: string): Promise<void> {
  await window.click("button", button);
  await desktop.openDialog(file, title);
}

async function openConnection(): Promise<void> {
  await window.click("button", "Connection…");
  await window.find("dialog", { name: "Connection of Portal" });
  await until("the address to have the focus", async () => (await window.focused("textbox", /^Portal/)) || undefined);
}

async function choosePlace(name: string): Promise<void> {
  await window.click("option", name);
}

it("adds a tenant behind a company's authority, with files from the system's dialog", async () => {
  await window.clickFirst("button", "Add tenant");
  await window.click("radio", "By a vendor's server (remote)");
  await choosePlace("ONLYOFFICE DocSpace");
  await window.fill(/^Name/, "Portal");
  await window.fill(/^Portal/, "https://portal.test");
  await window.fillPassword("API key of an administrator", credential);
  await window.clickOn(await window.driver.findElement({ css: "dialog summary" }));
  const wrong = join(desktop.folder, "wrong.pem");
  writeFileSync(wrong, certificate.key, { mode: 0o600 });
  await choose("Choose certificate…", "Choose client certificate", wrong);
  await window.see("The file has a key, but not its certificate.");
  await choose("Choose certificate…", "Choose client certificate", certificate.file);
  await window.see("Desk 4");
  await choose("Choose authorities…", "Choose authorities", join(desktop.folder, "authority", "authority.pem"));
  await window.see("Harbour Authority Root");
  await choosePlace("This one");
  await window.fill(/^Address of the proxy/, `http://127.0.0.1:${proxyPort}`);
  expect(await window.axe()).toEqual([]);
  await window.picture("connection-add-light");
  await window.click("button", "Add tenant", await window.find("dialog", { name: "Add remote tenant" }));
  await window.gone("dialog");
  await window.find("row", { name: /Crane/ });
  expect(new Set(led)).toEqual(new Set(["portal.test:443"]));
  expect(first.length).toBeGreaterThan(0);
});

it("says at its field what cannot be used, and changes the proxy", async () => {
  await openConnection();
  await window.see("Desk 4");
  expect(await window.axe()).toEqual([]);
  await window.picture("connection-light");
  await window.fill(/^Address of the proxy/, "proxy.example.com");
  await window.click("button", "Save");
  await window.see("Write the proxy as http://proxy.example.com:3128");
  await until("the proxy to have the focus", async () => (await window.focused("textbox", /^Address of/)) || undefined);
  expect(await window.axe()).toEqual([]);
  await choosePlace("None, whatever the system says");
  const before = led.length;
  await window.click("button", "Save");
  await window.gone("dialog");
  // Without the proxy nobody knows where that is.
  await window.see(/portal\.test cannot be reached/, 60);
  expect(led.length).toBe(before);
  await openConnection();
  await choosePlace("This one");
  await window.fill(/^Address of the proxy/, `http://127.0.0.1:${proxyPort}`);
  await window.click("button", "Save");
  await window.gone("dialog");
  await window.see("Refreshed just now.");
  expect(led.length).toBeGreaterThan(before);
});

it("lets another server have the credential only after a question of the system", async () => {
  await openConnection();
  await window.fill(/^Portal/, `http://127.0.0.1:${plainPort}`);
  await window.see(/The stored credential was given for https:\/\/portal\.test/);
  expect(await window.axe()).toEqual([]);
  await window.picture("connection-moved-light");
  await window.click("button", "Save");
  await desktop.answerQuestion("Another server", "Escape");
  await window.see("The stored credential was given for another server.");
  expect(second).toEqual([]);
  await window.click("button", "Save");
  await desktop.answerQuestion("Another server", "Return");
  await window.gone("dialog");
  await window.find("row", { name: /Quay/ });
  expect(second.length).toBeGreaterThan(0);
});

it("marks a tenant that speaks without encryption, light and dark", async () => {
  // An address for documentation: nobody has it, and offline nobody asks.
  const change = [
    "tenant",
    "connection",
    "Portal",
    "--url",
    "http://192.0.2.1",
    "--keep-credential",
    "--proxy",
    "none",
  ];
  const changed = await desktop.cli([...change, "--plain-http", "yes"]);
  expect(changed.stderr).toBe("");
  await window.see("Without encryption");
  const within = await window.find("navigation", { name: "Tenants and views" });
  await window.find("button", { name: /^Portal.*Without encryption/, within });
  await window.picture("connection-plain-light");
  await showAppearance(window, "Dark", "Portal");
  await openConnection();
  await window.see("Send it without encryption");
  expect(await window.axe()).toEqual([]);
  await window.picture("connection-dark");
  await window.click("button", "Cancel");
  await window.gone("dialog");
  expect(await window.axe()).toEqual([]);
  await window.picture("connection-plain-dark");
  await openTenant(window, "Portal");
});

it("leaves no private key in the page, in what Rust answered, in the profile or in the log", async () => {
  const [, line] = certificate.key.split("\n");
  const told = JSON.stringify(await window.ipcAnswers()) + (await window.source());
  expect(told).toContain("Desk 4");
  expect(told).not.toContain(line);
  for (const secret of [line!, credential]) expect(filesWith(secret, desktop.home)).toEqual([]);
  expect(readFileSync(desktop.log, "utf8")).not.toContain(line);
  expect(await window.cspViolations()).toEqual([]);
});
