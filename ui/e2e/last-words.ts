// What a long run says last: each failed test in one line, below everything that was printed of it. The files
// that they are in are listed where `FAILED_FILES` says, for `.ci/window-tests`.

import { writeFileSync } from "node:fs";

import type { Reporter, TestCase, TestModule } from "vitest/node";

export class LastWords implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const list = process.env.FAILED_FILES;
    const failed = modules.filter((module) => module.state() === "failed");
    if (list !== undefined) writeFileSync(list, failed.map((one) => `${one.relativeModuleId}\n`).join(""));
    for (const module of modules) {
      for (const error of module.errors()) say(module.moduleId, error.message);
      for (const test of module.children.allTests("failed")) this.#report(test);
    }
  }

  #report(test: TestCase): void {
    for (const error of test.result().errors ?? [])
      say(`${test.module.relativeModuleId}: ${test.fullName}`, error.message);
  }
}

function say(where: string, message: string): void {
  process.stderr.write(`failed: ${where}: ${message.split("\n", 1)[0]}\n`);
}
