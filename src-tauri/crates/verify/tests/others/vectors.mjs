// Runs the JavaScript verifier over the vectors: vectors.mjs VERIFIERS VECTORS. Prints how many steps it did.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";

const [, , verifiers, path] = process.argv;
const { Unbelievable, Verifier } = await import(
  pathToFileURL(join(verifiers, "latchkey-verify.mjs"))
);
const vectors = JSON.parse(readFileSync(path, "utf8"));

function done(verifier, step) {
  try {
    if ("decide" in step) {
      const { decide } = step;
      return verifier.decide(
        typeof decide === "string"
          ? decide
          : decide.repeat.repeat(decide.times),
        step.at,
      );
    }
    const way = "take" in step ? "take" : "endorse";
    const signed = vectors.files[step[way]];
    verifier[way](
      Buffer.from(signed.file, "base64"),
      Buffer.from(signed.signature),
    );
    return "ok";
  } catch (error) {
    if (!(error instanceof Unbelievable)) throw error;
    return "decide" in step
      ? { decision: "none", error: error.code }
      : error.code;
  }
}

let steps = 0;
let wrong = 0;
for (const one of [...vectors.valid, ...vectors.malicious]) {
  const verifier = new Verifier(one.key, {
    tenant: one.tenant,
    seen: one.seen,
  });
  for (const step of one.steps) {
    steps += 1;
    const came = done(verifier, step);
    if (!isDeepStrictEqual(came, step.expect)) {
      wrong += 1;
      console.error(one.name, came, "instead of", step.expect, one.says);
    }
  }
}
console.log(steps);
process.exit(wrong ? 1 : 0);
