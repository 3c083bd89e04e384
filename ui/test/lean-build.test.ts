import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

import { afterAll, beforeAll, expect, it } from "vitest";

import { leanMessage } from "../lean-build";

type Messages = Record<string, (inputs: object) => string>;

const folder = mkdtempSync(join(tmpdir(), "latchkey-messages-"));
let written: string[];

/** The messages of modules that hold one each, as a window in this language has them. */
function run(modules: string[], locale: string): Messages {
  const all = modules
    .join("\n")
    .replaceAll(/^import .*$/gmu, "")
    .replaceAll(/^export const (\w+) =/gmu, "messages.$1 =");
  const messages: Messages = {};
  runInNewContext(all, { messages, locale, getLocale: () => locale, experimentalStaticLocale: undefined });
  return messages;
}

/** A value for whatever a message asks for. */
function inputs(count: number): object {
  return new Proxy({}, { get: (_, name) => (name === "count" ? count : `‹${String(name)}›`) });
}

beforeAll(() => {
  const options = ["--silent", "--project", "./project.inlang", "--output-structure", "message-modules"];
  execFileSync("node_modules/.bin/paraglide-js", ["compile", ...options, "--outdir", folder]);
  const modules = join(folder, "messages");
  written = readdirSync(modules)
    .filter((file) => /^[^_].*\.js$/u.test(file))
    .map((file) => readFileSync(join(modules, file), "utf8"));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(["en", "de"])("says the same in %s as what the compiler wrote", (locale) => {
  const compiled = run(written, locale);
  const found = run(
    written.map((module) => leanMessage(module, "en")),
    locale,
  );
  expect(Object.keys(found)).toEqual(Object.keys(compiled));
  for (const [name, message] of Object.entries(compiled)) {
    for (const count of [0, 1, 2]) expect(found[name]?.(inputs(count)), name).toBe(message(inputs(count)));
  }
});

it("does not build what it does not know", () => {
  expect(() => leanMessage("export const hello = () => 'hello';", "en")).toThrow("not written as it was");
  const [first = ""] = written;
  expect(() => leanMessage(`${first}\nconst fr_more = () => "plus";`, "en")).toThrow("not written as it was");
});
