// The keychain of a desktop: gnome-keyring on the desktop's own bus, in each of the states that computers have it in.

import { type ChildProcess } from "node:child_process";

import { run, start, stop, until } from "./processes";

const root = "/org/freedesktop/secrets";
const login = `${root}/collection/login`;

/** Whose passphrase it is matters to nobody; without any the keychain would write its items down in clear. */
const passphrase = "the login passphrase";

export class Keychain {
  readonly #env: NodeJS.ProcessEnv;
  #daemon: ChildProcess | undefined;

  /** Of the desktop with this environment; not started yet. */
  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** Starts it with its login keyring unlocked; the keyring is made where there is none. */
  async start(): Promise<void> {
    await this.#run(passphrase);
    await until("the keychain's default collection", async () => {
      const alias = await this.#call(root, "org.freedesktop.Secret.Service.ReadAlias", "default");
      return alias.includes("/collection/") || undefined;
    });
  }

  /** Starts it as a session does that nobody logged into with a passphrase: without a keyring. */
  async startEmpty(): Promise<void> {
    await this.#run("");
    await until("the keychain", async () => (await this.#call(root, "org.freedesktop.DBus.Peer.Ping")) || undefined);
  }

  /** Ends it, as a crash does. */
  async stop(): Promise<void> {
    await stop(this.#daemon);
    this.#daemon = undefined;
  }

  /** Locks it, as its own program or a screen saver does. */
  async lock(): Promise<void> {
    await this.#call(root, "org.freedesktop.Secret.Service.Lock", `['${login}']`);
    await until("the keychain to be locked", async () => {
      const locked = await this.#property(login, "org.freedesktop.Secret.Collection", "Locked");
      return locked.includes("true") || undefined;
    });
  }

  /** The labels of Latchkey's items. */
  async labels(): Promise<string[]> {
    const labels: string[] = [];
    for (const item of await this.#items()) {
      const label = await this.#property(item, "org.freedesktop.Secret.Item", "Label");
      labels.push(/'(.*)'/.exec(label)?.[1] ?? "");
    }
    return labels;
  }

  /** Deletes Latchkey's items, as somebody does in the keychain's own program. */
  async deleteItems(): Promise<void> {
    for (const item of await this.#items()) await this.#call(item, "org.freedesktop.Secret.Item.Delete");
  }

  async #items(): Promise<string[]> {
    const found = await this.#call(root, "org.freedesktop.Secret.Service.SearchItems", `{"service": "Latchkey"}`);
    return found.match(/\/org\/freedesktop\/secrets\/collection\/[^']+/g) ?? [];
  }

  /** The passphrase comes by standard input, whose end must be seen. */
  async #run(input: string): Promise<void> {
    const args = ["--foreground", "--unlock", "--components=secrets"];
    this.#daemon = start("gnome-keyring-daemon", args, this.#env, { stdio: ["pipe", "ignore", "ignore"] });
    this.#daemon.stdin!.end(input);
    await until("somebody to offer the Secret Service", async () => {
      const owned = await run(
        "gdbus",
        ["call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus"].concat([
          "--method",
          "org.freedesktop.DBus.NameHasOwner",
          "org.freedesktop.secrets",
        ]),
        this.#env,
      );
      return owned.stdout.includes("true") || undefined;
    });
  }

  #property(path: string, interfaceName: string, name: string): Promise<string> {
    return this.#call(path, "org.freedesktop.DBus.Properties.Get", interfaceName, name);
  }

  /** What a method of the keychain answers, as `gdbus` prints it. */
  async #call(path: string, method: string, ...args: string[]): Promise<string> {
    const service = ["--session", "--dest", "org.freedesktop.secrets", "--timeout", "10"];
    return (await run("gdbus", ["call", ...service, "--object-path", path, "--method", method, ...args], this.#env))
      .stdout;
  }
}
