// What the other tests rely on to find nothing: here there is something, and it is found.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { filesWith } from "./harness/leaks";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

describe("the search of files", () => {
  const secret = "7gXq2LwZt9Rb4KdYs8Vn3HcPm6Jf5GaTe1UyWi0oQpSxDvBhN";
  const key = `lk_a1B2c3D4_${secret}`;
  let folder: string;

  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "latchkey-leaks-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const hexadecimal = Buffer.from(`key=${secret}\n`).toString("hex");
  it.each([
    ["plain", Buffer.from(`before ${secret} after`)],
    ["as a whole key", Buffer.from(`${key}\n`)],
    ["hexadecimal", Buffer.from(hexadecimal)],
    ["hexadecimal capitals", Buffer.from(hexadecimal.toUpperCase())],
    ["backwards", Buffer.from([...secret].reverse().join(""))],
    ["numbers", Buffer.from(`[${Buffer.from(`key=${secret}\n`).join(", ")}]`)],
    ["wide characters", Buffer.from(`key=${secret}\n`, "utf16le")],
    // What stands before it decides which of three shapes it has in base64.
    ...["", "a", "ab"].flatMap((before): [string, Buffer][] => {
      const bytes = Buffer.from(`${before}${secret}, and so on`);
      return [
        [`base64 after ${before.length} characters`, Buffer.from(bytes.toString("base64"))],
        [`base64 for addresses after ${before.length} characters`, Buffer.from(bytes.toString("base64url"))],
      ];
    }),
  ])("finds a secret that is %s", (shape, content) => {
    mkdirSync(join(folder, shape, "deeper"), { recursive: true });
    const file = join(folder, shape, "deeper", "file");
    writeFileSync(file, content);
    expect(filesWith(key, join(folder, shape))).toEqual([file]);
  });

  it("does not find a key by its handle", () => {
    writeFileSync(join(folder, "list"), "lk_a1B2c3D4 crane controller");
    expect(filesWith(key, folder)).not.toContain(join(folder, "list"));
  });
});

describe("the witness in the window", () => {
  let desktop: Desktop;
  let window: Window;

  beforeAll(async () => {
    desktop = await Desktop.start();
    await desktop.cli(["init"]);
    window = await Window.open(desktop);
  });

  afterAll(async () => {
    await desktop?.close();
  });

  it("was there before the page asked for anything, and hears events too", async () => {
    const commands = async () => (await window.ipcAnswers()).map(({ command }) => command);
    await until("the first answer", async () => (await commands()).includes("opening_holds") || undefined);
    expect((await commands())[0]).toBe("brought");
    await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
    await until("the event", async () => (await commands()).includes("event profile-changed") || undefined);
    expect(await commands()).not.toContain("unasked");
  });

  it("has the program write all that it can into the log", () => {
    const log = readFileSync(desktop.log, "utf8");
    expect(log).toContain("the window opens");
    // The keychain's bus is the loudest.
    expect(log).toContain("TRACE");
    expect(log).toContain("org.freedesktop.Secret");
  });

  it("sees what breaks the policy, and no window closes with that", async () => {
    expect(await window.cspViolations()).toEqual([]);
    const provoke = () =>
      window.driver.executeScript(
        `const script = document.createElement("script");
         script.textContent = "window.inline = true";
         document.head.append(script);`,
      );
    await provoke();
    await until("the violation", async () => (await window.cspViolations()).length === 1 || undefined);
    // What a page saw is not forgotten with it.
    await window.reload();
    await provoke();
    await until("the second violation", async () => (await window.cspViolations()).length === 2 || undefined);
    for (const violation of await window.cspViolations()) expect(violation).toContain("script-src");
    await expect(window.close()).rejects.toThrow("violations of the content security policy");
  });
});
