"""Dagger: the base images of the containers that a pipeline of Go, Python, TypeScript, Java or PHP makes.

`From` on a container pulls; what `Publish` names is pushed.
"""

from collections.abc import Iterator

from planner.formats import _code_kept as kept
from planner.formats._base import Format, Given, Item
from planner.formats._code import Call
from planner.formats._code_file import CodeFile
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_FROM = frozenset({"From", "from_", "from"})
_PUBLISH = frozenset({"Publish", "publish"})
_BUILTIN = frozenset(
    {"Array", "Buffer", "Object", "Observable", "Readable", "Uint8Array", "Set", "Map", "Stream", "String"}
)


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that containers are made from, and the names they are published under."""
    file = kept.with_kept(source, CodeFile.read(source), given)
    yield from kept.definitions(source, file)
    made = {
        following.opened
        for call in file.calls()
        if call.method in ("Container", "container")
        for following in file.chained(call)
    }
    for call in file.calls():
        first = call.keyword("address") or call.positional(0)
        if first is None:
            continue
        if call.method in _FROM and _is_container(call, made):
            certain = Confidence.CERTAIN if call.opened in made else Confidence.HEURISTIC
            yield from file.images(first, Role.BASE, certain)
        elif call.method in _PUBLISH and len(call.arguments) <= 3:
            address = call.positional(1) if call.method == "Publish" else first
            if address is not None:
                yield from file.images(address, Role.OUTPUT)


def _is_container(call: Call, made: set[int]) -> bool:
    if call.opened in made or call.method != "from":
        return True
    return call.name.rpartition(".")[0].rpartition(".")[2] not in _BUILTIN


FORMAT = Format(
    name="dagger",
    patterns=("*.{go,py,ts,tsx,mts,js,mjs,java,php}",),
    words=(
        # `dagger.io/…`, `io.dagger.…`, a module's `internal/dagger"`; HTML and TeX have a sign of that name
        (b"dagger.", b'/dagger"', b"/dagger'", b"import dagger", b"from dagger", b"Dagger\\"),
        (b"From(", b"from_(", b"from(", b"ublish("),  # in Go the dot may end the line before
    ),
    extract=extract,
    own_code=True,
    specification="https://docs.dagger.io/api/reference/",
)
