// A disk of a test's own, small enough to be filled.

import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether this machine lets a test make a disk; says why where it does not, and fails where `make test` found that it has
 * to: a test that is left out in silence proves nothing.
 */
export function disksCanBeMade(): boolean {
  try {
    // In a name space of its own, so that nothing stays mounted.
    asRoot("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt");
    return true;
  } catch (cause) {
    if (process.env["LATCHKEY_DISKS"] === "needed") {
      throw new Error("No disk can be mounted here, and LATCHKEY_DISKS says that tests need it.", { cause });
    }
    const needed = "root, or sudo without a password, and a container that allows it";
    process.stderr.write(`Some tests are skipped, as no disk can be mounted here: that takes ${needed}.\n`);
    return false;
  }
}

export class Disk {
  readonly folder: string;

  /** Mounts an empty disk of four megabytes at the folder, which is made. */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { mode: 0o700 });
    const owner = `uid=${process.getuid?.() ?? 0},gid=${process.getgid?.() ?? 0},mode=0700`;
    asRoot("mount", "-t", "tmpfs", "-o", `size=4m,${owner}`, "tmpfs", folder);
  }

  /** Leaves no room for another byte. */
  fill(): void {
    const file = openSync(this.#ballast, "w");
    try {
      for (;;) writeSync(file, Buffer.alloc(4_096, "x"));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOSPC") throw cause;
    } finally {
      closeSync(file);
    }
  }

  /** Makes room again. */
  empty(): void {
    rmSync(this.#ballast);
  }

  /** From now on nothing can be written, or again. Nobody may have a file open for writing. */
  setReadOnly(readOnly: boolean): void {
    asRoot("mount", "-o", `remount,${readOnly ? "ro" : "rw"}`, this.folder);
  }

  /** Takes the disk away with all that is on it. */
  remove(): void {
    asRoot("umount", "--lazy", this.folder);
  }

  get #ballast(): string {
    return join(this.folder, "ballast");
  }
}

function asRoot(command: string, ...args: string[]): void {
  const line = [command, ...args];
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  const [program, ...rest] = [...sudo, ...line];
  execFileSync(program!, rest, { stdio: "ignore" });
}
