// What differs between a desktop with X and one without: where windows are, who has the focus, keys, and the clipboard.

import type { ChildProcess, SpawnOptions } from "node:child_process";

import { firstLine, run } from "./processes";

/** Starts a program that ends with the desktop. */
export type Keep = (command: string, args: string[], env: NodeJS.ProcessEnv, options: SpawnOptions) => ChildProcess;

export interface Screen {
  /** Starts it, and puts what programs need to find it into `env`. */
  start(env: NodeJS.ProcessEnv, keep: Keep): Promise<void>;
  /** Removes what it has left behind. */
  close(): void;
  /** What the clipboard holds; empty where it holds nothing of that type. */
  clipboard(type?: string): Promise<string>;
  /** The types in which the clipboard offers what it holds. */
  clipboardTypes(): Promise<string[]>;
  /** The program that puts what it reads on the clipboard and stays to serve it. */
  readonly copier: readonly [command: string, ...args: string[]];
  /** The windows with this title that can be seen, by identifiers; `undefined` where that is not known just now. */
  windows(title: string): Promise<string[] | undefined>;
  /** The windows of this program that can be seen. */
  windowsOf(program: string): Promise<string[]>;
  /** The window that has the keyboard, or nothing. */
  active(): Promise<string>;
  activate(window: string): Promise<void>;
  /** Asks a window to close, as its close button does. */
  ask(window: string): Promise<void>;
  /** Presses keys together, by the names that X has for them, for the window that has the keyboard. */
  press(keys: string): Promise<void>;
  type(text: string): Promise<void>;
  /** Clicks twice with the mouse. */
  doubleClick(x: number, y: number): Promise<void>;
}

/** An X server without a screen that anybody sees, and a window manager. */
export class XScreen implements Screen {
  readonly copier: Screen["copier"] = ["xclip", "-selection", "clipboard", "-quiet"];
  #env: NodeJS.ProcessEnv = {};

  async start(env: NodeJS.ProcessEnv, keep: Keep): Promise<void> {
    env.GDK_BACKEND = "x11";
    await this.startServer(env, keep);
    keep("openbox", ["--sm-disable"], env, { stdio: "ignore" });
  }

  /** Starts the server alone. */
  protected async startServer(env: NodeJS.ProcessEnv, keep: Keep): Promise<void> {
    this.#env = env;
    // A little larger than the window, whose frame needs its place.
    const args = ["-displayfd", "3", "-screen", "0", "1300x840x24", "-nolisten", "tcp"];
    const display = keep("Xvfb", args, env, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    env.DISPLAY = `:${await firstLine(display.stdio[3] as NodeJS.ReadableStream)}`;
  }

  close(): void {
    // It has nothing but its process.
  }

  async clipboard(type = "UTF8_STRING"): Promise<string> {
    return (await run("xclip", ["-selection", "clipboard", "-o", "-t", type], this.#env)).stdout;
  }

  async clipboardTypes(): Promise<string[]> {
    return (await this.clipboard("TARGETS")).split("\n");
  }

  async windows(title: string): Promise<string[] | undefined> {
    const found = await this.#search("--name", `^${title}$`);
    // A search that meets a window which goes away says nothing of the others.
    return found.stderr.trim() === "" ? lines(found.stdout) : undefined;
  }

  async windowsOf(program: string): Promise<string[]> {
    return lines((await this.#search("--class", program)).stdout);
  }

  async active(): Promise<string> {
    return (await run("xdotool", ["getactivewindow"], this.#env)).stdout.trim();
  }

  /** A window that takes the keyboard for itself, as the keychain's question does, is no window for the window manager. */
  async activate(window: string): Promise<void> {
    const known = await run("xdotool", ["windowactivate", "--sync", window], this.#env);
    if (known.status !== 0) await this.#xdotool("windowfocus", window);
  }

  async ask(window: string): Promise<void> {
    await this.activate(window);
    await this.press("alt+F4");
  }

  async press(keys: string): Promise<void> {
    await this.#xdotool("key", "--clearmodifiers", keys);
  }

  async type(text: string): Promise<void> {
    await this.#xdotool("type", "--clearmodifiers", text);
  }

  async doubleClick(x: number, y: number): Promise<void> {
    await this.#xdotool("mousemove", String(x), String(y), "click", "--repeat", "2", "1");
  }

  #search(...what: string[]) {
    return run("xdotool", ["search", "--onlyvisible", ...what], this.#env);
  }

  async #xdotool(...args: string[]): Promise<void> {
    const done = await run("xdotool", args, this.#env);
    if (done.status !== 0) throw new Error(`xdotool ${args.join(" ")}: ${done.stderr}`);
  }
}

function lines(text: string): string[] {
  return text.trim().split("\n").filter(Boolean);
}
