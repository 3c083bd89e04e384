// The real window, driven through WebDriver as a person would: by role and name, with clicks and keys.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { Key, type WebDriver, type WebElement } from "selenium-webdriver";
import { expect } from "vitest";

import { binary, type Desktop, pictures } from "./desktop";
import { run, until } from "./processes";
import { openSession, type Session } from "./session";

const require = createRequire(import.meta.url);
const testingLibrary = readFileSync(
  require.resolve("@testing-library/dom/dist/@testing-library/dom.umd.min.js"),
  "utf8",
);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export { Key };

export interface Named {
  /** The accessible name: all of it, or a pattern. */
  name?: string | RegExp;
  /** Within this element only. */
  within?: WebElement;
  /** Seconds to wait, where it may take longer than usual. */
  seconds?: number;
}

class WithoutWitness extends Error {
  override message = "The page has no witness (src-tauri/src/witness.js): is this a build with `fault-points`?";
}

export class Window {
  readonly desktop: Desktop;
  readonly #session: Session;
  /** Violations of the content security policy, those of pages that are gone included. */
  readonly #violations: string[] = [];
  #closed = false;

  private constructor(desktop: Desktop, session: Session) {
    this.desktop = desktop;
    this.#session = session;
  }

  /** Starts Latchkey on the desktop, which writes a log as full as it can; `env` goes into its environment. */
  static async open(desktop: Desktop, env: NodeJS.ProcessEnv = {}): Promise<Window> {
    desktop.chooseFonts();
    const talkative = { LATCHKEY_LOG: "trace", RUST_BACKTRACE: "full", ...env };
    const window = new Window(desktop, await openSession(desktop, binary("latchkey-desktop"), talkative));
    await window.#prepare();
    return window;
  }

  get driver(): WebDriver {
    return this.#session.driver;
  }

  /** Ends Latchkey. Its page must have kept to the policy from its first line on, and its log must tell of it. */
  close(): Promise<void> {
    return this.#end(this.#session.close);
  }

  /** Ends Latchkey as a power cut does; the same must hold. */
  kill(): Promise<void> {
    return this.#end(this.#session.kill);
  }

  async #end(how: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // A program that has ended by itself can no longer be asked; what it said when it was asked last is known.
    const unasked = await this.#gather().then(
      () => undefined,
      (cause: unknown) => (cause instanceof WithoutWitness ? cause : undefined),
    );
    await how();
    if (unasked) throw unasked;
    expect(this.#violations, "violations of the content security policy").toEqual([]);
    expect(readFileSync(this.desktop.log, "utf8"), "the log").toContain("the window opens");
  }

  /** The one element of this role and name, once it is there. */
  find(role: string, named: Named = {}): Promise<WebElement> {
    return this.#until(
      `${role} ${String(named.name ?? "")}`,
      async () => {
        const found = await this.all(role, named);
        if (found.length > 1) throw new Error(`${found.length} of them`);
        return found[0];
      },
      named.seconds,
    );
  }

  /** Every element of this role and name that can be seen now. */
  all(role: string, named: Named = {}): Promise<WebElement[]> {
    return this.#query<WebElement>(role, named, "element");
  }

  /** The text of every element of this role and name, whether scrolled to or not. */
  texts(role: string, named: Named = {}): Promise<string[]> {
    return this.#query<string>(role, named, "element.textContent.trim()");
  }

  async #query<T>(role: string, { name, within }: Named, answer: string): Promise<T[]> {
    await this.#prepare();
    const pattern = name instanceof RegExp ? { source: name.source, flags: name.flags } : name;
    return this.driver.executeScript<T[]>(
      `const [role, name, within] = arguments;
       const wanted = name && typeof name === "object" ? new RegExp(name.source, name.flags) : name;
       // Behind a modal dialog nothing can be reached. The dialog itself is not found within itself.
       const open = [...document.querySelectorAll("dialog:modal")].at(-1);
       const reachable = role.endsWith("dialog") ? document.body : (open ?? document.body);
       return window.TestingLibraryDom
         .queryAllByRole(within ?? reachable, role, wanted ? { name: wanted } : {})
         .map((element) => ${answer});`,
      role,
      pattern ?? null,
      within ?? null,
    );
  }

  /** Waits until no element of this role and name can be seen. */
  gone(role: string, named: Named = {}): Promise<true> {
    const what = `no ${role} ${String(named.name ?? "")}`;
    const ask = async () => (await this.all(role, named)).length === 0 || undefined;
    return this.#until(what, ask, named.seconds);
  }

  async click(role: string, name?: string | RegExp, within?: WebElement): Promise<void> {
    await this.clickOn(await this.find(role, { ...(name !== undefined && { name }), ...(within && { within }) }));
  }

  /** Clicks the first of several elements of this role and name, once there is one. */
  async clickFirst(role: string, name: string | RegExp): Promise<void> {
    await this.clickOn(await this.#until(`${role} ${String(name)}`, async () => (await this.all(role, { name }))[0]));
  }

  async clickOn(element: WebElement): Promise<void> {
    await this.#still(element);
    await element.click();
  }

  /** Waits until an element stays where it is: what comes into a dialog meanwhile moves the rest of it. */
  async #still(element: WebElement): Promise<void> {
    let before = "";
    await this.#until("the element to stand still", async () => {
      // WebDriver does not measure what is scrolled out of a dialog.
      const measure = "return JSON.stringify(arguments[0].getBoundingClientRect())";
      const place = await this.driver.executeScript<string>(measure, element);
      const stands = place === before;
      before = place;
      return stands || undefined;
    });
  }

  /** Types into the field of this name, in place of what stands there. */
  async fill(name: string | RegExp, text: string, role = "textbox"): Promise<void> {
    await this.type(await this.find(role, { name }), text);
  }

  /** Types into a password field, which has no role, by the text of its label. */
  async fillPassword(label: string, text: string): Promise<void> {
    await this.#prepare();
    const field = await this.#until(`password field ${label}`, async () => {
      const found = await this.driver.executeScript<WebElement[]>(
        `const label = new RegExp("^" + arguments[0] + "( [*])?$");
         return window.TestingLibraryDom.queryAllByLabelText(document.body, label, { selector: "input" });`,
        label,
      );
      return found[0];
    });
    await this.type(field, text);
  }

  /** Types into a field, in place of what stands there. */
  async type(field: WebElement, text: string): Promise<void> {
    await field.click();
    // One call each: WebKit holds Control down for the rest of a call.
    await field.sendKeys(Key.chord(Key.CONTROL, "a"));
    await field.sendKeys(text === "" ? Key.BACK_SPACE : text);
  }

  /** Presses keys wherever the focus is. */
  async press(...keys: string[]): Promise<void> {
    await this.driver
      .switchTo()
      .activeElement()
      .sendKeys(...keys);
  }

  /** Presses Tab until the element of this role and name has the focus. */
  async tabTo(role: string, name: string | RegExp): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await this.focused(role, name)) return;
      await this.press(Key.TAB);
    }
    throw new Error(`Tab does not reach the ${role} ${String(name)}`);
  }

  /** Whether the element of this role and name has the focus. */
  async focused(role: string, name: string | RegExp): Promise<boolean> {
    const found = await this.all(role, { name });
    const flags = await Promise.all(
      found.map((element) =>
        this.driver.executeScript<boolean>("return arguments[0] === document.activeElement", element),
      ),
    );
    return flags.includes(true);
  }

  /** What a screen reader says of an element after its name. */
  description(element: WebElement): Promise<string> {
    return this.driver.executeScript<string>(
      `const ids = (arguments[0].getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
       return ids.map((id) => document.getElementById(id).textContent.trim()).join(" ");`,
      element,
    );
  }

  /** The text of an element, also while it fades in: WebDriver's own answer is empty then. */
  textOf(element: WebElement): Promise<string> {
    return this.driver.executeScript<string>("return arguments[0].textContent.trim()", element);
  }

  /** All the text that can be seen. */
  text(): Promise<string> {
    return this.driver.executeScript<string>("return document.body.innerText");
  }

  /** Waits until this text can be seen. */
  see(text: string | RegExp, seconds?: number): Promise<string> {
    return this.#until(
      `the text ${String(text)}`,
      async () => {
        const all = await this.text();
        return (typeof text === "string" ? all.includes(text) : text.test(all)) ? all : undefined;
      },
      seconds,
    );
  }

  /** What a screen reader was told last. */
  announced(): Promise<string> {
    return this.driver.executeScript<string>(
      `return [...document.querySelectorAll("[aria-live], [role=status]")].map((e) => e.textContent).join(" ")`,
    );
  }

  /** The page as the web view has it, with the values of its fields. */
  source(): Promise<string> {
    return this.driver.executeScript<string>(
      `return document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map((e) => e.value).join(" ")`,
    );
  }

  /** Everything that Rust has told the page since it was loaded: answers by their command, events by their name, and what it brought. */
  ipcAnswers(): Promise<{ command: string; body: string }[]> {
    return this.driver.executeScript("return window.__witness.answers");
  }

  /** Saves a picture of the window. WebDriver's own never comes without a graphics card. */
  async picture(name: string, folder = pictures()): Promise<string> {
    const path = join(folder, `${name}.png`);
    // What moves comes to rest, and two frames later it is painted.
    await this.driver.executeAsyncScript(
      `const done = arguments[0];
       const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
       Promise.allSettled(ending.map((animation) => animation.finished))
         .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())));`,
    );
    const shown = await this.desktop.waitForWindow("Latchkey");
    const taken = await run("import", ["-window", shown, path], this.desktop.env);
    if (taken.status !== 0) throw new Error(`no picture: ${taken.stderr}`);
    return path;
  }

  /** What axe-core finds, in words; nothing is good. */
  async axe(): Promise<string[]> {
    await this.driver.executeScript(`if (!window.axe) { ${axeSource} }`);
    return this.driver.executeAsyncScript<string[]>(
      `const done = arguments[arguments.length - 1];
       // What fades in has other colours on its way; what turns for ever is not waited for.
       const fading = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
       const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
       Promise.all(fading.map((one) => one.finished.catch(() => null)))
         .then(() => window.axe.run(document, { runOnly: rules }))
         .then((found) => done(found.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target.join(" ") + " – " + n.failureSummary))),
               (error) => done(["axe failed: " + error]));`,
    );
  }

  /** The violations of the content security policy since the window was opened. */
  async cspViolations(): Promise<string[]> {
    await this.#gather();
    return [...this.#violations];
  }

  /** Loads the page anew, as a web view does after a crash of its process. */
  async reload(): Promise<void> {
    await this.#gather();
    await this.driver.navigate().refresh();
    await this.#prepare();
  }

  /** Waits, and leaves a picture of what was there instead. */
  async #until<T>(what: string, ask: () => Promise<T | undefined>, seconds?: number): Promise<T> {
    try {
      return await until(what, ask, seconds);
    } catch (cause) {
      const test = expect.getState().currentTestName ?? "before the tests";
      const path = await this.picture(`failure ${test.replaceAll(/[^\w ]+/g, " ")}`).catch(() => "no picture");
      throw new Error(`${cause instanceof Error ? cause.message : String(cause)}; see ${path}`, { cause });
    }
  }

  /** Takes over the violations that the page has seen. */
  async #gather(): Promise<void> {
    const fresh = await this.driver.executeScript<string[] | null>(
      "return window.__witness?.violations.splice(0) ?? null",
    );
    if (!fresh) throw new WithoutWitness();
    this.#violations.push(...fresh);
  }

  async #prepare(): Promise<void> {
    await this.#gather();
    const ready = await this.driver.executeScript<boolean>("return window.TestingLibraryDom !== undefined");
    if (!ready) await this.driver.executeScript(testingLibrary);
  }
}
