// A team's tokens on a Documenso server of one's own, in a session: the whole job in the real window.

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant, showAppearance } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { until } from "./harness/processes";
import { Key, Window } from "./harness/window";

const email = "ada@example.com";
const password = "correct horse 7f31c9e2";
// Longer than codes are, so that it is nowhere by chance.
const code = "492817-5c20b7";

interface Token {
  id: number;
  name: string;
  secret: string;
  createdAt: string;
  expires: string | null;
}

interface Told {
  status: number;
  body?: unknown;
  cookie?: string;
}

/** As its source says it behaves, as far as Latchkey asks. */
class Documenso {
  tokens: Token[] = [];
  session: string | null = null;
  /** All sessions that there were. */
  readonly sessions: string[] = [];
  readonly asked: string[] = [];
  /** What nobody may send. */
  readonly wrongs: string[] = [];
  readonly #server: Server;
  #made = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  make(name: string, expires: string | null = null): Token {
    this.#made += 1;
    const secret = `api_${String(5_317_990_114 * this.#made).padStart(16, "0")}`;
    const token = { id: 40 + this.#made, name, secret, createdAt: new Date().toISOString(), expires };
    this.tokens.push(token);
    return token;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>) : {};
    const told = this.#answer(request, body);
    response.setHeader("Content-Type", "application/json");
    if (told.cookie) response.setHeader("Set-Cookie", told.cookie);
    response.writeHead(told.status).end(told.body === undefined ? "" : JSON.stringify(told.body));
  }

  #answer({ method, url = "", headers }: IncomingMessage, body: Record<string, unknown>): Told {
    const path = url.split("?")[0];
    this.asked.push(`${method} ${path}`);
    const cookies = headers.cookie ?? "";
    if (path === "/api/v2/envelope") {
      if (cookies) this.wrongs.push("a key asked with cookies");
      const isKnown = this.tokens.some(({ secret }) => secret === headers.authorization);
      return isKnown ? { status: 200, body: { data: [] } } : { status: 401, body: { message: "Invalid token" } };
    }
    const signedIn = this.session !== null && cookies === `sessionId=${this.session}`;
    switch (path) {
      case "/api/auth/csrf":
        return { status: 200, body: { csrfToken: "c5rf" }, cookie: "csrfToken=c5rf.signed; Path=/; HttpOnly" };
      case "/api/auth/email-password/authorize":
        return this.#authorize(body, cookies);
      case "/api/auth/session":
        return { status: 200, body: { isAuthenticated: signedIn } };
      case "/api/auth/signout":
        if (signedIn) this.session = null;
        return { status: 200 };
      default:
        return this.#call(path ?? "", headers["x-team-id"], body, signedIn);
    }
  }

  #call(path: string, team: string | string[] | undefined, body: Record<string, unknown>, signedIn: boolean): Told {
    if (!signedIn) {
      const data = { code: "UNAUTHORIZED", httpStatus: 401 };
      return { status: 401, body: { error: { json: { message: "Invalid session or API token.", data } } } };
    }
    const done = (json: unknown): Told => ({ status: 200, body: { result: { data: { json } } } });
    const input = (body.json ?? {}) as { id?: number; teamId?: number; tokenName?: string; expirationDate?: string };
    switch (path) {
      case "/api/trpc/organisation.internal.getOrganisationSession": {
        const teams = [
          { id: 7, name: "Contracts", currentTeamRole: "ADMIN" },
          { id: 9, name: "Sales", currentTeamRole: "MEMBER" },
          { id: 11, name: "Legal", currentTeamRole: "MANAGER" },
        ];
        return done([{ id: "org_1", name: "Harbour", teams }]);
      }
      case "/api/trpc/apiToken.getMany":
        if (team !== "7") return done([]);
        return done(
          this.tokens.map(({ id, name, createdAt, expires }) => ({ id, name, createdAt, expires })).reverse(),
        );
      case "/api/trpc/apiToken.create": {
        expect(input).toMatchObject({ teamId: 7, expirationDate: "THREE_MONTHS" });
        const end = new Date();
        end.setUTCMonth(end.getUTCMonth() + 3);
        const { id, secret } = this.make(input.tokenName ?? "", end.toISOString());
        return done({ id, token: secret });
      }
      case "/api/trpc/apiToken.delete":
        this.tokens = this.tokens.filter(({ id }) => id !== input.id);
        return done(null);
      default:
        return { status: 404, body: {} };
    }
  }

  #authorize(body: Record<string, unknown>, cookies: string): Told {
    const refused = (code: string): Told => ({ status: 500, body: { code, message: code, statusCode: 500 } });
    if (body.csrfToken !== "c5rf" || cookies !== "csrfToken=c5rf.signed") return refused("INVALID_REQUEST");
    if (body.email !== email || body.password !== password) return refused("INVALID_CREDENTIALS");
    if (body.totpCode === undefined) return refused("TWO_FACTOR_MISSING_CREDENTIALS");
    if (body.totpCode !== code) return refused("INVALID_TWO_FACTOR_CODE");
    this.session = `s3ss10n-${this.sessions.length}-4c1d97ab02`;
    this.sessions.push(this.session);
    return { status: 201, cookie: `sessionId=${this.session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000` };
  }
}

const server = new Documenso();
let desktop: Desktop;
let window: Window;
/** The token that was made last. */
let made = "";

beforeAll(async () => {
  server.make("Crane");
  server.make("Gate");
  await server.start();
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
  await server.stop();
});

async function choose(name: string): Promise<void> {
  await window.click("row", new RegExp(name));
  await window.find("heading", { name });
}

/** Both appearances, with what axe has to say of each. */
async function looked(name: string): Promise<void> {
  expect(await window.axe()).toEqual([]);
  await window.picture(name);
}

/** Whether all that is said of the field with the focus is in sight, not only what is typed into it. */
function isWhole(): Promise<boolean> {
  return window.driver.executeScript<boolean>(
    `const field = document.activeElement.closest("[data-field]").getBoundingClientRect();
     const room = document.activeElement.closest("dialog").querySelector(".body").getBoundingClientRect();
     return field.top >= room.top && field.bottom <= room.bottom;`,
  );
}

/** Copies the token that was just made. */
async function save(): Promise<string> {
  await window.find("dialog", { name: "Token created" });
  await window.click("button", /^Copy to clipboard/);
  return until("the clipboard", async () => {
    const text = await desktop.clipboard();
    return text !== made && text ? text : undefined;
  });
}

it("is added with its caution, an e-mail address, a password, a one-time code and a team", async () => {
  await window.clickFirst("button", "Add tenant");
  await window.click("radio", "By a vendor's server (remote)");
  const dialog = await window.find("dialog", { name: "Add remote tenant" });
  await window.click("option", "Documenso, signed in");
  await window.see("This may break");
  await window.fill(/^Name/, "Contracts");
  await window.fill(/^Server/, server.url);
  await window.fill(/^E-mail address/, email);
  await window.fillPassword("Password", "not this one");
  await window.click("button", "Sign in", dialog);
  await window.see("Accept it first, or choose another connector.");
  expect(await window.focused("checkbox", "I accept that")).toBe(true);
  expect(server.asked).toEqual([]);
  await looked("session-caution-light");
  await window.click("checkbox", "I accept that");
  await window.click("button", "Sign in", dialog);
  await window.see("The server does not take this, or not together with the rest.");
  await looked("session-wrong-light");
  await window.fillPassword("Password", password);
  await window.press(Key.ENTER);
  await window.see("The server wants this.");
  await until("the field and what is wrong with it", async () => (await isWhole()) || undefined);
  await looked("session-code-light");
  await window.fillPassword("One-time code", code);
  expect(await isWhole()).toBe(true);
  await window.press(Key.ENTER);
  await window.see("You are signed in.");
  await until("the team to have the focus", async () => (await window.focused("combobox", /^Team/)) || undefined);
  const team = await window.find("combobox", { name: /^Team/ });
  expect(await window.texts("option", { within: team })).toEqual([
    "Choose …",
    "Contracts (Harbour, ADMIN)",
    "Sales (Harbour, MEMBER)",
    "Legal (Harbour, MANAGER)",
  ]);
  await window.click("option", /^Contracts/, team);
  await looked("session-team-light");
  await window.click("button", "Add tenant", dialog);
  await window.gone("dialog");
  await window.find("heading", { name: "Contracts" });
  await window.find("row", { name: /Crane/ });
  await window.see("Refreshed just now.");
  await looked("session-keys-light");
});

it("is tried in a session of its own, which ends with the trial", async () => {
  const held = server.session;
  await window.click("button", "Connectors", await window.find("navigation", { name: "Tenants and views" }));
  await window.click("button", /^Documenso, signed in/, await window.find("list", { name: "Connectors" }));
  await window.find("heading", { name: "Documenso, signed in" });
  await window.click("button", "Try…");
  const dialog = await window.find("dialog", { name: "Try Documenso, signed in" });
  await window.fill(/^Server/, server.url);
  await window.fill(/^E-mail address/, email);
  await window.fillPassword("Password", password);
  await window.press(Key.ENTER);
  await window.see("Accept it first, or choose another connector.");
  await window.click("checkbox", "I accept that");
  await window.click("button", "Try", dialog);
  await window.see("The server wants this.");
  await window.fillPassword("One-time code", code);
  await window.press(Key.ENTER);
  await window.see("Tried with Contracts (Harbour, ADMIN).");
  await window.find("row", { name: /Crane/, within: dialog });
  await looked("session-tried-light");
  expect(server.session).toBeNull();
  await window.press(Key.ESCAPE);
  await window.gone("dialog");
  // The server knows one session at a time; the tenant's own goes on.
  server.session = held;
  await openTenant(window, "Contracts");
});

it("generates a token, and checks that it works", async () => {
  await window.clickFirst("button", "Create token");
  const dialog = await window.find("dialog", { name: "Create API token" });
  await window.fill(/^Name/, "nightly");
  await window.click("button", "Create token", dialog);
  made = await save();
  expect(server.tokens.at(-1)).toMatchObject({ name: "nightly", secret: made });
  await window.click("button", "Done");
  await window.gone("dialog");
  await choose("nightly");
  await window.fillPassword("Key to check", made);
  await window.click("button", "Check whether it works");
  await window.find("heading", { name: "The key works" });
});

it("rotates it and revokes what is left", async () => {
  await window.click("button", "Rotate…");
  await window.find("dialog", { name: "Rotate nightly" });
  await window.press(Key.END);
  await window.click("button", "Generate successor");
  const next = await save();
  await window.click("button", "Done");
  await window.gone("dialog");
  const secrets = () => server.tokens.map(({ secret }) => secret);
  await until("the old token to be deleted", async () => Promise.resolve(!secrets().includes(made) || undefined));
  expect(secrets()).toContain(next);
  await choose("Crane");
  await window.click("button", "Revoke…");
  await window.click("button", "Revoke key");
  await window.gone("alertdialog");
  await window.find("row", { name: /Crane.*Revoked/ });
  expect(server.tokens.map(({ name }) => name)).toEqual(["Gate", "nightly"]);
});

it("keeps its keys when the session is over, and signs in again", async () => {
  server.session = null;
  await window.click("button", "Refresh");
  await window.see("Nobody is signed in to the server, or the session is over.");
  await window.find("row", { name: /Gate/ });
  await looked("session-over-light");
  await showAppearance(window, "Dark", "Contracts");
  await looked("session-over-dark");
  await window.click("button", "Sign in again…");
  await window.find("dialog", { name: "Sign in to the server of Contracts" });
  await window.fill(/^E-mail address/, email);
  await window.fillPassword("Password", password);
  await window.press(Key.ENTER);
  await window.see("The server wants this.");
  await looked("session-again-dark");
  await window.fillPassword("One-time code", code);
  await window.press(Key.ENTER);
  await window.gone("dialog");
  await window.see("Refreshed just now.");
  await until("the notice to go", async () => !(await window.text()).includes("the session is over") || undefined);
});

it("signs out, and the keys stay", async () => {
  await window.click("button", "Sign out");
  await window.see("Nobody is signed in");
  expect(server.session).toBeNull();
  await window.find("row", { name: /Gate/ });
  await looked("session-out-dark");
  await showAppearance(window, "Light", "Contracts");
  await looked("session-out-light");
  await openTenant(window, "Contracts");
});

it("leaves neither password nor code nor session in the window, the profile or the log", async () => {
  const told = JSON.stringify(await window.ipcAnswers()) + (await window.source());
  const secrets = [password, code, ...server.sessions];
  expect(server.sessions).toHaveLength(3);
  for (const secret of secrets) expect(told).not.toContain(secret);
  expect(await window.cspViolations()).toEqual([]);
  for (const secret of secrets) expect(filesWith(secret, desktop.folder)).toEqual([]);
  expect(readFileSync(desktop.log, "utf8")).toContain("asked a server");
  expect(server.wrongs).toEqual([]);
});
