"""Fuzz every format with atheris, guided by coverage: no crash, no hang, every place inside the text.

    pip install atheris
    python benchmarks/fuzz.py [FORMAT...] -runs=1000000 [-max_len=4096] [options of libFuzzer]

An input is the number of a format and a text; the seeds are the files of tests/corpus. All formats are read,
or those that are named. The first failure of each kind is printed, its text kept in ./failures. Prints how
many inputs were read, in how many seconds.
"""

import sys
import tempfile
import time
import traceback
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
PATIENCE = 2.0  # CPU seconds for a megabyte, and half a second for anything

with atheris.instrument_imports(include=["planner.formats"]):
    from soundness import path_of, unsound

    from planner.formats._base import Format
    from planner.scanning.catalog import formats

    NAMED = {each for each in sys.argv[1:] if not each.startswith("-")}
    FORMATS = tuple(each for each in formats() if not NAMED or each.name in NAMED)


def seeds(folder: Path) -> None:
    """Write every file of the corpus as an input."""
    index = {each.name: number for number, each in enumerate(FORMATS)}
    for file in sorted((ROOT / "tests" / "corpus").rglob("*")):
        name = file.relative_to(ROOT / "tests" / "corpus").parts[0]
        if file.is_file() and file.suffix != ".references" and name in index:
            seed = folder / f"{name}-{len(list(folder.iterdir()))}"
            seed.write_bytes(bytes([index[name]]) + file.read_bytes()[:4000])


class Fuzz:
    """Reads inputs and remembers the first failure of each kind."""

    def __init__(self, failures: Path) -> None:
        self.failures, self.seen, self.count = failures, dict[tuple[str, str], Path](), 0
        self.started = time.monotonic()

    def one(self, data: bytes) -> None:
        """Read one input."""
        self.count += 1
        if len(data) < 2:
            return
        format_ = FORMATS[data[0] % len(FORMATS)]
        wrong = failure(format_, data[1:].decode("utf-8", "surrogateescape"))
        kind = (format_.name, wrong.partition("\n")[0].rpartition(": ")[0][:60])
        if wrong and kind not in self.seen:
            self.failures.mkdir(parents=True, exist_ok=True)
            self.seen[kind] = self.failures / f"{format_.name}-{len(self.seen)}"
            self.seen[kind].write_bytes(data[1:])
            print(f"{self.seen[kind]}: {wrong}", flush=True)
        if self.count % 10_000 == 0:
            spent = time.monotonic() - self.started
            print(f"{self.count:,} inputs in {spent:,.0f} s, {len(self.seen)} failures", flush=True)


def failure(format_: Format, text: str) -> str:
    """Return what goes wrong when a format reads a text; empty where nothing does."""
    before = time.process_time()
    try:
        wrong = next(unsound(format_, path_of(format_), text), "")
    except Exception:  # noqa: BLE001  any crash is what is looked for
        lines = traceback.format_exc().splitlines()
        return f"crash: {lines[-1]}\n" + "\n".join(lines[-6:])
    spent = time.process_time() - before
    slow = spent > 0.5 + PATIENCE * len(text) / 1_000_000
    return f"slow: {spent:.1f} s for {len(text)} characters" if slow and not wrong else wrong


def main() -> None:
    if unknown := NAMED - {each.name for each in FORMATS}:
        sys.exit(f"no such format: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder))
        options = [each for each in sys.argv if each not in NAMED]
        atheris.Setup([*options, folder], Fuzz(Path("failures")).one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
