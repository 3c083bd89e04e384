import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { addApiSets, openTenant, showAppearance } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { run } from "./harness/processes";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";
let desktop: Desktop;
let window: Window;

beforeEach(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", tenant, "--local"]);
  window = await Window.open(desktop);
  await addApiSets(window, tenant);
  await openTenant(window, tenant);
});

afterEach(async () => {
  await window?.close();
  await desktop?.close();
});

async function fill(count: number): Promise<void> {
  await window.click("button", "Generate many …");
  await window.find("dialog", { name: "Generate Many Keys" });
  await window.fill(/^How many/, String(count));
  await window.fill(/^Name with a number/, "device-{n:05}");
}

async function generate(path: string): Promise<void> {
  await window.click("button", "Generate …");
  await desktop.saveDialog(path, "Save the keys");
}

/** The names of the files, without the folders of the desktop itself. */
function filesNamed(part: string): string[] {
  return readdirSync(desktop.folder).filter((name) => name.includes(part));
}

async function verify(key: string): Promise<number | null> {
  return (await desktop.cli(["verify", "-t", tenant], key)).status;
}

it("generates many keys into a CSV file, and no key is ever in the web view", async () => {
  await fill(2_500);
  await window.see("device-00001, device-00002, device-00003 … device-02500");
  await window.fill("Description", "Kiosks of the quay");
  await window.fill("Owner", "Grace");
  await window.fill("Tags", "kiosks, quay");
  const billing = await window.find("option", { name: /Billing/ });
  await window.driver.actions().doubleClick(billing).perform();
  await window.see("Each key may use 1 API set.");
  await window.picture("batch-form-light");
  expect(await window.axe()).toEqual([]);
  const file = join(desktop.folder, "keys.csv");
  await generate(file);
  await window.see("2,500 Keys Generated", 60);
  await window.picture("batch-done-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Close");
  await window.gone("dialog");
  await window.see("device-02500");

  expect(statSync(file).mode & 0o777).toBe(0o600);
  const keys = readFileSync(file, "utf8").trim().split("\n").slice(1);
  expect(keys).toHaveLength(2_500);
  for (const line of [keys[0]!, keys[1_234]!, keys[2_499]!]) {
    const key = line.split(",")[2]!;
    expect(await verify(key)).toBe(0);
    const secret = key.slice(key.lastIndexOf("_") + 1);
    expect(await window.source()).not.toContain(secret);
    expect(JSON.stringify(await window.ipcAnswers())).not.toContain(secret);
    expect(filesWith(key, desktop.home)).toEqual([]);
  }
  await window.click("row", /device-02500/);
  await window.see("Batch generated");
  const made = JSON.parse((await desktop.cli(["--json", "key", "show", "device-02500"])).stdout) as object;
  expect(made).toMatchObject({ description: "Kiosks of the quay", owner: "Grace", tags: ["kiosks", "quay"] });

  // Where nothing chosen restricts nothing, the form says so, as `verify` would.
  await desktop.cli(["tenant", "add", "Rooms", "--local", "--template", "docspace"]);
  await openTenant(window, "Rooms");
  await window.click("button", "Generate many …");
  await window.see("Each key may do everything that its creator may do.");
  await window.picture("batch-everything-light");
  expect(await window.axe()).toEqual([]);
  expect(await window.cspViolations()).toEqual([]);
});

it("takes names and recipients from a CSV file, and seals each key for its own", async () => {
  const made = await run("age-keygen", ["-o", join(desktop.folder, "identity")], desktop.env);
  const recipient = /age1\w+/.exec(made.stderr)![0];
  const list = join(desktop.folder, "names.csv");
  writeFileSync(list, `name,recipient\nGate north,${recipient}\nGa,${recipient}\n`);
  await showAppearance(window, "Dark", tenant);
  await window.click("button", "Generate many …");
  await window.click("radio", "From a CSV file");
  const choose = async (button: string) => {
    await window.click("button", button);
    await desktop.openDialog(list, "Choose a list of names");
  };
  await choose("Choose a CSV file …");
  await window.see("Line 3: Use at least 3 characters.");
  writeFileSync(list, `name,recipient\nGate north,${recipient}\nGate south,${recipient}\n`);
  await choose("Choose a CSV file …");
  await window.see("2 files are sealed to a recipient of their own.");
  await window.click("radio", /A folder/);
  await window.picture("batch-list-dark");
  await generate(join(desktop.folder, "kiosks"));
  await window.see("Only those can open it for whom it was sealed.", 60);
  await window.picture("batch-done-dark");
  expect(filesNamed("latchkey-")).toEqual([]);
  const sealed = join(desktop.folder, "kiosks", "Gate north.APIKEY.age");
  const opened = await run("age", ["-d", "-i", join(desktop.folder, "identity"), sealed], desktop.env);
  expect(await verify(opened.stdout)).toBe(0);
});

it("is cancelled, and is resumed or undone after a crash", async () => {
  const file = join(desktop.folder, "keys.csv");
  await fill(40_000);
  await generate(file);
  await window.see(/of 40,000 keys are written/, 60);
  await window.picture("batch-running-light");
  await window.click("button", "Cancel");
  await window.see("How many", 60);
  await window.gone("progressbar", { seconds: 60 });
  expect(filesNamed("keys.csv").concat(filesNamed("latchkey-"))).toEqual([]);

  // The power goes in the middle.
  await generate(file);
  await window.see(/of 40,000 keys are written/, 60);
  await window.kill();
  window = await Window.open(desktop);
  await window.see(`A batch of ${tenant} was interrupted`);
  await window.picture("batch-interrupted-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Resume");
  await window.see("40,000 Keys Generated", 100);
  await window.click("button", "Close");
  await window.gone("dialog");
  const keys = readFileSync(file, "utf8").trim().split("\n").slice(1);
  expect(new Set(keys.map((line) => line.split(",")[0])).size).toBe(40_000);
  expect(await verify(keys[0]!.split(",")[2]!)).toBe(0);
  expect(await verify(keys[39_999]!.split(",")[2]!)).toBe(0);

  await desktop.cli(
    ["key", "batch", "-t", tenant, "--count", "9000", "--name", "kiosk-{n}", "--out", join(desktop.folder, "never")],
    "",
    {
      LATCHKEY_FAULT: "batch.drawn",
    },
  );
  await window.see("kiosk-1 and more: 2,000 of 9,000 keys were written");
  await window.click("button", "Undo …");
  await window.click("button", "Undo batch");
  await window.gone("alertdialog");
  await window.gone("button", { name: "Resume" });
  const audit = await desktop.cli(["--json", "audit", "list", "--limit", "1"]);
  expect(audit.stdout).toContain("batch_undone");
}, 300_000);
