"""What `hub2ar mirror` says to people."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

from planner.runtimes._base import HUB, Mirror, Runtime, spelled
from planner.runtimes._direct import Direct
from planner.runtimes._findings import Finding
from planner.runtimes._routes import Route


def after(runtime: Runtime, mirror: Mirror) -> Iterator[str]:
    """Yield what is to be done once the files are in place."""
    for step in runtime.restart:
        yield f"restart ({step.platform}): {step.command}"
    if not runtime.restart:
        yield "restart: not needed; what starts next reads it"
    if mirror.name in runtime.default:
        yield f"note: {runtime.title} asks {mirror.name} by itself"
    yield f"check: {runtime.check}"
    yield f"miss: {runtime.miss}"
    if mirror.in_artifact_registry:
        yield f"credentials, unless everybody may read the repository: {runtime.private}"


def flag(runtime: Runtime, mirror: Mirror) -> Iterator[str]:
    """Yield the same setting as a command line."""
    if runtime.flag:
        yield f"or without a file: {runtime.flag(mirror)}"


def difference(path: Path, before: str, now: str) -> Iterator[str]:
    """Yield a unified diff."""
    yield from unified_diff(before.splitlines(), now.splitlines(), str(path), str(path), lineterm="")


def in_order(hosts: Sequence[str], last: Sequence[str] = (HUB,)) -> str:
    """Return the hosts that are asked, in order."""
    names = dict.fromkeys(spelled(one) for one in (*hosts, *last))
    return ", then ".join("Docker Hub" if name == HUB else name for name in names)


def finding(item: Finding) -> Iterator[str]:
    """Yield what is wrong and what to do."""
    yield f"{item.path}:{item.line}: {item.severity}: {item.problem}"
    yield f"    {item.fix}"


def routes(items: Iterable[Route]) -> Iterator[str]:
    """Yield which hosts each runtime asks for an image."""
    for item in items:
        yield f"{item.title} ({item.source})"
        for number, asked in enumerate(item.asked, 1):
            yield f"    {number}. {asked}"
        yield f"    on a miss: {item.miss}"


def direct(item: Direct) -> Iterator[str]:
    """Yield a reference that has no fallback, and the edit that gives it one."""
    yield f"{item.path}:{item.line}:{item.column}: {item.reference} has no fallback to Docker Hub"
    if item.edit is None:
        yield f"    write {item.wanted}; the host is put together from values that stand nowhere as they are"
        return
    edit = item.edit
    place = "" if edit.path == item.path else f" in {edit.path}"
    yield f"    characters {edit.start} to {edit.end}{place}: {edit.text!r} -> {edit.replacement!r}"
