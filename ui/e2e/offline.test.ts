// The window seen from outside, by a trace of its system calls: with the switch off it opens no socket to any computer,
// though it has a remote tenant that is refreshed at the start; with the switch on it does, so that this can be seen.

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { binary, Desktop } from "./harness/desktop";
import { run, stop, until } from "./harness/processes";
import { Window } from "./harness/window";

let desktop: Desktop;
let portal: Server;
let asked = 0;

/** `make test` finds out whether a program can be traced, and says so where a test must not be left out. */
const tried = await run(
  "strace",
  ["--follow-forks", "--trace=network", "--output=/dev/null", "true"],
  process.env,
).catch((cause: unknown) => ({ status: null, stderr: String(cause) }));
const traceable = tried.status === 0;
if (!traceable) process.stderr.write(`skipped: no system calls can be traced here (${tried.stderr.trim()})\n`);

it("can be looked at from outside", () => {
  expect(traceable || process.env.LATCHKEY_TRACE !== "needed", tried.stderr).toBe(true);
});

beforeAll(async () => {
  portal = createServer((request, response) => {
    asked += 1;
    const body = request.url?.endsWith("permissions") ? ["*"] : [{ id: "1", name: "Crane", isActive: true }];
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ response: body }));
  });
  await new Promise<void>((resolve) => portal.listen(0, "127.0.0.1", resolve));
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  const url = `http://127.0.0.1:${(portal.address() as AddressInfo).port}`;
  const add = ["tenant", "add", "Portal", "--remote", "docspace", "--url", url, "--credential-file", "-"];
  const added = await desktop.cli(add, "sk-5f0c1d2e3a4b5c6d7e8f90123456789a");
  expect(added.status, added.stderr).toBe(0);
});

afterAll(async () => {
  await desktop?.close();
  portal.closeAllConnections();
  await new Promise((resolve) => portal.close(resolve));
});

/**
 * Opens the window in a trace, waits until its log says `line`, and closes it as a person does. Answers with the families
 * of the sockets that it and all its processes have opened. Nothing drives it: WebDriver comes by a socket of its own.
 */
async function families(name: string, line: string): Promise<Set<string>> {
  const [trace, log] = [join(desktop.folder, `${name}.trace`), join(desktop.folder, `${name}.log`)];
  const script = 'exec strace --follow-forks --trace=network --output "$0" -- "$1" 2> "$2"';
  const env = { LATCHKEY_LOG: "latchkey_desktop=debug,warn" };
  const program = desktop.spawn("sh", ["-c", script, trace, binary("latchkey-desktop"), log], env);
  await until(
    `the log to say ${line}`,
    () => Promise.resolve(readFileSync(log, "utf8").includes(line) || undefined),
    60,
  );
  await desktop.waitForWindow("Latchkey");
  await desktop.closeWindow("Latchkey");
  await desktop.waitForNoWindow("Latchkey");
  await until("the program to end", () => Promise.resolve(program.exitCode !== null || undefined), 30);
  await stop(program);
  return new Set(Array.from(readFileSync(trace, "utf8").matchAll(/\bsocket\((AF_\w+)/gu), ([, family]) => family!));
}

const local = ["AF_UNIX", "AF_NETLINK"];

it.runIf(traceable)("asks the server at its start, which can be seen", async () => {
  const before = asked;
  const opened = await families("online", "the remote tenants were refreshed");
  expect(asked).toBeGreaterThan(before);
  expect([...opened].filter((family) => !local.includes(family))).toEqual(["AF_INET"]);
});

it.runIf(traceable)("opens no socket to any computer once the network is switched off", async () => {
  const window = await Window.open(desktop);
  await window.click("button", "Settings", await window.find("navigation", { name: "Tenants and views" }));
  await window.click("checkbox", /^Use the network/);
  await window.see("Offline");
  await window.close();
  const before = asked;
  const opened = await families("offline", "offline: no server is asked");
  expect(asked).toBe(before);
  expect([...opened].filter((family) => !local.includes(family))).toEqual([]);
  expect(opened, "the session bus and the display").toContain("AF_UNIX");
});
