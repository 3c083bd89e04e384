// What the refresh of many remote tenants costs the person who types beside it: the time from a key press in the search to
// its painted answer while fifty servers are asked for two hundred keys each, as a multiple of the same when all is quiet.

import { join } from "node:path";

import { Key, type WebDriver } from "selenium-webdriver";
import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop, target } from "../harness/desktop";
import { run, until } from "../harness/processes";
import { openSession } from "../harness/session";
import { json, Vendor } from "../harness/vendor";
import { Answers } from "./answers";
import { quantile } from "./measure";

const built = join(target(), "release");
const tenants = 50;
const keys = 200;
const answersAfter = 100;
const presses = 120;
const typed = "crane 31 quay 7";

/** Which names the keys have at their servers: another round renames them all. */
let round = 0;
let desktop: Desktop;

/** A portal that lists its keys a while after it was asked. */
function portal(number: number): Promise<Vendor> {
  return Vendor.start((request, response) => {
    const rows = Array.from({ length: keys }, (_, key) => ({
      id: `${number}-${key}`,
      name: `crane ${key} of quay ${number}${round > 0 ? `, painted ${round} times` : ""}`,
      keyPostfix: String(key).padStart(4, "0"),
      permissions: ["files:read"],
      createOn: "2026-03-01T10:00:00.0000000+02:00",
      isActive: true,
    }));
    const body = { response: request.url?.endsWith("permissions") ? ["*", "files:read"] : rows };
    setTimeout(() => json(response, 200, body), answersAfter);
  });
}

beforeAll(async () => {
  desktop = await Desktop.start();
  const cli = async (args: string[], input = "") => {
    const done = await run(join(built, "latchkey"), args, desktop.env, input);
    expect(done.status, done.stderr).toBe(0);
  };
  await cli(["init"]);
  for (let number = 0; number < tenants; number += 1) {
    const { url } = await portal(number);
    const name = `Portal ${String(number).padStart(2, "0")}`;
    await cli(["tenant", "add", name, "--remote", "docspace", "--url", url, "--credential-file", "-"], "sk-admin");
  }
});

afterAll(async () => {
  await desktop?.close();
  await Vendor.stopAll();
});

/** Whether the window shows that it is refreshing. */
function isRefreshing(driver: WebDriver): Promise<boolean> {
  return driver.executeScript<boolean>("return document.querySelector('progress') !== null");
}

/** Begins a refresh of all, without taking the focus out of the search, and waits until the window shows it. */
async function refreshAll(driver: WebDriver): Promise<void> {
  await driver.executeScript("document.querySelector(`[aria-label='Refresh all remote tenants']`).click()");
  await until("the refresh to begin", async () => (await isRefreshing(driver)) || undefined);
}

/** Types and takes back, again and again, until so many answers were painted; `before` each key. */
async function type(answers: Answers, before: () => Promise<void>, counts: () => Promise<boolean>): Promise<number[]> {
  const times: number[] = [];
  const keyPresses = [...typed, ...Array.from(typed, () => Key.BACK_SPACE)];
  for (let next = 0; times.length < presses; next += 1) {
    await before();
    const took = await answers.ask(keyPresses[next % keyPresses.length]!);
    if (await counts()) times.push(took);
  }
  return times;
}

it.each([
  { what: "that finds nothing new", renames: false },
  { what: "that finds every key renamed", renames: true },
])("answers key presses beside a refresh $what", async ({ what, renames }) => {
  const session = await openSession(desktop, join(built, "latchkey-desktop"));
  const { driver } = session;
  const always = () => Promise.resolve(true);
  try {
    const answers = await Answers.of(driver, tenants * keys);
    // The window begins with a refresh of its own.
    await until("the first refresh to end", async () => !(await isRefreshing(driver)) || undefined);
    await answers.focus("[role=search] input");
    const quiet = await type(answers, () => Promise.resolve(), always);
    let refreshes = 0;
    const again = async () => {
      if (await isRefreshing(driver)) return;
      if (renames) round += 1;
      refreshes += 1;
      await refreshAll(driver);
    };
    // What was painted after the refresh had ended says nothing of it.
    const beside = await type(answers, again, () => isRefreshing(driver));
    const [half, most] = [0.5, 0.99].map((share) => ({
      quiet: quantile(quiet, share),
      beside: quantile(beside, share),
    })) as [{ quiet: number; beside: number }, { quiet: number; beside: number }];
    const told = ({ quiet, beside }: { quiet: number; beside: number }) =>
      `${beside.toFixed(0)} ms against ${quiet.toFixed(0)} ms (× ${(beside / quiet).toFixed(2)})`;
    process.stdout.write(
      `${beside.length} key presses beside a refresh of ${tenants} tenants with ${keys} keys ${what} (${refreshes} of them): ` +
        `painted after ${told(half)} (half of them), ${told(most)} (99 of 100)\n`,
    );
  } finally {
    await session.close();
  }
});
