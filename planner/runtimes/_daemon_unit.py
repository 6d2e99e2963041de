"""The systemd unit of dockerd, or a drop-in of it: options on its command line.

An empty ExecStart= takes back those before it; a line that ends with a backslash goes on in the next.
https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
"""

import re

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes._base import Mirror, place, present
from planner.runtimes._daemon_json import accepted
from planner.runtimes._options import OPTION, options

_START = re.compile(r"(?m)^[ \t]*ExecStart[ \t]*=[ \t]*((?:[^\\\r\n]|\\\r?\n|\\.)*+)")
_WORD = re.compile(r"[^\s\\]+")
_NEW = """[Service]
ExecStart=
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock {option}
"""


def merge(file: SourceFile, mirror: Mirror) -> str:
    """Return the unit with the mirror among the options of dockerd; a new one is a drop-in."""
    option = f"{OPTION}={accepted(mirror).url}"
    if not file.text.strip():
        return file.text + _NEW.replace("{option}", option)
    words = _words(file)
    if not words:
        raise ConfigError(
            f"{file.path} starts no dockerd", hint="name docker.service, or a drop-in with ExecStart="
        )
    found = options([word[0] for word in words])
    values = [one.value for one in found]
    if present(values, mirror):
        return file.text
    index = place(values, mirror)
    if index < len(found):
        start = words[found[index].index].start()
        return f"{file.text[:start]}{option} {file.text[start:]}"
    end = words[-1].end()
    return f"{file.text[:end]} {option}{file.text[end:]}"


def mirrors(file: SourceFile) -> tuple[str, ...]:
    """Return the mirrors in the order they are asked."""
    return tuple(one.value for one in options([word[0] for word in _words(file)]))


def _words(file: SourceFile) -> list["re.Match[str]"]:
    """Return the words of the command line that counts, which is the last."""
    commands = list(_START.finditer(file.text))
    return list(_WORD.finditer(file.text, *commands[-1].span(1))) if commands else []
