"""git as a reader of repositories: nothing that a repository configures is run, nothing is asked."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

COMMAND = (
    *("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*"),
    *("-c", "protocol.allow=never"),  # `ext::` runs a command; what is known to be one of these does not
    *(
        part
        for name in ("https", "http", "ssh", "git", "file")
        for part in ("-c", f"protocol.{name}.allow=always")
    ),
)
_OF_THE_USER = frozenset({"GIT_SSH_COMMAND", "GIT_SSH", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_PROXY_COMMAND"})
_PATIENCE = 900  # seconds for a remote repository


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
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    return kept | quiet | dict(more)


def git(root: Path, *arguments: str, given: bytes = b"", remote: bool = False) -> bytes:
    """Return what git prints; nothing where there is no git, or where it fails."""
    try:
        return run(root, *arguments, given=given, remote=remote).stdout
    except (OSError, subprocess.SubprocessError):
        return b""


def run(
    root: Path, *arguments: str, given: bytes = b"", remote: bool = False
) -> "subprocess.CompletedProcess[bytes]":
    """Run git. Raises CalledProcessError, TimeoutExpired, or OSError where there is no git."""
    command = (*COMMAND, "-C", os.fspath(root), *arguments)
    more = (
        {"GIT_SSH_COMMAND": "ssh -o BatchMode=yes"} if remote and "GIT_SSH_COMMAND" not in os.environ else {}
    )
    patience = _PATIENCE if remote else None
    return subprocess.run(
        command, input=given, capture_output=True, check=True, env=environment(more), timeout=patience
    )
