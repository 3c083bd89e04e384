// Every view, in both appearances: axe-core finds nothing, and nothing breaks the policy of the window.

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { addApiSets, catalogue, openNewKey, openTenant } from "./harness/journey";
import { Key, Window } from "./harness/window";

let desktop: Desktop;
let window: Window;

const tenant = "Harbour Authority";

beforeAll(async () => {
  desktop = await Desktop.start();
  const cli = async (args: string[], clockAhead = 0) => {
    const done = await desktop.cli(args, "", { LATCHKEY_CLOCK_AHEAD: String(clockAhead) });
    expect(done.stderr.includes("error"), done.stderr).toBe(false);
    expect(done.status, `${args.join(" ")}: ${done.stderr}`).toBe(0);
  };
  const day = 86_400;
  const newKey = (name: string, sets: string[], expires: string, ahead = 0) =>
    cli(
      ["key", "new", "-t", tenant, "--name", name, "--expires", expires, "--stdout"]
        .concat(["--description", `${name} of the north quay`])
        .concat(sets.flatMap((set) => ["--api-set", set])),
      ahead,
    );
  await cli(["init"]);
  await cli(["tenant", "add", tenant, "--local"]);
  await cli(["tenant", "add", "Vessel fleet", "--local", "--prefix", "vf"]);
  window = await Window.open(desktop);
  await addApiSets(window, tenant);
  // One of each status.
  await newKey("crane controller", ["billing", "tax"], "30d", -18 * day);
  await newKey(
    "zapier-webhook",
    catalogue.map((set) => set.id),
    "30d",
    -40 * day,
  );
  await newKey("staging-integration", ["dunning"], "180d");
  await newKey("old laptop", ["billing"], "never");
  await newKey("archive reader", [], "365d");
  await cli(["key", "disable", "staging-integration"]);
  await cli(["key", "revoke", "old laptop", "--yes", "--reason", "Lost on the ferry"]);
  await window.reload();
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

/** What was found, view by view: one bad view does not hide the next. */
let found: Record<string, string[]> = {};

async function check(name: string): Promise<void> {
  await window.picture(name);
  const violations = await window.axe();
  if (violations.length > 0) found[name] = violations;
}

async function closeDialog(): Promise<void> {
  await window.press(Key.ESCAPE);
  await window.gone("dialog");
}

/** Checks a question, and leaves it with Escape. */
async function checkQuestion(name: string, title: RegExp): Promise<void> {
  await window.find("alertdialog", { name: title });
  await check(name);
  await window.press(Key.ESCAPE);
  await window.gone("alertdialog");
}

async function go(place: string): Promise<void> {
  await window.click("button", place, await window.find("navigation", { name: "Tenants and views" }));
}

beforeEach(() => {
  found = {};
});

for (const appearance of ["Light", "Dark"] as const) {
  const picture = (name: string) => `${name}-${appearance.toLowerCase()}`;

  it(`passes in every view: ${appearance}`, async () => {
    await go("Settings");
    await window.click("radio", appearance);
    await check(picture("settings"));
    await window.click("button", "Keyboard shortcuts");
    await window.find("dialog", { name: "Keyboard shortcuts" });
    await check(picture("shortcuts"));
    await closeDialog();
    await go("Verify");
    await window.find("heading", { name: "Verify" });
    await check(picture("verify"));
    await go("Connectors");
    await window.find("heading", { name: "docAnalyzer.ai" });
    await check(picture("connectors"));
    await window.click("button", /^goTransverse/);
    await window.find("heading", { name: "goTransverse" });
    await check(picture("connectors-guided"));
    await window.click("button", "Try…");
    await window.find("dialog", { name: "Try goTransverse" });
    await check(picture("connector-try"));
    await closeDialog();
    await go("Audit");
    await window.see("Lost on the ferry");
    await check(picture("audit"));
    await window.click("button", /^All keys/);
    await window.find("row", { name: /archive reader/ });
    await check(picture("all-keys"));
    await window.click("button", /^Status/);
    await window.find("option", { name: /^Revoked/ });
    await check(picture("filter"));
    await window.press(Key.ESCAPE);
    await window.gone("option", { name: /^Revoked/ });
    await window.click("button", "New API key");
    await window.find("dialog", { name: "Which tenant is the key for?" });
    await check(picture("choose-tenant"));
    await closeDialog();

    await openTenant(window, "Vessel fleet");
    await window.see("No keys yet");
    await check(picture("no-keys"));
    await window.click("button", "Tenant settings");
    await window.click("button", "Remove tenant…");
    await checkQuestion(picture("remove-tenant"), /^Remove Vessel fleet/);
    await window.clickFirst("button", "Add tenant");
    await window.find("dialog", { name: "Add local tenant" });
    await check(picture("add-tenant"));
    await closeDialog();

    await openTenant(window, tenant);
    await window.click("row", /old laptop/);
    await window.see("Lost on the ferry");
    await check(picture("revoked-key"));
    await window.click("row", /crane controller/);
    await window.see("crane controller of the north quay");
    await check(picture("main"));

    await window.click("button", "Edit…");
    await window.find("dialog", { name: "Edit API key" });
    await check(picture("edit"));
    await closeDialog();
    await window.click("button", "Revoke…");
    await checkQuestion(picture("revoke"), /^Revoke/);
    await window.click("button", "Delete…");
    await checkQuestion(picture("delete"), /^Delete/);
    await window.click("button", "API sets");
    await window.find("dialog", { name: /^API sets of/ });
    await check(picture("api-sets"));
    await window.click("button", "Edit Billing");
    await window.find("group", { name: "Edit Billing" });
    await check(picture("api-set-edit"));
    await window.press(Key.ESCAPE);
    await window.gone("group", { name: "Edit Billing" });
    await closeDialog();
    await window.click("button", "Tenant settings");
    await window.find("dialog", { name: /^Settings of/ });
    await check(picture("tenant-settings"));
    await closeDialog();

    await window.fill("Search keys", "nothing of this name");
    await window.see("Nothing found");
    await check(picture("nothing-found"));
    await window.click("button", "Clear search and filters");
    await window.find("row", { name: /archive reader/ });

    await openNewKey(window);
    await window.fill(/^Name/, "ab");
    await window.click("option", "Billing");
    await window.click("button", "Add what is chosen");
    await check(picture("new-key"));
    await window.click("button", "Finish");
    await window.see("Use at least 3 characters.");
    await check(picture("new-key-wrong"));
    await window.press(Key.ESCAPE);
    await checkQuestion(picture("discard-key"), /^Discard/);
    await window.fill(/^Name/, "quay-3 gateway");
    await window.click("button", "Finish");
    await window.find("dialog", { name: "Save generated key" });
    await check(picture("save-key"));
    await window.click("button", "Close");
    await window.see("neither copied, downloaded nor kept");
    await check(picture("close-unsaved"));
    await window.click("button", "Close without saving");
    await window.gone("dialog");
    expect(found).toEqual({});
    expect(await window.cspViolations()).toEqual([]);
  });
}

it("stays usable in a small window", async () => {
  await window.driver.manage().window().setRect({ width: 760, height: 520 });
  await openTenant(window, tenant);
  await window.click("row", /crane controller/);
  await window.see("crane controller of the north quay");
  await check("small");
  await window.click("button", "Close details");
  await openNewKey(window);
  await check("small-new-key");
  // The footer can be reached, however little there is to see.
  expect(await (await window.find("button", { name: "Finish" })).isDisplayed()).toBe(true);
  await closeDialog();
  expect(found).toEqual({});
});
