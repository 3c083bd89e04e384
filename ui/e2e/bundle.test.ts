// Verifier bundles in the real window: what services know, the export through the system's dialog, the delta after a
// revoke, the marks that come and go, and QR codes that a camera reads.

import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { draw, scan } from "./harness/codes";
import { Desktop, pictures } from "./harness/desktop";
import { openTenant, showAppearance } from "./harness/journey";
import { run } from "./harness/processes";
import { Key, Window } from "./harness/window";

const tenant = "Harbour Authority";
const saving = "Export verifier bundle";

let desktop: Desktop;
let window: Window;
let crane: string;
/** Where the bundle goes: there is no profile. */
let site: string;

async function cli(args: string[], input = ""): Promise<string> {
  const done = await desktop.cli(args, input);
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

async function newKey(name: string): Promise<string> {
  return (await cli(["key", "new", "-t", tenant, "--name", name, "--stdout"])).trim();
}

/** What the bundle at the site says of a key. */
async function decided(bundle: string, key: string): Promise<Record<string, unknown>> {
  const by = ["--bundle", join(site, bundle), "--public-key", join(site, "harbour.pub")];
  const done = await desktop.cli(["--home", join(site, "none"), "--json", "verify", ...by], key);
  expect([0, 3], done.stderr).toContain(done.status);
  return JSON.parse(done.stdout) as Record<string, unknown>;
}

async function openBundle(): Promise<void> {
  await window.click("button", "Verifier bundle");
  await window.find("dialog", { name: `Verifier bundle of ${tenant}` });
}

async function closeDialog(): Promise<void> {
  await window.click("button", "Close");
  await window.gone("dialog");
}

beforeAll(async () => {
  desktop = await Desktop.start();
  site = join(desktop.folder, "site");
  mkdirSync(site);
  await cli(["init"]);
  await cli(["tenant", "add", tenant, "--local"]);
  await cli(["api-set", "add", "-t", tenant, "billing", "--name", "Billing"]);
  crane = (
    await cli(["key", "new", "-t", tenant, "--name", "crane controller", "--api-set", "billing", "--stdout"])
  ).trim();
  await newKey("gate terminal");
  window = await Window.open(desktop);
  await openTenant(window, tenant);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

it("teaches what a bundle is for, and exports the first one through the system's dialog", async () => {
  await window.find("row", { name: /crane controller/ });
  expect(await window.all("button", { name: /in no bundle yet/ })).toEqual([]);
  await openBundle();
  await window.see("No bundle has left this computer yet");
  await window.see(/2 keys, \d+ B\. As QR codes: \d, one after the other\./);
  expect(await window.axe()).toEqual([]);
  await window.picture("bundle-first-light");

  await window.click("button", "Export to a file…");
  await desktop.saveDialog(join(site, "harbour.bundle"), saving);
  await window.see("Exported: carry both files to your services");
  await window.see("Nothing has changed that services do not know.");
  expect(await window.axe()).toEqual([]);
  await window.picture("bundle-exported-light");
});

it("saves the public key, by which minisign and a service without a profile believe the bundle", async () => {
  await window.click("button", "Save as file…");
  await desktop.saveDialog(join(site, "harbour.pub"), "Save public key");
  await window.see(`Saved: ${join(site, "harbour.pub")}`);
  expect(readFileSync(join(site, "harbour.pub"), "utf8")).toMatch(
    /^untrusted comment: minisign public key .*\nRW.{54}\n$/,
  );
  const args = ["-Vm", join(site, "harbour.bundle"), "-p", join(site, "harbour.pub")];
  expect((await run("minisign", args, desktop.env)).stdout).toContain("kind=full");
  expect(await decided("harbour.bundle", crane)).toMatchObject({ decision: "valid", api_sets: ["billing"] });

  // Services of other accounts read it.
  expect(statSync(join(site, "harbour.pub")).mode & 0o777).toBe(0o666 & ~process.umask());
  await window.click("button", "Save page to print…");
  await desktop.saveDialog(join(site, "key.svg"), "Save page to print");
  await window.see(`Saved: ${join(site, "key.svg")}`);
  const page = readFileSync(join(site, "key.svg"), "utf8");
  const [, key] = readFileSync(join(site, "harbour.pub"), "utf8").split("\n");
  expect(page).toContain(`Public key of ${tenant}`);
  await draw(join(site, "key.svg"), join(site, "key.png"), desktop.env);
  expect(await scan(join(site, "key.png"), desktop.env)).toBe(key);
  await closeDialog();
});

it("marks what services do not know, and leads from there to the bundle", async () => {
  await newKey("winch");
  await cli(["key", "revoke", "crane controller", "--yes"]);
  await window.find("row", { name: /crane controller.*services do not know of its end/ });
  await window.find("row", { name: /winch.*in no bundle yet/ });
  await window.find("button", { name: "1 key is in no bundle yet" });
  await window.click("button", "1 end is unknown to services");
  await window.gone("row", { name: /winch/ });
  await window.click("row", /crane controller/);
  await window.see("Services still accept this key: its end has not left this computer.");
  expect(await window.axe()).toEqual([]);
  await window.picture("bundle-marks-light");
  expect(await decided("harbour.bundle", crane)).toMatchObject({ decision: "valid" });

  await showAppearance(window, "Dark", tenant);
  await window.click("row", /crane controller/);
  await window.find("button", { name: "1 key is in no bundle yet" });
  expect(await window.axe()).toEqual([]);
  await window.picture("bundle-marks-dark");
  await window.click("button", "Verifier bundle…");
  await window.find("dialog", { name: `Verifier bundle of ${tenant}` });
});

it("exports a delta that tells of the end, and the marks go", async () => {
  await window.see("1 key has ended, and services still accept it.");
  await window.see("1 key is in no bundle: services do not know it.");
  await window.click("radio", "Only what has changed since");
  await window.see(/2 keys added or changed, 0 taken away/);
  expect(await window.axe()).toEqual([]);
  await window.picture("bundle-delta-dark");
  await window.click("button", "Export to a file…");
  await desktop.saveDialog(join(site, "harbour.delta"), saving);
  await window.see("Nothing has changed that services do not know.");
  const said = JSON.parse(
    await cli(["--json", "bundle", "inspect", join(site, "harbour.delta"), "--public-key", join(site, "harbour.pub")]),
  ) as Record<string, unknown>;
  expect(said).toMatchObject({ checked: true, kind: "delta", keys: 2, revoked: 1 });
  await closeDialog();
  await window.gone("button", { name: /unknown to services|in no bundle yet/ });
  await window.find("row", { name: /crane controller.*Revoked$/ });
});

it("tells what is wrong at its field", async () => {
  await openBundle();
  const days = await window.find("textbox", { name: /^Good for/ });
  await window.type(days, "0");
  await window.press(Key.ENTER);
  await window.see("Give a whole number of days from 1 to 3650.");
  expect(await window.focused("textbox", /^Good for/)).toBe(true);
  expect(await window.axe()).toEqual([]);
  await window.type(days, "10");
  await window.see(/3 keys, \d+ B\./);

  await window.click("radio", "All keys");
  await window.clickOn(await window.driver.findElement({ css: "dialog summary" }));
  const above = await window.find("textbox", { name: /^Newest bundle that a service has/ });
  await window.type(above, "some");
  await window.press(Key.ENTER);
  await window.see("Give a whole number of at most 4000000000.");
  expect(await window.focused("textbox", /^Newest bundle/)).toBe(true);
  expect(await window.axe()).toEqual([]);
  await window.picture("bundle-after-backup-dark");
  await window.type(above, "90");
  await window.see(/3 keys, \d+ B\./);
});

it("shows QR codes that a camera puts together into the same files", async () => {
  await window.click("button", "Show as QR codes");
  await window.find("dialog", { name: "Bundle no. 91 of Harbour Authority as QR codes" });
  await window.see(/(Part|Extra part) [2-9]/);
  await window.click("button", "Pause");
  const shown = await window.see(/Part \d of \d|of \d+ is missing|missed one of \d/);
  const parts = Number(/(?:Part \d+ of |missed one of )(\d+)/.exec(shown)![1]);
  expect(parts).toBeGreaterThan(1);
  // Whatever stands there now: so many different ones, and one is missed.
  const texts: string[] = [];
  for (let seen = 0; seen <= parts * 3; seen += 1) {
    texts.push(await scan(await window.picture("bundle-codes-dark"), desktop.env));
    const before = await (await window.find("img", { name: /^QR code/ })).getAttribute("aria-label");
    await window.click("button", "Next code");
    await window.gone("img", { name: before! });
  }
  expect(new Set(texts).size).toBe(parts * 3);
  expect(await window.axe()).toEqual([]);
  const scanned = texts.filter((text) => !text.startsWith(`UR:BYTES/1-`));
  const none = ["--home", join(site, "none")];
  const args = ["bundle", "receive", "--out", join(site, "seen.bundle"), "--public-key", join(site, "harbour.pub")];
  expect(await cli([...none, ...args], `${scanned.reverse().join("\n")}\n`)).toContain(`tenant:    ${tenant}`);
  expect(existsSync(join(site, "none"))).toBe(false);
  expect(await decided("seen.bundle", crane)).toMatchObject({ decision: "refused", reason: "revoked" });
  const log = JSON.parse(await cli(["--json", "audit", "list"])) as { kind: string; detail: string }[];
  expect(log.find(({ kind }) => kind === "bundle_exported")!.detail).toMatch(/as QR codes$/);
});

it("saves a page with one code, which carries the same", async () => {
  await window.click("button", "Save page to print…");
  await desktop.saveDialog(join(site, "page.svg"), "Save page to print");
  await window.see(`Saved: ${join(site, "page.svg")}`);
  const page = readFileSync(join(site, "page.svg"), "utf8");
  for (const said of [tenant, "Good until", "Fingerprint", "Number"]) expect(page).toContain(said);
  await draw(join(site, "page.svg"), join(pictures(), "bundle-page.png"), desktop.env);
  const text = await scan(join(pictures(), "bundle-page.png"), desktop.env);
  await cli(["bundle", "receive", "--out", join(site, "printed.bundle")], text);
  for (const ending of ["bundle", "bundle.minisig"]) {
    expect(readFileSync(join(site, `printed.${ending}`))).toEqual(readFileSync(join(site, `seen.${ending}`)));
  }
  await window.click("button", "Close");
  await window.gone("dialog", { name: /as QR codes$/ });
});

it("gives the tenant a new signing key, which the old one endorses", async () => {
  await window.click("button", "New signing key…");
  await window.find("alertdialog", { name: `Give ${tenant} a new signing key?` });
  expect(await window.axe()).toEqual([]);
  await window.picture("bundle-signing-key-dark");
  await window.fill("Reason (optional)", "once a year");
  await window.click("button", "Make the key and save the endorsement…");
  await desktop.saveDialog(join(site, "rotated.bundle.endorsement"), "Save endorsement");
  await window.gone("alertdialog");
  await window.see("The new key signs from now on.");
  await window.picture("bundle-signing-key-made-dark");
  // None can be since a bundle of the old key.
  await window.gone("radio", { name: /Only what has changed/ });
  await window.click("button", "Export to a file…");
  await desktop.saveDialog(join(site, "rotated.bundle"), saving);
  await window.see("Exported: carry both files to your services");
  // A service that was given the old public key believes it by the endorsement beside it, and not without.
  expect(await decided("rotated.bundle", crane)).toMatchObject({ decision: "refused", reason: "revoked" });
  renameSync(join(site, "rotated.bundle.endorsement"), join(site, "away"));
  const by = ["--bundle", join(site, "rotated.bundle"), "--public-key", join(site, "harbour.pub")];
  expect((await desktop.cli(["--home", join(site, "none"), "verify", ...by], crane)).status).toBe(1);
  const log = JSON.parse(await cli(["--json", "audit", "list"])) as { kind: string; reason: string | null }[];
  expect(log.find(({ kind }) => kind === "signing_key_rotated")?.reason).toBe("once a year");
});

it("needs no scrolling to the side in a narrow window", async () => {
  await window.driver.manage().window().setRect({ width: 620, height: 640 });
  await window.find("heading", { name: `Verifier bundle of ${tenant}` });
  expect(await window.axe()).toEqual([]);
  await window.picture("bundle-narrow-dark");
  const wider = (): Promise<string[]> =>
    window.driver.executeScript<string[]>(
      `return [...document.querySelectorAll("dialog:modal *")]
         .filter((one) => getComputedStyle(one).overflowX === "auto" && one.scrollWidth > one.clientWidth)
         .map((one) => one.className);`,
    );
  expect(await wider()).toEqual([]);
  await window.click("button", "Show as QR codes");
  await window.click("button", "Pause");
  await window.picture("bundle-codes-narrow-dark");
  expect(await wider()).toEqual([]);
  expect(await window.axe()).toEqual([]);
});
