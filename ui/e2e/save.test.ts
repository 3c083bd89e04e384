import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant } from "./harness/journey";
import { until } from "./harness/processes";
import { Key, Window } from "./harness/window";

let desktop: Desktop;
let window: Window;
let made = 0;

beforeAll(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
  window = await Window.open(desktop);
  await openTenant(window, "Harbour Authority");
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

beforeEach(async () => {
  await window.find("heading", { name: "Harbour Authority" });
  made += 1;
  await window.press(Key.chord(Key.CONTROL, "n"));
  await window.fill(/^Name/, `key number ${made}`);
  await window.click("button", "Finish");
  await window.find("heading", { name: "Save generated key" });
});

async function close(): Promise<void> {
  await window.click("button", "Close");
}

it("keeps the secret in the keychain, and copies it again when the operator agrees", async () => {
  await window.click("button", /^Keep/);
  await window.see("Kept");
  const labels = await desktop.keychain.labels();
  expect(labels.filter((label) => label.includes(`key number ${made}`))).toHaveLength(1);
  await close();
  await window.gone("dialog");

  await window.click("row", new RegExp(`key number ${made}`));
  await window.click("button", "Copy again…");
  await desktop.answerQuestion("Copy again", "Escape");
  expect(await desktop.clipboard()).toBe("");
  await window.click("button", "Copy again…");
  await desktop.answerQuestion("Copy again", "Return");
  const copied = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
  const verified = await desktop.cli(["verify", "-t", "Harbour Authority"], copied);
  expect(verified.status).toBe(0);
  // Rust has put it there: it never went through the page.
  const secret = copied.slice(12);
  expect(await window.source()).not.toContain(secret);
  const answers = await window.ipcAnswers();
  expect(answers.map(({ command }) => command)).toContain("key_copy");
  expect(answers.filter(({ body }) => body.includes(secret))).toEqual([]);
  const audit = await desktop.cli(["--json", "audit", "list"]);
  expect(audit.stdout).toContain("secret_copied");

  // Revoking takes it out of the keychain again.
  await window.click("button", "Revoke…");
  await window.click("button", "Revoke key");
  await window.see("Revoked");
  await until("the keychain to be empty", async () =>
    (await desktop.keychain.labels()).some((label) => label.includes(`key number ${made}`)) ? undefined : true,
  );
});

it("shows the secret for a short time only", async () => {
  await window.click("button", "Reveal");
  const shown = await window.see(/lk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}/);
  const secret = /lk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}/.exec(shown)![0].slice(12);
  await window.picture("save-key-revealed");
  await window.click("button", "Hide");
  await until("the secret to be hidden", async () => ((await window.source()).includes(secret) ? undefined : true));
  await close();
  // To have looked at it is not to have saved it.
  await window.see("neither copied, downloaded nor kept");
  await window.picture("close-unsaved");
  await window.click("button", "Go back");
  await window.find("heading", { name: "Save generated key" });
  await close();
  await window.click("button", "Close without saving");
  await window.gone("dialog");
  await window.click("row", new RegExp(`key number ${made}`));
  await window.see("Nobody saved this key");
});

it("comes back after the page was loaded anew", async () => {
  await window.reload();
  await window.find("heading", { name: "Save generated key" });
  await window.see(`key number ${made}`);
  await window.click("button", /^Copy/);
  await window.see("Copied");
  await close();
  await window.gone("dialog");
  // Rust has wiped it: even a page gone bad cannot ask for it.
  const keys = JSON.parse((await desktop.cli(["--json", "key", "list"])).stdout) as { id: string; name: string }[];
  const id = keys.find((key) => key.name === `key number ${made}`)!.id;
  for (const command of ["secret_reveal", "secret_copy", "secret_keep"]) {
    const answer = await window.driver.executeAsyncScript<string>(
      `const [command, key, done] = arguments;
       window.__TAURI_INTERNALS__.invoke(command, { key }).then(() => done("answered"), (error) => done(error.code));`,
      command,
      id,
    );
    expect(answer, command).toBe("secret_gone");
  }
});
