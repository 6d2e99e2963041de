"""Programs on PATH that write down how they are called, and scripts of exports run with them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

FAKE = f"""#!{sys.executable} -S
import json, os, pathlib, sys
here = pathlib.Path(__file__)
words = sys.argv[1:]
with (here.parent / "calls").open("a") as calls:
    calls.write(json.dumps([here.name, *words]) + "\\n")
answers = json.loads((here.parent / "answers.json").read_text())
for beginning, (code, printed) in answers.items():
    if json.dumps([here.name, *words])[1:].startswith(beginning):
        print(printed, end="")
        sys.exit(code)
"""


class Tools:
    """Programs that do nothing but remember, save for what they are told to answer."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        self.answers: dict[str, tuple[int, str]] = {}
        for name in names:
            place = folder / name
            place.write_text(FAKE)
            place.chmod(0o755)

    def answer(self, *words: str, code: int = 0, printed: str = "") -> None:
        """Answer a call whose first words these are, the program's name among them."""
        self.answers[json.dumps(list(words))[1:-1]] = (code, printed)

    def run(self, script: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Run a script in bash; return its exit code, and what it says on stderr."""
        (self.folder / "calls").unlink(missing_ok=True)
        (self.folder / "answers.json").write_text(json.dumps(self.answers))
        file = self.folder / "script.sh"
        file.write_bytes(script.encode("utf-8", "surrogateescape"))
        done = subprocess.run(
            ["bash", str(file)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={"PATH": f"{self.folder}:/usr/bin:/bin", "TMPDIR": str(self.folder), **(environment or {})},
            cwd=self.folder,
            check=False,
        )
        return done.returncode, done.stderr.decode()

    @property
    def calls(self) -> list[list[str]]:
        """What was called, in that order."""
        place = self.folder / "calls"
        return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []


def complaints(script: str) -> str:
    """What shellcheck finds in a script."""
    checker = Path(sys.executable).parent / "shellcheck"
    done = subprocess.run(
        [checker, "--severity=warning", "-"], input=script, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
