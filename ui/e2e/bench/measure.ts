// What the system knows of a program and the processes it has started.

import { readFileSync } from "node:fs";

import { until } from "../harness/processes";
import { family } from "../harness/session";

/** The kernel counts in ticks of a hundredth of a second. */
const tick = 10;

/** When a process began, in milliseconds since 1970. */
export function startOf(process: number): number {
  const stat = readFileSync(`/proc/${process}/stat`, "utf8");
  // The name of the program stands in brackets and may hold blanks; the start is the 20th value after it.
  const ticks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  return Date.now() - uptime * 1_000 + ticks * tick;
}

/** The memory of a program and all its processes in MiB; what several share is divided between them. */
export function memoryOf(process: number): number {
  const kibibytes = family(process).map((one) => {
    try {
      return Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kibibytes.reduce((sum, one) => sum + one, 0) / 1_024;
}

/** The time of the processor, in ticks, that a program and all its processes have had. */
function timeOf(process: number): number {
  const ticks = family(process).map((one) => {
    try {
      const stat = readFileSync(`/proc/${one}/stat`, "utf8");
      const [user, system] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
        .map(Number);
      return (user ?? 0) + (system ?? 0);
    } catch {
      return 0;
    }
  });
  return ticks.reduce((sum, one) => sum + one, 0);
}

/**
 * Waits until a program has done nothing for a third of a second. Its page is left in peace meanwhile: a question to it has to be
 * answered by the thread that lays it out and paints it.
 */
export function atRest(process: number): Promise<number> {
  let before = -1;
  let calm = 0;
  return until("the program to come to rest", () => {
    const now = timeOf(process);
    calm = now === before ? calm + 1 : 0;
    before = now;
    return calm >= 15 ? now : undefined;
  });
}

/** The value below which this share of the values lies. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
