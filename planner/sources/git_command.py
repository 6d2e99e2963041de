"""git as a reader of repositories: nothing that a repository configures is run, nothing is asked."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*")
_TRANSPORTS = "https:http:ssh:git:file"  # `ext::` runs a command
_FILTERS = re.compile(r"filter\..*\.(?:clean|smudge|process|required)", re.DOTALL)
_FETCHING = re.compile(
    r"core\.(?:sshcommand|gitproxy|askpass|alternaterefscommand)|credential\.(?:.*\.)?helper"
    r"|remote\..*\.(?:uploadpack|vcs)",
    re.DOTALL,
)
_OF_THE_USER = frozenset({"GIT_SSH_COMMAND", "GIT_SSH", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_PROXY_COMMAND"})
_PATIENCE = 900  # seconds, for a remote repository, or for what changes one
_MOMENT = 20  # seconds for what a few small files answer; a pipe among them never does
_LISTINGS = frozenset({"ls-files", "ls-tree"})
COMPARING = "-m"
_COMPARED = 20  # seconds for a list of what has changed: .gitattributes may hold patterns without end
_WHILE = 120  # seconds for a list of files: a .gitignore may be a pipe, or hold a pattern without end
_QUESTIONS = frozenset({"config", "rev-parse"})


def environment(more: Mapping[str, str] = {}) -> dict[str, str]:
    """Return the environment of git.

    A hook's GIT_DIR or GIT_INDEX_FILE would make git answer for another tree than the one asked for, and a
    question for a password would wait for ever.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _OF_THE_USER or name.startswith("GIT_CONFIG")
    }
    # git brings what a partial clone lacks, as the repository says: only where that is asked for.
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": ""}
    return kept | quiet | dict(more)


def unfiltered(root: Path) -> dict[str, str]:
    """Return the environment in which git runs no filter that the repository itself configures.

    Whether a file has changed is decided by its content after the filters of .gitattributes. Raises
    TimeoutExpired where what the repository configures cannot be read to its end.
    """
    names = [name for name in _own_settings(root) if _FILTERS.fullmatch(name)]
    if not names:
        return {}
    said = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(said) if said.isdecimal() else 0
    more = {"GIT_CONFIG_COUNT": str(first + len(names))}
    for index, name in enumerate(names, start=first):
        more[f"GIT_CONFIG_KEY_{index}"] = name
        more[f"GIT_CONFIG_VALUE_{index}"] = ""  # no program, and not required
    return more


def fetches_by_program(root: Path) -> bool:
    """Whether the repository itself names a program that a fetch would run."""
    try:
        return any(_FETCHING.fullmatch(name) for name in _own_settings(root))
    except subprocess.TimeoutExpired:
        return True  # for all that can be known


def _own_settings(root: Path) -> list[str]:
    """Return the names of what the repository sets, its includes and its work tree among it.

    An include may be a pipe, which git would wait for. Raises TimeoutExpired.
    """
    try:
        words = run(root, "config", "--list", "-z", "--show-scope", "--name-only").stdout.split(b"\0")
    except (OSError, subprocess.CalledProcessError):
        return []
    pairs = zip(words[::2], words[1::2], strict=False)
    return [os.fsdecode(name) for scope, name in pairs if scope in (b"local", b"worktree")]


def git(
    root: Path,
    *arguments: str,
    given: bytes = b"",
    remote: bool = False,
    more: Mapping[str, str] = {},
    locks: Sequence[int] = (),
) -> bytes:
    """Return what git prints; nothing where there is no git, or where it fails."""
    try:
        return run(root, *arguments, given=given, remote=remote, more=more, locks=locks).stdout
    except (OSError, subprocess.SubprocessError):
        return b""


def run(
    root: Path,
    *arguments: str,
    given: bytes = b"",
    remote: bool = False,
    more: Mapping[str, str] = {},
    locks: Sequence[int] = (),
) -> "subprocess.CompletedProcess[bytes]":
    """Run git, which holds `locks` as well, and after the end of this process goes on holding them.

    Raises CalledProcessError, TimeoutExpired, or OSError where there is no git.
    """
    command = (*COMMAND, "-C", os.fspath(root), *arguments)
    settings = environment({**(_remote() if remote else {}), **more})
    return subprocess.run(
        command, input=given, capture_output=True, check=True, env=settings, timeout=_patience(arguments),
        pass_fds=locks if os.name == "posix" else (),
    )  # fmt: skip


def _patience(arguments: tuple[str, ...]) -> int:
    if arguments[0] in _LISTINGS:
        return _COMPARED if COMPARING in arguments else _WHILE
    return _MOMENT if arguments[0] in _QUESTIONS else _PATIENCE


def _remote() -> dict[str, str]:
    ssh = os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    return {"GIT_ALLOW_PROTOCOL": _TRANSPORTS, "GIT_SSH_COMMAND": ssh}
