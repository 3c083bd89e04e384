// A WebDriver session with a program that shows a web view.

import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";

import { Capabilities, WebDriver } from "selenium-webdriver";
import { Executor, HttpClient } from "selenium-webdriver/http";

import type { Desktop } from "./desktop";
import { stop, until } from "./processes";

export interface Session {
  driver: WebDriver;
  /** The process identifier of WebKitWebDriver, whose child the program is. */
  server: number;
  close: () => Promise<void>;
  /** Ends the program as a power cut does. */
  kill: () => Promise<void>;
}

/**
 * Starts the program on the desktop; `env` goes into its environment, and what it says into the desktop's log. `begun` waits for
 * its page.
 */
export async function openSession(
  desktop: Desktop,
  program: string,
  env: NodeJS.ProcessEnv = {},
  begun: (driver: WebDriver, program: number) => Promise<unknown> = hasText,
): Promise<Session> {
  // Creating a session is reset now and then; a fresh server on a fresh port gets it.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const log = openSync(desktop.log, "a", 0o600);
    const automated = { ...env, TAURI_WEBVIEW_AUTOMATION: "true" };
    // The program inherits where its driver writes.
    const server = desktop.spawn("WebKitWebDriver", [`--port=${port}`], automated, ["ignore", log, log]);
    closeSync(log);
    const url = `http://127.0.0.1:${port}`;
    try {
      await until("WebKitWebDriver", async () => ((await fetch(`${url}/status`)).ok ? true : undefined));
      const capabilities = new Capabilities({ "webkitgtk:browserOptions": { binary: program, args: [] } });
      const driver = WebDriver.createSession(new Executor(new HttpClient(url)), capabilities);
      await within(20, driver.getSession());
      const close = async () => {
        await driver.quit().catch(() => undefined);
        await stop(server);
      };
      await begun(driver, programOf(server.pid!));
      const kill = async () => {
        process.kill(programOf(server.pid!), "SIGKILL");
        await stop(server);
      };
      return { driver, server: server.pid!, close, kill };
    } catch (cause) {
      await stop(server);
      if (attempt === 4) throw cause;
    }
  }
}

function hasText(driver: WebDriver): Promise<true> {
  return until("the first page", async () => {
    // What is only painted so far does nothing yet.
    const text = await driver.executeScript<string>(
      "return document.querySelector('#app[aria-busy=true]') ? '' : (document.body?.innerText ?? '')",
    );
    return text.trim() !== "" || undefined;
  });
}

/** The program that WebKitWebDriver has started. */
export function programOf(server: number): number {
  const [program] = childrenOf(server);
  if (program === undefined) throw new Error("WebKitWebDriver has started nothing");
  return program;
}

/** The processes that a process has started; none where it has just ended. */
function childrenOf(parent: number): number[] {
  try {
    return readdirSync(`/proc/${parent}/task`).flatMap((thread) =>
      readFileSync(`/proc/${parent}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** The process and everything that it has started. */
export function family(process: number): number[] {
  return [process, ...childrenOf(process).flatMap(family)];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === "object") resolve(address.port);
        else reject(new Error("no free port"));
      });
    });
  });
}

function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1_000);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
