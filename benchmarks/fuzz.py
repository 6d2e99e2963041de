"""Fuzz every format with atheris, guided by coverage: no crash, no hang, every place inside the text.

    pip install atheris
    python benchmarks/fuzz.py -runs=1000000 [-max_len=4096] [options of libFuzzer]

An input is the number of a format and a text; the seeds are the files of tests/corpus. A failure is a
traceback with the input that made it. Prints how many inputs were read, in how many seconds.
"""

import sys
import tempfile
import time
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
PATIENCE = 2.0  # CPU seconds for a megabyte, and half a second for anything

with atheris.instrument_imports(include=["planner.formats"]):
    from soundness import path_of, unsound

    from planner.scanning.catalog import formats

    FORMATS = formats()


def seeds(folder: Path) -> None:
    """Write every file of the corpus as an input."""
    index = {each.name: number for number, each in enumerate(FORMATS)}
    for file in sorted((ROOT / "tests" / "corpus").rglob("*")):
        name = file.relative_to(ROOT / "tests" / "corpus").parts[0]
        if file.is_file() and file.suffix != ".references" and name in index:
            seed = folder / f"{name}-{len(list(folder.iterdir()))}"
            seed.write_bytes(bytes([index[name]]) + file.read_bytes()[:4000])


def one(data: bytes) -> None:
    """Read one input."""
    if len(data) < 2:
        return
    format_ = FORMATS[data[0] % len(FORMATS)]
    text = data[1:].decode("utf-8", "surrogateescape")
    before = time.process_time()
    wrong = list(unsound(format_, path_of(format_), text))
    spent = time.process_time() - before
    if wrong:
        raise AssertionError(f"{format_.name}: {wrong[0]}")
    if spent > 0.5 + PATIENCE * len(text) / 1_000_000:
        raise AssertionError(f"{format_.name}: {spent:.1f} s for {len(text)} characters")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder))
        atheris.Setup([*sys.argv, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
