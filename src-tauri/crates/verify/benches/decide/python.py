"""Measures the Python verifier: python.py VERIFIERS FOLDER."""

import pathlib
import sys
import time

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from latchkey_verify import Verifier  # noqa: E402

NOW = 1_796_000_000
folder = pathlib.Path(sys.argv[2])
verifier = Verifier((folder / "key").read_text())
file, signature = (folder / "bundle").read_bytes(), (folder / "bundle.minisig").read_bytes()
begun = time.perf_counter()
verifier.take(file, signature)
print(f"the Python verifier opens it in {time.perf_counter() - begun:.1f} s", end="")
texts = (folder / "texts").read_text().split("\n")
begun = time.perf_counter()
assert all(verifier.decide(text, NOW)["decision"] == "valid" for text in texts)
print(f" and decides {len(texts) / (time.perf_counter() - begun):.0f} times a second")
