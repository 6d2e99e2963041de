"""The project as it is published: built by its own backend, and installed where nothing else is."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = "import sys, hatchling.build as b; print(getattr(b, 'build_' + sys.argv[1])(sys.argv[2]))"


def built(kind, tree, to):
    """The file that the project's own build backend makes of a tree, as `pip` and `uv` ask it to."""
    to.mkdir(exist_ok=True)
    command = [sys.executable, "-c", BUILD, kind, str(to)]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True)
    return to / done.stdout.split()[-1]


def copied(to):
    """The files that git knows, or those that a source archive has, in another place and from another day."""
    inside = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = inside.stdout.decode().split("\0")[:-1] if inside.returncode == 0 else _all()
    for name in names:
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)
            os.utime(to / name, (1_000_000_000, 1_000_000_000))
    return to


def _all():
    left_out = {".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "dist", "__pycache__"}
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    return [str(path) for path in files if not left_out & set(path.parts)]


def installed_in(place, wheel):
    """The folder of programs of an environment that has a wheel and what it asks for, and nothing else."""
    venv.create(place, with_pip=True)
    programs = place / "bin"
    install = [programs / "python", "-m", "pip", "install", "--quiet", "--no-compile", wheel]
    subprocess.run(install, check=True, capture_output=True, text=True, cwd=place, env=environment(programs))
    return programs


def environment(programs):
    """What a shell has in which nothing of this checkout is known."""
    left_out = ("PYTHON", "HUB2AR", "VIRTUAL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "PATH": f"{programs}:/usr/bin:/bin"}
