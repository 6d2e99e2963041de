"""Steps whose script is for another program than a shell: PowerShell, cmd, Python and others.

Such a script is read as a file of that program, with the values that the service fills in before.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Embedded
from planner.formats._shell_sinks import flat
from planner.formats._shell_words import Word

_OTHER = re.compile(
    r"(?:\S*[/\\])?(?P<program>pwsh|powershell|cmd|python|node|ruby|perl)[\d.]*+(?:\.exe)?\b", re.I
)
_FILES = {  # a file of the program; what it names is read by the formats of such files
    "pwsh": "step.ps1", "powershell": "step.ps1", "cmd": "step.bat", "python": "step.py", "node": "step.js",
    "ruby": "step.rb", "perl": "",
}  # fmt: skip


def other_program(shell: str) -> str:
    """Return the program that a step is for, in lower case; empty for a shell."""
    match = _OTHER.match(shell)
    return match["program"].lower() if match else ""


def as_file(program: str, script: Word) -> Iterator[Embedded]:
    """Yield a script as a file of a program that `other_program` told."""
    if name := _FILES[program]:
        yield Embedded(flat(script), name)
