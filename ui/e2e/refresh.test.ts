// Remote tenants being refreshed in the real window: how far it is, a wait that is counted down, cancelled for one and for
// all, and one server in trouble among three.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant, showAppearance } from "./harness/journey";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

const credential = "sk-5f0c1d2e3a4b5c6d7e8f90123456789a5f0c1d2e3a4b5c6d7e8f90123456789a";

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));

/** A portal with keys, which answers lists as a test wants it. */
class Portal {
  names: unknown[];
  asked = 0;
  /** Answers to the next lists, instead of the list. */
  readonly next: ((response: ServerResponse) => void)[] = [];
  trouble = false;
  readonly #server: Server;

  private constructor(names: string[]) {
    this.names = names;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(...names: string[]): Promise<Portal> {
    const portal = new Portal(names);
    await new Promise<void>((resolve) => portal.#server.listen(0, "127.0.0.1", resolve));
    return portal;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.asked += 1;
    if (this.trouble) return void json(response, 500, { error: { message: "Object reference" } });
    if (request.url?.endsWith("permissions")) return void json(response, 200, { response: ["*", "files:read"] });
    const next = this.next.shift();
    if (next) return next(response);
    const row = (name: unknown, at: number) =>
      name === null
        ? { name }
        : { id: `0b6e3c5e-0000-4000-8000-${String(at).padStart(12, "0")}`, name, isActive: true };
    json(response, 200, { response: this.names.map(row) });
  }
}

const busyFor = (seconds: number) => (response: ServerResponse) =>
  void json(response, 429, {}, { "Retry-After": String(seconds) });

/** Holds an answer back until it is let go. */
function held(): { wait: (response: ServerResponse) => void; arrived: () => boolean; letGo: () => void } {
  let waiting: ServerResponse | undefined;
  return {
    wait: (response) => (waiting = response),
    arrived: () => waiting !== undefined,
    letGo: () => {
      if (waiting && !waiting.headersSent) json(waiting, 200, { response: [] });
    },
  };
}

const portals: Record<string, Portal> = {};
let desktop: Desktop;
let window: Window;

beforeAll(async () => {
  desktop = await Desktop.start();
  desktop.chooseFonts();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
  for (const name of ["Depot", "Portal", "Quarry"]) {
    portals[name] = await Portal.start(`${name} crane`, `${name} gate`);
    const args = ["tenant", "add", name, "--remote", "docspace", "--url", portals[name].url, "--credential-file", "-"];
    const added = await desktop.cli(args, credential);
    expect(added.status, added.stderr).toBe(0);
  }
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
  for (const portal of Object.values(portals)) await portal.stop();
});

const refreshAll = () => window.click("button", "Refresh all remote tenants");

it("counts down what a server wants to be left alone, and then goes on by itself", async () => {
  await openTenant(window, "Portal");
  await window.see("Refreshed just now.");
  const portal = portals["Portal"]!;
  portal.names.push("Portal pier");
  portal.next.push(busyFor(8));
  await window.click("button", "Refresh");
  const left = async () => Number(/The server is busy: again in (\d) s/.exec(await window.text())?.[1]) || undefined;
  const first = await until("the countdown", left);
  expect(await window.announced()).toMatch(/The server is busy and is asked again in \d seconds\./);
  expect(await window.axe()).toEqual([]);
  await window.picture("refresh-waiting-light");
  await until("it to go on", async () => ((await left()) ?? 0) < first || undefined);
  await window.find("row", { name: /Portal pier/ });
  await window.see("Refreshed just now.");
});

it("cancels the refresh of one tenant, which then says what it said before", async () => {
  const portal = portals["Portal"]!;
  portal.next.push(busyFor(50));
  await window.click("button", "Refresh");
  await window.see(/again in \d\d s/);
  const before = portal.asked;
  await window.click("button", "Cancel");
  await until("the end of it", async () => !(await window.text()).includes("busy: again in") || undefined);
  expect(await window.focused("button", "Refresh")).toBe(true);
  await window.see("Refreshed just now.");
  expect((await window.text()).includes("The last refresh failed")).toBe(false);
  expect(portal.asked).toBe(before);
});

it("refreshes all with progress, says which are, and stops all", async () => {
  const answers = ["Depot", "Portal", "Quarry"].map((name) => {
    const answer = held();
    portals[name]!.next.push(answer.wait);
    return answer;
  });
  await refreshAll();
  await window.find("progressbar", { name: "0 of 3 refreshed" });
  await until("all to be asked", () => Promise.resolve(answers.every((answer) => answer.arrived()) || undefined));
  answers[0]!.letGo();
  await window.find("progressbar", { name: "1 of 3 refreshed" });
  expect(await window.axe()).toEqual([]);
  await window.picture("refresh-all-light");
  await showAppearance(window, "Dark", "Portal");
  await window.picture("refresh-all-dark");
  await window.click("button", "Stop refreshing all");
  await window.gone("progressbar");
  const said = async () => (await window.announced()).includes("The remote tenants have been refreshed.") || undefined;
  await until("the end to be said", said);
  // What was not answered says what it said before.
  await openTenant(window, "Quarry");
  await window.find("row", { name: /Quarry crane/ });
  for (const answer of answers) answer.letGo();
});

it("goes on with the others where one is in trouble, and counts the rows that nobody understands", async () => {
  portals["Quarry"]!.trouble = true;
  portals["Depot"]!.names = ["Depot lamp", null, "Depot crane"];
  portals["Portal"]!.names.push("Portal lock");
  await refreshAll();
  await window.see("is in trouble (status 500)", 40);
  await window.find("button", { name: /^Quarry.*The last refresh failed/ });
  await window.find("row", { name: /Quarry crane/ });
  await window.gone("progressbar");
  await openTenant(window, "Portal");
  await window.find("row", { name: /Portal lock/ });
  await openTenant(window, "Depot");
  await window.find("row", { name: /Depot lamp/ });
  await window.see(/1 row of the server's list could not be understood/);
  expect(await window.axe()).toEqual([]);
  await window.picture("refresh-skipped-dark");
  await showAppearance(window, "Light", "Quarry");
  await window.picture("refresh-trouble-light");
  expect(await window.cspViolations()).toEqual([]);
});
