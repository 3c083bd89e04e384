// Child processes of a test: they end with it, however it ends.

import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { createInterface } from "node:readline";

const running = new Set<ChildProcess>();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
// The test runner ends a worker that does not answer; by default that would skip the lines above.
process.once("SIGTERM", () => process.exit(1));

/** Starts a program whose output goes nowhere unless `options` says otherwise. */
export function start(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn(command, args, { stdio: "ignore", ...options, env });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", (cause) => {
    running.delete(child);
    throw new Error(`could not start ${command}: is its Debian package installed? (${cause.message})`);
  });
  return child;
}

/** Ends a program and waits until it is gone. */
export async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await gone;
  clearTimeout(hard);
}

/** The first line that a program writes to the stream. */
export function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stream });
    lines.once("line", resolve);
    lines.once("close", () => reject(new Error("the program ended before it said anything")));
  });
}

/** Runs a program to its end. */
export function run(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  input = "",
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env });
    running.add(child);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", reject);
    child.once("close", (status) => {
      running.delete(child);
      resolve({ status, stdout, stderr });
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Asks until the answer is not `undefined`; fails with `what` after `seconds`. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  seconds = 20,
): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (cause) {
      last = cause;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited ${seconds} s in vain: ${what}${last instanceof Error ? ` (${last.message})` : ""}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
