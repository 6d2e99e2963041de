"""Installing this checkout as others would, without a network: what it depends on is borrowed from here."""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]
PARTS = (
    "planner",
    "reports",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
    "action.yml",
)


def copied(folder):
    """Copy what an installation needs of this checkout, and return where it is."""
    folder.mkdir()
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def environment(folder, **more):
    """Return the variables of a process that needs no network, and keeps what it makes in a folder."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "HUB2AR_", "GIT_"))
    }
    pip = {"NO_INDEX": "1", "NO_DEPS": "1", "NO_BUILD_ISOLATION": "0", "DISABLE_PIP_VERSION_CHECK": "1"}
    return {
        **kept,
        **{f"PIP_{name}": value for name, value in pip.items()},
        "PATH": f"{_interpreter(folder)}:{kept['PATH']}",
        "HUB2AR_CACHE_DIR": str(folder / "cache"),
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
        **more,
    }


def _interpreter(folder):
    """Return a folder in which `python3` is the one that runs the tests: what is borrowed is built for it."""
    place = folder / "interpreter"
    place.mkdir(exist_ok=True)
    link = place / "python3"
    if not link.is_symlink():
        link.symlink_to(Path(sys.executable).resolve())
    return place
