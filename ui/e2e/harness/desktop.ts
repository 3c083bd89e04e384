// A desktop of its own for each test file: temporary folders, session bus, keychain, virtual display, window manager.

import { type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { firstLine, run, start, stop, until } from "./processes";

const root = resolve(import.meta.dirname, "../../..");

/** How the keychain of a desktop is to be. */
export type Keychain = "unlocked" | "none";

export class Desktop {
  /** Everything that the programs of this desktop write lies below this folder. */
  readonly folder: string;
  /** The profile folder. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  #children: ChildProcess[] = [];

  private constructor(extra: NodeJS.ProcessEnv) {
    this.folder = mkdtempSync(join(tmpdir(), "latchkey-e2e-"));
    this.home = join(this.folder, "latchkey");
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
      GDK_BACKEND: "x11",
      // Without a graphics card the compositor of the web view draws nothing.
      WEBKIT_DISABLE_DMABUF_RENDERER: "1",
      LATCHKEY_HOME: this.home,
      ...extra,
    };
  }

  /** Starts the desktop; `extra` goes into the environment of all its programs. */
  static async start(keychain: Keychain = "unlocked", extra: NodeJS.ProcessEnv = {}): Promise<Desktop> {
    const desktop = new Desktop(extra);
    await desktop.#startBus();
    if (keychain === "unlocked") await desktop.#startKeychain();
    await desktop.#startDisplay();
    return desktop;
  }

  /** Ends every program of the desktop and removes its folders. */
  async close(): Promise<void> {
    for (const child of this.#children.reverse()) await stop(child);
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

  /** What the clipboard holds now, or its targets. */
  async clipboard(target = "UTF8_STRING"): Promise<string> {
    return (await run("xclip", ["-selection", "clipboard", "-o", "-t", target], this.env)).stdout;
  }

  /** Types a path into the system's save dialog and saves there. */
  async saveDialog(path: string, title = "Download API key"): Promise<void> {
    const dialog = await this.waitForWindow(title);
    await this.#xdotool("windowactivate", "--sync", dialog);
    await this.#xdotool("key", "--clearmodifiers", "ctrl+a");
    await this.#xdotool("type", "--clearmodifiers", path);
    await this.#xdotool("key", "Return");
    await this.waitForNoWindow(title);
  }

  /** Answers the system's question with the key: Return agrees, Escape does not. */
  async answerQuestion(title: string, key: "Return" | "Escape"): Promise<void> {
    const dialog = await this.waitForWindow(title);
    await this.#xdotool("windowactivate", "--sync", dialog);
    await this.#xdotool("key", key);
    await this.waitForNoWindow(title);
  }

  /** Asks a window to close, as its close button does. */
  async closeWindow(title: string): Promise<void> {
    await this.#xdotool("windowactivate", "--sync", await this.waitForWindow(title));
    await this.#xdotool("key", "--clearmodifiers", "alt+F4");
  }

  /** The identifier of the window with this title, once it is there. */
  waitForWindow(title: string): Promise<string> {
    return until(`a window named ${title}`, async () => {
      const found = await run("xdotool", ["search", "--onlyvisible", "--name", `^${title}$`], this.env);
      return found.stdout.trim().split("\n").at(-1) || undefined;
    });
  }

  /** Waits until no window with this title can be seen. */
  waitForNoWindow(title: string): Promise<true> {
    return until(`the window ${title} to close`, async () => {
      const found = await run("xdotool", ["search", "--onlyvisible", "--name", `^${title}$`], this.env);
      return found.stdout.trim() === "" || undefined;
    });
  }

  /** The labels of Latchkey's items in the keychain. */
  async keychainLabels(): Promise<string[]> {
    const service = ["--session", "--dest", "org.freedesktop.secrets", "--timeout", "10"];
    const found = await run(
      "gdbus",
      ["call", ...service, "--object-path", "/org/freedesktop/secrets"]
        .concat(["--method", "org.freedesktop.Secret.Service.SearchItems"])
        .concat([`{"service": "Latchkey"}`]),
      this.env,
    );
    const paths = found.stdout.match(/\/org\/freedesktop\/secrets\/collection\/[^']+/g) ?? [];
    const labels: string[] = [];
    for (const path of paths) {
      const label = await run(
        "gdbus",
        ["call", ...service, "--object-path", path, "--method", "org.freedesktop.DBus.Properties.Get"].concat([
          "org.freedesktop.Secret.Item",
          "Label",
        ]),
        this.env,
      );
      labels.push(/'(.*)'/.exec(label.stdout)?.[1] ?? "");
    }
    return labels;
  }

  /** Starts a program on this desktop that ends with it. */
  spawn(command: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = start(command, args, { ...this.env, ...env });
    this.#children.push(child);
    return child;
  }

  async #startBus(): Promise<void> {
    const bus = start("dbus-daemon", ["--session", "--nofork", "--nopidfile", "--print-address=1"], this.env, {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#children.push(bus);
    this.env.DBUS_SESSION_BUS_ADDRESS = await firstLine(bus.stdout!);
  }

  async #startKeychain(): Promise<void> {
    const args = ["--foreground", "--unlock", "--components=secrets"];
    const daemon = start("gnome-keyring-daemon", args, this.env, { stdio: ["pipe", "ignore", "ignore"] });
    this.#children.push(daemon);
    // A passphrase of its own makes an unlocked login collection.
    daemon.stdin!.end("\n");
    await until("the keychain's default collection", async () => {
      const found = await run(
        "gdbus",
        ["call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets"].concat([
          "--method",
          "org.freedesktop.Secret.Service.ReadAlias",
          "default",
        ]),
        this.env,
      );
      return found.stdout.includes("/collection/") || undefined;
    });
  }

  async #startDisplay(): Promise<void> {
    // A little larger than the window, whose frame needs its place.
    const args = ["-displayfd", "3", "-screen", "0", "1300x840x24", "-nolisten", "tcp"];
    const display = start("Xvfb", args, this.env, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    this.#children.push(display);
    this.env.DISPLAY = `:${await firstLine(display.stdio[3] as NodeJS.ReadableStream)}`;
    this.spawn("openbox", ["--sm-disable"]);
  }

  async #xdotool(...args: string[]): Promise<void> {
    const done = await run("xdotool", args, this.env);
    if (done.status !== 0) throw new Error(`xdotool ${args.join(" ")}: ${done.stderr}`);
  }
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
