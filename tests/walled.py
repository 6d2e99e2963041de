"""A place with no network but loopback and no disk but one folder, where commands meet only stand-ins.

It needs what any Linux has: namespaces that a user may make (`unshare`, of util-linux).
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_HUB2AR = f'#!/bin/sh\nexec {sys.executable} -m planner "$@"\n'


@dataclass(frozen=True)
class Done:
    """What became of a script."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Walls:
    """Where scripts run: `home` has a folder `bin` of programs, `etc` has what is written to /etc.

    `endpoints` are the stand-ins.
    """

    process: subprocess.Popen
    home: Path
    endpoints: dict[str, str]

    def run(self, script, folder, **environment) -> Done:
        """Run a script of bash in a folder below `home`."""
        variables = {**self._environment(), **environment}
        asked = {"script": script, "folder": str(folder), "environment": variables}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return Done(**json.loads(self.process.stdout.readline()))

    def program(self, name, text):
        """Put a program where scripts find it."""
        place = self.home / "bin" / name
        place.write_text(text, encoding="utf-8")
        place.chmod(0o755)

    @property
    def store(self):
        """Where Cloud Storage is."""
        return self.endpoints["storage.googleapis.com"]

    def settings(self, more=""):
        """The text of a hub2ar.toml that leads to the stand-ins."""
        lines = (f'"{name}" = "{url}"\n' for name, url in self.endpoints.items())
        return f"{more}\n[endpoints]\n{''.join(lines)}"

    def _environment(self):
        return {
            "HOME": str(self.home),
            "TMPDIR": str(self.home / "tmp"),
            "PATH": f"{self.home / 'bin'}:{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
            "STORAGE_EMULATOR_HOST": self.store,
        }


@contextmanager
def walled(home, tree, *, images=(), locations=("us",), pulls=100):
    """Open such a place in the folder `home`, with stand-ins for what a tree names, and more images."""
    for name in ("bin", "tmp"):
        (home / name).mkdir(parents=True, exist_ok=True)
    settings = json.dumps({"tree": str(tree), "images": images, "locations": locations, "pulls": pulls})
    inside = [sys.executable, str(ROOT / "tests" / "walled_in.py"), str(home), settings]
    with subprocess.Popen(
        ["unshare", "--map-root-user", "--net", "--mount", *inside],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        walls = Walls(process, home, json.loads(process.stdout.readline()))
        walls.program("hub2ar", _HUB2AR)
        yield walls
        process.stdin.close()
