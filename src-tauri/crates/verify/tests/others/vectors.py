"""Runs the Python verifier over the vectors: vectors.py VERIFIERS VECTORS. Prints how many steps it did."""

import base64
import json
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from latchkey_verify import Unbelievable, Verifier  # noqa: E402

with open(sys.argv[2], encoding="utf-8") as file:
    vectors = json.load(file)


def done(verifier, step):
    try:
        if "decide" in step:
            text = step["decide"]
            if isinstance(text, dict):
                text = text["repeat"] * text["times"]
            return verifier.decide(text, step["at"])
        way = "take" if "take" in step else "endorse"
        signed = vectors["files"][step[way]]
        getattr(verifier, way)(base64.b64decode(signed["file"]), signed["signature"].encode("utf-8"))
        return "ok"
    except Unbelievable as refused:
        return {"decision": "none", "error": refused.code} if "decide" in step else refused.code


steps, wrong = 0, 0
for case in vectors["valid"] + vectors["malicious"]:
    seen = case.get("seen", {"sequence": 0, "issued": 0})
    verifier = Verifier(case["key"], case.get("tenant"), (seen["sequence"], seen["issued"]))
    for step in case["steps"]:
        steps += 1
        came = done(verifier, step)
        if came != step["expect"]:
            wrong += 1
            print(f"{case['name']}: {came} instead of {step['expect']} ({case['says']})", file=sys.stderr)
print(steps)
sys.exit(1 if wrong else 0)
