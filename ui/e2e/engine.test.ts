// What the window's processes may do with their memory, as the system sees it.

import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, it } from "vitest";

import { binary, Desktop } from "./harness/desktop";
import { family, openSession, programOf, type Session } from "./harness/session";

let desktop: Desktop;
let session: Session;

beforeAll(async () => {
  desktop = await Desktop.start();
  expect((await desktop.cli(["init"])).status).toBe(0);
  session = await openSession(desktop, binary("latchkey-desktop"));
});

afterAll(async () => {
  await session?.close();
  await desktop?.close();
});

it("has no memory, in any of its processes, that can be written and executed", () => {
  const processes = family(programOf(session.server));
  const names = processes.map((one) => readFileSync(`/proc/${one}/comm`, "utf8").trim());
  expect(names).toEqual(expect.arrayContaining(["latchkey-deskto", "WebKitWebProces"]));
  const both = processes.map((one) =>
    readFileSync(`/proc/${one}/maps`, "utf8")
      .split("\n")
      .filter((mapping) => / .wx/.test(mapping)),
  );
  expect(both.flat()).toEqual([]);
});
