// A server that does what it is asked and takes its time to say so: the window says that it waits, stops waiting when it is
// told to, and finds out with the next refresh what became of it.

import { type ServerResponse } from "node:http";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant, showAppearance } from "./harness/journey";
import { until } from "./harness/processes";
import { json, Vendor } from "./harness/vendor";
import { Window } from "./harness/window";

interface Row {
  id: string;
  name: string;
  isActive: boolean;
}

const rows: Row[] = [];
/** Answers that are held back until the end. */
const held: ServerResponse[] = [];
/** How many keys there ever were. */
let made = 1;
let slow = false;
let desktop: Desktop;
let window: Window;

/** Does what is asked, and answers or does not. */
function portal(): Promise<Vendor> {
  return Vendor.start((request, response) => {
    const id = request.url?.split("/").at(-1);
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      if (request.url?.endsWith("permissions")) return json(response, 200, { response: ["*", "files:read"] });
      if (request.method === "GET") return json(response, 200, { response: rows });
      let answer: unknown = true;
      if (request.method === "POST") {
        const { name } = JSON.parse(text) as { name: string };
        made += 1;
        const row = {
          id: `0b6e3c5e-0000-4000-8000-${String(made).padStart(12, "0")}`,
          name,
          isActive: true,
        };
        rows.push(row);
        answer = { ...row, key: `sk-${"77aa1d2e".repeat(8)}`, keyPostfix: "1d2e" };
      } else if (request.method === "PUT") {
        const { isActive } = JSON.parse(text) as { isActive: boolean };
        rows.filter((row) => row.id === id).forEach((row) => (row.isActive = isActive));
      } else {
        rows.splice(
          rows.findIndex((row) => row.id === id),
          1,
        );
      }
      if (slow) held.push(response);
      else json(response, 200, { response: answer });
    });
  });
}

beforeAll(async () => {
  const { url } = await portal();
  rows.push({ id: "0b6e3c5e-0000-4000-8000-000000000001", name: "Crane", isActive: true });
  desktop = await Desktop.start();
  desktop.chooseFonts();
  await desktop.cli(["init"]);
  const args = ["tenant", "add", "Portal", "--remote", "docspace", "--url", url, "--credential-file", "-"];
  expect((await desktop.cli(args, "sk-admin")).stderr).toBe("");
  window = await Window.open(desktop);
  await openTenant(window, "Portal");
  await window.see("Refreshed just now.");
  slow = true;
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
  await Vendor.stopAll();
});

const waiting = "Waiting for the server’s answer …";
const maybe = "Cancelled. The server may have done it nevertheless: refresh the tenant to find out.";

it("stops waiting for the end of a key, which the next refresh tells", async () => {
  await window.click("row", /Crane/);
  await window.click("button", "Revoke…");
  await window.click("button", "Revoke key");
  await window.see(waiting);
  expect(await window.axe()).toEqual([]);
  await window.picture("slow-revoke-light");
  await window.click("button", "Stop waiting");
  await window.see(maybe);
  expect(await window.focused("button", "Revoke key")).toBe(true);
  await window.picture("slow-revoke-stopped-light");
  await window.click("button", "Cancel");
  await window.gone("alertdialog");
  await window.find("row", { name: /Crane.*Active/ });
  await window.click("button", "Refresh");
  await window.find("row", { name: /Crane.*Revoked/ });
});

it("stops waiting for a new key, which the next refresh finds without its text", async () => {
  await showAppearance(window, "Dark", "Portal");
  await window.clickFirst("button", "Create new secret key");
  await window.find("dialog", { name: "Create new secret key" });
  await window.fill(/^Label/, "Quay");
  await window.click("button", "Generate");
  await window.see(waiting);
  await window.picture("slow-generate-dark");
  await window.click("button", "Stop waiting");
  await window.see(maybe);
  await window.see("Whether the key was generated is not known");
  await window.picture("slow-generate-stopped-dark");
  await window.click("button", "Cancel");
  await window.see("Whether the server made the key is found out when the tenant is refreshed.");
  await window.click("button", "Discard");
  await window.see(/1 key was asked for whose answer was lost/);
  await window.click("button", "Refresh");
  await window.find("row", { name: /Quay/ });
  expect((await window.text()).includes("whose answer was lost")).toBe(false);
});

it("looks for a key that nobody waited for before it asks for it again", async () => {
  const [button] = await window.all("button", { name: "Create new secret key" });
  await button!.click();
  await window.fill(/^Label/, "Berth");
  await window.click("button", "Generate");
  await window.click("button", "Stop waiting");
  await window.see(maybe);
  const before = made;
  // Not in the list so far: the server may still be at it.
  const [berth] = rows.splice(-1);
  await window.click("button", "Generate");
  await window.see("The server was asked for a key of this name before and has not answered so far.");
  expect(await window.focused("textbox", /^Label/)).toBe(true);
  await window.picture("slow-asked-dark");
  rows.push(berth!);
  await window.click("button", "Generate");
  await window.see("The server made a key of this name when it was asked before, and its text never arrived.");
  expect(await window.axe()).toEqual([]);
  await window.picture("slow-orphaned-dark");
  expect([made, rows.filter((row) => row.name === "Berth").length]).toEqual([before, 1]);
  await window.click("button", "Cancel");
  await window.click("button", "Discard");
  await window.gone("dialog");
  // The window hears of changes within a second.
  const settled = async () => !(await window.text()).includes("whose answer was lost") || undefined;
  await until("the end of the question", settled);

  // What is in the way can be revoked, and then there is a way.
  slow = false;
  await window.click("row", /Berth/);
  await window.click("button", "Revoke…");
  await window.click("button", "Revoke key");
  await window.find("row", { name: /Berth.*Revoked/ });
  const [again] = await window.all("button", { name: "Create new secret key" });
  await again!.click();
  await window.fill(/^Label/, "Berth");
  await window.click("button", "Generate");
  await window.find("heading", { name: "Save generated key" });
  expect([made, rows.filter((row) => row.name === "Berth").length]).toEqual([before + 1, 1]);
  const [copy] = await window.all("button", { name: /^Copy/ });
  await copy!.click();
  await window.click("button", "Done");
  await window.gone("dialog");
  slow = true;
});

it("gives up a key of which somebody knows that it was not made", async () => {
  await window.clickFirst("button", "Create new secret key");
  await window.fill(/^Label/, "Mole");
  await window.click("button", "Generate");
  await window.click("button", "Stop waiting");
  await window.see(maybe);
  rows.splice(-1);
  await window.click("button", "Cancel");
  await window.click("button", "Discard");
  await window.see(/1 key was asked for whose answer was lost/);
  await window.picture("slow-lost-dark");
  await window.click("button", "Show…");
  await window.find("dialog", { name: "Lost answers" });
  await window.find("button", { name: /^Give up\sMole$/ });
  expect(await window.axe()).toEqual([]);
  await window.picture("slow-unanswered-dark");
  await window.click("button", /^Give up/);
  await window.see("The server owes no answer.");
  await window.click("button", "Close");
  await window.gone("dialog");
  await until(
    "the end of the question",
    async () => !(await window.text()).includes("whose answer was lost") || undefined,
  );
});

it("leads a tenant away from a missing answer only after a question of the system", async () => {
  await window.clickFirst("button", "Create new secret key");
  await window.fill(/^Label/, "Pier");
  await window.click("button", "Generate");
  await window.click("button", "Stop waiting");
  await window.see(maybe);
  await window.click("button", "Cancel");
  await window.click("button", "Discard");
  await window.see(/1 key was asked for whose answer was lost/);
  const { url } = await portal();
  await window.click("button", "Connection…");
  await window.fill(/^Portal/, url);
  await window.click("button", "Save");
  await desktop.answerQuestion("Another server", "Return");
  await desktop.answerQuestion("A question without an answer", "Escape");
  await window.see("The server there was asked for a key and has not answered yet.");
  await window.picture("slow-moved-dark");
  await window.click("button", "Save");
  await desktop.answerQuestion("Another server", "Return");
  await desktop.answerQuestion("A question without an answer", "Return");
  await window.gone("dialog");
  await window.see(url.replace("http://", "Keys of "));
  expect((await window.text()).includes("whose answer was lost")).toBe(false);
  expect(await window.cspViolations()).toEqual([]);
});
