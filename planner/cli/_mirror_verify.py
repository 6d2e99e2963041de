"""hub2ar mirror verify: whether a mirror is asked, as a running dockerd or the files of a machine say."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from planner import errors
from planner.cli import _lines, _machine, _mirror_text, _text
from planner.runtimes._base import HUB, Mirror, present, spelled
from planner.runtimes._docker_info import read
from planner.runtimes._findings import Finding, Severity, findings
from planner.runtimes._known import Setting


class Asked(msgspec.Struct, frozen=True):
    """The hosts that a runtime asks, in order, and whether the mirror is among them."""

    runtime: str
    source: str
    hosts: tuple[str, ...]
    in_effect: bool


class Verdict(msgspec.Struct, frozen=True):
    """What was found."""

    mirror: str
    asked: tuple[Asked, ...]
    findings: tuple[Finding, ...] = ()


def running(name: str, mirror: Mirror, output_format: str) -> int:
    """Say what the output of `docker system info` shows, and return the exit code."""
    info = read(_contents(name), "standard input" if name == "-" else name)
    one = Asked("docker", "docker system info", _names(*info.mirrors, HUB), present(info.mirrors, mirror))
    code = _print(Verdict(mirror.name, (one,)), output_format)
    if info.containerd_store:
        note = (
            "this Docker has the containerd image store: hosts in /etc/docker/certs.d/docker.io/hosts.toml "
            "win"
        )
        _lines.remark([f"note: {note}"])
    return code


def _contents(name: str) -> str:
    if name == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    source = _machine.read(Path(name), name)
    if source is None:
        raise errors.NoInput(f"{name!r} does not exist", hint="name a file, or - for standard input")
    return source.text


def configured(settings: Sequence[Setting], mirror: Mirror, output_format: str) -> int:
    """Say what files show, and return the exit code. Raises NoInput where there are none."""
    if not settings:
        raise errors.NoInput(
            "no runtime has a file of settings here", hint="`docker system info | hub2ar mirror verify -`"
        )
    asked = tuple(one for setting in settings if (one := _asked(setting, mirror)))
    return _print(Verdict(mirror.name, asked, findings(settings)), output_format)


def _asked(setting: Setting, mirror: Mirror) -> Asked | None:
    """Return the hosts that a file makes its runtime ask; None if it says nothing about that."""
    try:
        hosts = setting.file.mirrors(setting.source)
        last = setting.file.last(setting.source)
    except errors.PlannerError:
        return None  # a finding says so
    name = setting.runtime.name
    return Asked(name, setting.source.path, _names(*hosts, *last), present(hosts, mirror)) if hosts else None


def _names(*hosts: str) -> tuple[str, ...]:
    """Return hosts and paths in order, without the credentials that a URL may have."""
    return tuple(dict.fromkeys(spelled(one) for one in hosts))


def _print(verdict: Verdict, output_format: str) -> int:
    if output_format == "json":
        _text.document(verdict)
    else:
        for one in verdict.asked:
            _text.say([f"{one.runtime}: {_mirror_text.in_order(one.hosts, ())} ({one.source})"])
        _text.say(line for item in verdict.findings for line in _mirror_text.finding(item))
    effective = [one.runtime for one in verdict.asked if one.in_effect]
    said = f"is asked by {', '.join(dict.fromkeys(effective))}" if effective else "is not asked"
    _lines.remark([f"{verdict.mirror} {said}"])
    wrong = any(item.severity is not Severity.NOTE for item in verdict.findings)
    return 0 if effective and not wrong else errors.PENDING
