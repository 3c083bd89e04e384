// A desktop of its own for each test file: temporary folders, session bus, keychain, virtual display, window manager.

import { type ChildProcess, type SpawnOptions, type StdioOptions } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Keychain } from "./keychain";
import { firstLine, run, start, stop, until } from "./processes";
import { type Screen, XScreen } from "./screen";

const root = resolve(import.meta.dirname, "../../..");

/**
 * How the keychain of a desktop is to be: there and open; there without any keyring; not there; not even a bus on which
 * it could be.
 */
export type KeychainState = "unlocked" | "empty" | "none" | "no bus";

/** The title of the system's save dialog. */
const saving = "Download API key";

/** What a desktop's bus starts by itself: the prompts of the keychain, but not the keychain. */
const services = ["org.gnome.keyring.SystemPrompter", "org.a11y.Bus"];

export class Desktop {
  /** Everything that the programs of this desktop write lies below this folder. */
  readonly folder: string;
  /** The profile folder. */
  readonly home: string;
  /** What the windows of this desktop have written to their outputs. */
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
  readonly keychain: Keychain;
  readonly #screen: Screen;
  #children: ChildProcess[] = [];

  private constructor(extra: NodeJS.ProcessEnv, screen: Screen) {
    this.#screen = screen;
    this.folder = mkdtempSync(join(tmpdir(), "latchkey-e2e-"));
    this.home = join(this.folder, "latchkey");
    this.log = join(this.folder, "windows.log");
    const folder = (name: string) => {
      const path = join(this.folder, name);
      mkdirSync(path, { mode: 0o700 });
      return path;
    };
    this.env = {
      PATH: process.env.PATH,
      LANG: "C.UTF-8",
      HOME: folder("home"),
      TMPDIR: folder("tmp"),
      XDG_DATA_HOME: folder("data"),
      XDG_CONFIG_HOME: folder("config"),
      XDG_CACHE_HOME: folder("cache"),
      XDG_RUNTIME_DIR: folder("run"),
      // Without a graphics card the compositor of the web view draws nothing.
      WEBKIT_DISABLE_DMABUF_RENDERER: "1",
      LATCHKEY_HOME: this.home,
      ...extra,
    };
    this.keychain = new Keychain(this.env);
  }

  /** Starts the desktop; `extra` goes into the environment of all its programs. */
  static async start(
    keychain: KeychainState = "unlocked",
    extra: NodeJS.ProcessEnv = {},
    screen: Screen = new XScreen(),
  ): Promise<Desktop> {
    const desktop = new Desktop(extra, screen);
    // First, since what the bus starts needs it.
    await screen.start(desktop.env, desktop.#keep);
    if (keychain !== "no bus") await desktop.#startBus();
    if (keychain === "unlocked") await desktop.keychain.start();
    if (keychain === "empty") await desktop.keychain.startEmpty();
    return desktop;
  }

  /** Ends every program of the desktop and removes its folders. */
  async close(): Promise<void> {
    await this.keychain.stop();
    for (const child of this.#children.reverse()) await stop(child);
    this.#screen.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Fonts such as people have: a bare machine shows its widest one. */
  chooseFonts(): void {
    const alias = (family: string, font: string) =>
      `<alias binding="same"><family>${family}</family><prefer><family>${font}</family></prefer></alias>`;
    const folder = join(this.folder, "config", "fontconfig");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "fonts.conf"),
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${alias("system-ui", "Inter")}` +
        `${alias("sans-serif", "Inter")}${alias("monospace", "JetBrains Mono")}</fontconfig>`,
    );
  }

  /** Runs the command line on the profile of this desktop. */
  cli(args: string[], input = "", env: NodeJS.ProcessEnv = {}) {
    return run(binary("latchkey"), args, { ...this.env, ...env }, input);
  }

  /** What the clipboard holds now. */
  clipboard(): Promise<string> {
    return this.#screen.clipboard();
  }

  /** The types in which the clipboard offers what it holds. */
  clipboardTypes(): Promise<string[]> {
    return this.#screen.clipboardTypes();
  }

  /** Puts a text on the clipboard, as another program does. */
  async copy(text: string): Promise<void> {
    const [command, ...args] = this.#screen.copier;
    this.spawn(command, args, {}, ["pipe", "ignore", "ignore"]).stdin!.end(text);
    await until("the clipboard", async () => (await this.clipboard()) === text || undefined);
  }

  /** Types a path into the system's save dialog with this title and saves there. */
  async saveDialog(path: string, title = saving): Promise<void> {
    await this.#enterPath(path, title, (dialog) => this.#isGone(dialog, title));
  }

  /** Types the path of something that is there into the save dialog, and waits for what the system says to that. */
  async saveDialogOver(path: string): Promise<void> {
    await this.#enterPath(path, saving, async (dialog) => {
      const active = await this.#screen.active();
      return (active !== "" && active !== dialog) || undefined;
    });
  }

  /** Answers what the system asks in front of the save dialog: Return agrees, Escape does not. */
  async answerOverwrite(key: "Return" | "Escape"): Promise<void> {
    const question = await this.#screen.active();
    await this.press(key);
    await until("the question to go", async () => (await this.#screen.active()) !== question || undefined);
  }

  /** Types the path of a folder into the save dialog: it shows that folder and goes on asking for a name. */
  async saveDialogInto(folder: string): Promise<void> {
    const dialog = await this.#typePath(folder);
    await this.press("Return");
    await this.press("Return");
    await until("the save dialog to stay", async () => (await this.#screen.active()) === dialog || undefined);
  }

  /** Leaves the save dialog without saving. */
  cancelSaveDialog(): Promise<void> {
    return this.#cancel(saving);
  }

  /** Types a path into the system's dialog for opening a file, and opens it; `null` closes the dialog. */
  async openDialog(path: string | null, title: string): Promise<void> {
    if (path === null) await this.#cancel(title);
    else await this.#enterPath(path, title, (dialog) => this.#isGone(dialog, title));
  }

  /** Answers the system's question with the key: Return agrees, Escape does not. */
  async answerQuestion(title: string, key: "Return" | "Escape"): Promise<void> {
    await this.#screen.activate(await this.waitForWindow(title));
    await this.press(key);
    await this.waitForNoWindow(title);
  }

  /** Presses Escape in the keychain's question for its passphrase, until it is gone. */
  async dismissPrompt(): Promise<void> {
    const shown = () => this.#screen.windowsOf("gcr-prompter");
    await until("the keychain's question", async () => (await shown())[0]);
    await until("the keychain's question to go", async () => {
      const [prompt] = await shown();
      if (!prompt) return true;
      await this.#screen.activate(prompt);
      await this.press("Escape");
      return undefined;
    });
  }

  /** Asks a window to close, as its close button does. */
  async closeWindow(title: string): Promise<void> {
    await this.#screen.ask(await this.waitForWindow(title));
  }

  /** Presses keys of the keyboard, by the names that X has for them, for whoever has the focus. */
  press(keys: string): Promise<void> {
    return this.#screen.press(keys);
  }

  /** Clicks twice on the title of a window that fills the screen, so that it is as large as before. */
  restoreWindow(): Promise<void> {
    return this.#screen.doubleClick(600, 8);
  }

  /** The identifier of the window with this title, once it is there. */
  waitForWindow(title: string): Promise<string> {
    return until(`a window named ${title}`, async () => (await this.#screen.windows(title))?.at(-1));
  }

  /** Waits until no window with this title can be seen. */
  waitForNoWindow(title: string): Promise<true> {
    return until(
      `the window ${title} to close`,
      async () => (await this.#screen.windows(title))?.length === 0 || undefined,
    );
  }

  /** Starts a program on this desktop that ends with it. */
  spawn(command: string, args: string[], env: NodeJS.ProcessEnv = {}, stdio: StdioOptions = "ignore"): ChildProcess {
    return this.#keep(command, args, { ...this.env, ...env }, { stdio });
  }

  /**
   * Types a path into the system's dialog until it was taken. A dialog that still reads its folder swallows what is
   * typed. The slash at the beginning opens the place for a path where it is not there yet.
   */
  async #enterPath(path: string, title: string, taken: (dialog: string) => Promise<true | undefined>): Promise<void> {
    let dialog = "";
    await until(`the window ${title} to take a path`, async () => {
      if (dialog !== "" && (await taken(dialog))) return true;
      dialog = await this.#typePath(path, title);
      // The first Return may be taken by the list of names that completes the path. The second one must not reach the
      // page behind a dialog that only takes its time: there it would press the button that opened it.
      await this.press("Return");
      await until("the first Return", () => taken(dialog), 2).catch(() => this.press("Return"));
      return until("the second Return", () => taken(dialog), 2);
    });
  }

  async #typePath(path: string, title = saving): Promise<string> {
    const dialog = await this.waitForWindow(title);
    await this.#screen.activate(dialog);
    await this.press("ctrl+a");
    await this.#screen.type(path);
    return dialog;
  }

  /** Presses Escape until the dialog is gone: the list of names that completes a path takes the first one. */
  async #cancel(title: string): Promise<void> {
    const dialog = await this.waitForWindow(title);
    await until(`the window ${title} to close`, async () => {
      if (await this.#isGone(dialog, title)) return true;
      await this.#screen.activate(dialog);
      await this.press("Escape");
      return until("Escape", () => this.#isGone(dialog, title), 2);
    });
  }

  async #isGone(dialog: string, title: string): Promise<true | undefined> {
    const shown = await this.#screen.windows(title);
    return (shown !== undefined && !shown.includes(dialog)) || undefined;
  }

  async #startBus(): Promise<void> {
    const folder = join(this.folder, "services");
    mkdirSync(folder);
    for (const name of services) {
      const file = `/usr/share/dbus-1/services/${name}.service`;
      if (existsSync(file)) symlinkSync(file, join(folder, `${name}.service`));
    }
    const config = join(this.folder, "bus.conf");
    writeFileSync(
      config,
      `<busconfig><type>session</type><listen>unix:tmpdir=${this.folder}</listen><servicedir>${folder}</servicedir>
       <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
       </busconfig>`,
    );
    const args = [`--config-file=${config}`, "--nofork", "--nopidfile", "--print-address=1"];
    const bus = this.#keep("dbus-daemon", args, this.env, { stdio: ["ignore", "pipe", "ignore"] });
    this.env.DBUS_SESSION_BUS_ADDRESS = await firstLine(bus.stdout!);
  }

  /** Starts a program with an environment of its own that ends with this desktop. */
  readonly #keep = (command: string, args: string[], env: NodeJS.ProcessEnv, options: SpawnOptions): ChildProcess => {
    const child = start(command, args, env, options);
    this.#children.push(child);
    return child;
  };
}

/** The folder that Cargo builds into. */
export function target(): string {
  return process.env.CARGO_TARGET_DIR ?? join(root, "target");
}

/** A program of the test build. */
export function binary(name: "latchkey" | "latchkey-desktop"): string {
  return join(target(), "debug", name);
}

/** The folder for pictures; they stay after the tests. */
export function pictures(): string {
  const folder = join(target(), "pictures");
  mkdirSync(folder, { recursive: true });
  return folder;
}
