// The system's browser: it only notes what it was asked to open.

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Desktop } from "./desktop";
import { until } from "./processes";

export class Browser {
  readonly #file: string;

  /** Becomes the browser of the programs that this desktop starts from now on. */
  constructor(desktop: Desktop) {
    this.#file = join(desktop.folder, "opened-pages");
    const folder = join(desktop.folder, "bin");
    mkdirSync(folder);
    const program = join(folder, "xdg-open");
    writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$*" >>'${this.#file}'\n`);
    chmodSync(program, 0o755);
    desktop.env.PATH = `${folder}:${desktop.env.PATH}`;
  }

  get #opened(): string[] {
    return existsSync(this.#file) ? readFileSync(this.#file, "utf8").split("\n").filter(Boolean) : [];
  }

  /** Waits until this page is the last one that it was asked for, and the `count`th. */
  async sees(page: string, count: number): Promise<void> {
    await until(`the browser to be asked for ${page}`, () => {
      const opened = this.#opened;
      return (opened.length === count && opened.at(-1) === page) || undefined;
    });
  }
}
