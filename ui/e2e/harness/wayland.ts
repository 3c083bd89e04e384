// A desktop where programs find no X: the compositor sway, whose screen, mouse and keyboard are those of a virtual X server
// that only sway knows.

import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run, until } from "./processes";
import { type Keep, type Screen, XScreen } from "./screen";

/** Runs the compositor where a test runs as root, which it refuses to. */
const nobody = 65_534;

/** No frames, and windows as large as they want to be. */
const config = `
  xwayland disable
  output X11-1 resolution 1300x840
  default_border none
  for_window [title=".*"] floating enable
`;

/** What sway says of a window, or of what holds windows. */
interface Node {
  id: number;
  name: string | null;
  pid?: number;
  app_id?: string | null;
  focused: boolean;
  nodes: Node[];
  floating_nodes: Node[];
}

export class WaylandScreen extends XScreen {
  override readonly copier: Screen["copier"] = ["wl-copy", "--foreground"];
  #env: NodeJS.ProcessEnv = {};
  #folder = "";

  override async start(env: NodeJS.ProcessEnv, keep: Keep): Promise<void> {
    this.#env = env;
    this.#folder = mkdtempSync(join(tmpdir(), "latchkey-sway-"));
    const file = join(this.#folder, "config");
    writeFileSync(file, config);
    chmodSync(file, 0o644);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(this.#folder, nobody, nobody);
    const own: NodeJS.ProcessEnv = { PATH: env.PATH, HOME: this.#folder, XDG_RUNTIME_DIR: this.#folder };
    await this.startServer(own, keep);
    keep(
      "sway",
      ["--config", file],
      { ...own, WLR_BACKENDS: "x11", WLR_RENDERER: "pixman" },
      {
        stdio: "ignore",
        ...(isRoot && { uid: nobody, gid: nobody }),
      },
    );
    const socket = join(this.#folder, "wayland-1");
    await until("the compositor", async () => (existsSync(socket) && (await this.#tell("nop"))) || undefined);
    env.WAYLAND_DISPLAY = socket;
    env.GDK_BACKEND = "wayland";
  }

  override close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  override async clipboard(type = "text/plain"): Promise<string> {
    const read = await run("wl-paste", ["--no-newline", "--type", type], this.#env);
    return read.status === 0 ? read.stdout : "";
  }

  override async clipboardTypes(): Promise<string[]> {
    return (await run("wl-paste", ["--list-types"], this.#env)).stdout.split("\n");
  }

  override async windows(title: string): Promise<string[]> {
    return ids(await this.#all(), (one) => one.name === title);
  }

  override async windowsOf(program: string): Promise<string[]> {
    return ids(await this.#all(), (one) => one.app_id === program);
  }

  override async active(): Promise<string> {
    return ids(await this.#all(), (one) => one.focused)[0] ?? "";
  }

  override async activate(window: string): Promise<void> {
    await this.#tell(`[con_id=${window}] focus`);
  }

  override async ask(window: string): Promise<void> {
    await this.#tell(`[con_id=${window}] kill`);
  }

  /** Makes a window so large. */
  async resize(window: string, width: number, height: number): Promise<void> {
    await this.#tell(`[con_id=${window}] resize set ${width} px ${height} px`);
  }

  async #all(): Promise<Node[]> {
    const all = (one: Node): Node[] => [one, ...[...one.nodes, ...one.floating_nodes].flatMap(all)];
    const tree = JSON.parse(await this.#swaymsg("--type", "get_tree")) as Node;
    return all(tree).filter((one) => one.pid !== undefined);
  }

  async #tell(command: string): Promise<true> {
    await this.#swaymsg(command);
    return true;
  }

  async #swaymsg(...args: string[]): Promise<string> {
    const socket = readdirSync(this.#folder).find((name) => name.startsWith("sway-ipc"));
    if (!socket) throw new Error("the compositor has no socket yet");
    const told = await run("swaymsg", ["--socket", join(this.#folder, socket), ...args], this.#env);
    if (told.status !== 0) throw new Error(`swaymsg ${args.join(" ")}: ${told.stdout}${told.stderr}`);
    return told.stdout;
  }
}

function ids(nodes: Node[], wanted: (one: Node) => boolean): string[] {
  return nodes.filter(wanted).map((one) => String(one.id));
}
