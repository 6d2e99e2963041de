"""Credential helpers: programs that are asked with a host on their standard input.

https://github.com/docker/docker-credential-helpers. What a helper says when it fails is its standard output;
what it writes to standard error is for nobody, as some write there what they should not.
"""

import os
import re
import selectors
import subprocess
import time
from collections.abc import Mapping

import msgspec

from planner.errors import ConfigError, reason
from planner.registries._credential import Credential
from planner.registries.answer import clean

PATIENCE = 30.0  # seconds
_LONGEST = 64 << 10  # bytes
_TOKEN = re.compile(
    r"(?=\S*\d)\S{16,}|\S{32,}"
)  # in what a failing helper says: too long for a word, and maybe a secret
_NONE_KEPT = ("credentials not found", "no credentials server url", "no credentials username")
_NAME = re.compile(r"[A-Za-z0-9][\w.+-]*\Z", re.ASCII)


class HelperSilent(ConfigError):
    """A helper gave no answer in time; it would be as silent for any other host."""


class _Helped(msgspec.Struct, rename="pascal"):
    username: str = ""
    secret: str = ""


def program(helper: str) -> str:
    """Return the name of a helper's program."""
    return f"docker-credential-{helper}"


def ask(
    helper: str, key: str, environment: Mapping[str, str], *, patience: float = PATIENCE
) -> Credential | None:
    """Return what a helper has for a key. Raises ConfigError when it has no usable answer."""
    if not _NAME.match(helper):
        raise ConfigError(
            f"{clean(helper)!r} is not the name of a credential helper",
            hint="write what follows docker-credential-, such as gcloud",
        )
    name = program(helper)
    try:
        status, output = _run(name, key, environment, patience)
    except TimeoutError:
        error = _wrong(helper, f"gives no answer for {key} in {patience:g} s")
        raise HelperSilent(error.message, hint=error.hint) from None
    except OSError as error:
        raise _wrong(helper, f"cannot be run: {reason(error)}") from error
    if len(output) > _LONGEST:
        raise _wrong(helper, f"answers for {key} more than {_LONGEST} bytes")
    if status:
        said = "" if b"{" in output else clean(output.decode("utf-8", "replace"))  # JSON holds a secret
        if any(words in said.lower() for words in _NONE_KEPT):
            return None
        why = _TOKEN.sub("…", said) or f"it ended with {status}"
        raise _wrong(helper, f"has no credentials for {key}: {why}")
    return _given(helper, key, output)


def _wrong(helper: str, what: str) -> ConfigError:
    name = program(helper)
    return ConfigError(
        f"{name} {what}", hint=f"install or fix {name}, or remove it from docker's config.json"
    )


def _run(name: str, key: str, environment: Mapping[str, str], patience: float) -> tuple[int, bytes]:
    """Return the status of a program and its output, cut off a little after its cap. Raises OSError.

    It may have children that keep the output open, so its end is not waited for beyond the time.
    """
    deadline = time.monotonic() + patience
    with subprocess.Popen(
        [name, "get"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(environment),
    ) as process:
        try:
            output = _exchanged(process, key.encode(), deadline)
            if len(output) > _LONGEST:
                process.kill()
            return process.wait(max(deadline - time.monotonic(), 0.1)), output
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        finally:
            process.kill()


def _exchanged(process: "subprocess.Popen[bytes]", key: bytes, deadline: float) -> bytes:
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(key)
        process.stdin.close()
    except BrokenPipeError:
        pass  # it did not want to know
    output = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while len(output) <= _LONGEST:
            if not ready.select(max(deadline - time.monotonic(), 0)):
                raise TimeoutError
            piece = os.read(process.stdout.fileno(), _LONGEST)
            if not piece:
                break
            output += piece
    return bytes(output)


def _given(helper: str, key: str, output: bytes) -> Credential | None:
    try:
        given = msgspec.json.decode(output, type=_Helped)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _wrong(helper, f"answers for {key} what is not JSON of a credential") from None
    if not given.secret:
        return None
    is_token = given.username == "<token>"
    return Credential(given.username, given.secret, is_refresh_token=is_token, place=program(helper))
