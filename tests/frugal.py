"""What hostile texts may cost: code in a process of its own, with little processor time to spend."""

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 20  # of the processor; what is meant to pass takes a fraction of one


def _little() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def ends(code: str) -> bool:
    """Tell whether code ends well, and before its time is used up."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, preexec_fn=_little, check=False).returncode == 0
