// On a desktop in German: the window and the system's dialogs, whose texts come from Rust, speak one language.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import de from "../messages/de.json";
import { Desktop, pictures } from "./harness/desktop";
import { run, until } from "./harness/processes";
import { Key, Window } from "./harness/window";

let locales: string;
let desktop: Desktop;
let window: Window;

beforeAll(async () => {
  // A bare machine has the sources of its languages only.
  locales = mkdtempSync(join(tmpdir(), "latchkey-locales-"));
  const made = await run("localedef", ["-i", "de_DE", "-f", "UTF-8", join(locales, "de_DE.UTF-8")], process.env);
  expect(made.status, made.stderr).toBe(0);
  desktop = await Desktop.start("unlocked", { LANG: "de_DE.UTF-8", LOCPATH: locales });
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Hafenamt", "--local"]);
  // Nobody listens there.
  const portal = ["tenant", "add", "Portal", "--remote", "docspace", "--url", "http://127.0.0.1:9"];
  await desktop.cli([...portal, "--credential-file", "-"], "sk-5f0c1d2e3a4b5c6d7e8f90123456789a");
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
  rmSync(locales, { recursive: true, force: true });
});

it("asks in German what the window cannot be trusted to ask", async () => {
  expect(await window.driver.executeScript("return document.documentElement.lang")).toBe("de");
  const places = await window.find("navigation", { name: de.shell_nav });
  await window.click("button", /^Hafenamt/, places);
  await window.find("heading", { name: "Hafenamt" });
  await window.press(Key.chord(Key.CONTROL, "n"));
  await window.fill(/^Name/, "Kran 4");
  await window.press(Key.ENTER);
  await window.find("heading", { name: de.generate_save_title });

  await window.click("button", de.generate_save_download);
  const file = join(desktop.folder, "Kran 4.APIKEY");
  await desktop.saveDialog(file, de.native_key_download);
  await window.find("button", { name: de.generate_save_downloaded });
  const key = readFileSync(file, "utf8").trim();
  await window.click("button", new RegExp(`^${de.generate_save_keep_keychain}`));
  await window.see(de.generate_save_kept);
  await window.click("button", de.generate_save_close);
  await window.gone("dialog");

  await window.click("row", /Kran 4/);
  await window.click("button", de.keys_copy_again);
  const question = await desktop.waitForWindow(de.native_copy_title);
  await run("import", ["-window", question, join(pictures(), "german-copy-again.png")], desktop.env);
  await desktop.answerQuestion(de.native_copy_title, "Return");
  expect(await until("the clipboard", async () => (await desktop.clipboard()) || undefined)).toBe(key);
});

it("leads in German to the pages where a person makes a key", async () => {
  await desktop.cli(["tenant", "add", "Lesesaal", "--remote", "docanalyzer", "--url", "http://127.0.0.1:9/api/v1"]);
  const places = await window.find("navigation", { name: de.shell_nav });
  await window.click("button", /^Lesesaal/, places);
  await window.find("heading", { name: "Lesesaal" });
  await window.press(Key.chord(Key.CONTROL, "n"));
  await window.find("dialog", { name: de.record_title });
  await window.click("button", de.record_file);
  await desktop.openDialog(null, de.native_key_read);
  await desktop.copy("da-Vn3Tk8QeLr4Tz8VbK1nW6pYs3Hd5Gj0Ca");
  await window.click("button", new RegExp(`^${de.record_paste}`));
  await window.find("button", { name: de.record_take_out });
  expect(await window.axe()).toEqual([]);
  await window.picture("german-record");
  await window.press(Key.ESCAPE);
  await window.click("button", de.generate_discard);
  await window.gone("dialog");
});

it("says in German what is the matter with a server, now and when it was noted before", async () => {
  const places = await window.find("navigation", { name: de.shell_nav });
  await window.click("button", /^Portal/, places);
  await window.see(`127.0.0.1 ist nicht erreichbar`, 40);
  expect(await window.text()).not.toContain("cannot be reached");
  expect(await window.axe()).toEqual([]);
  await window.picture("german-remote");
});
