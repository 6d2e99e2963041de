"""How often images are pulled, as logs, exports and clusters tell it.

Four kinds of file, told by their content:

- entries of Cloud Logging about pods ("Pulling image"), as JSON or JSON lines: one pull each
- the result of the query that Google documents for them, as CSV or JSON
  (https://cloud.google.com/artifact-registry/docs/docker/migrate-external-containers)
- Docker Hub's usage report, as CSV (https://docs.docker.com/docker-hub/usage/pulls/)
- `kubectl get pods -A -o json`: a pull for each container, and the digest that each runs

All are read piece by piece, so their size does not matter; what is kept is a number for each image.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NamedTuple

import msgspec

from planner.errors import ConfigError, InvalidReference, NoInput, reason
from planner.json_items import Broken, items
from planner.model.document import where
from planner.model.reference import Reference

if TYPE_CHECKING:
    from _csv import Reader


class Pull(NamedTuple):
    """An image as it is written, and how often it was pulled."""

    name: str
    times: int


class Run(NamedTuple):
    """An image as a cluster says that it runs, by digest."""

    name: str


Told = Pull | Run


class Kind(Enum):
    """The kinds of file that tell of pulls."""

    LOG = auto()
    QUERY = auto()  # its result, as JSON
    PODS = auto()
    TABLE = auto()  # CSV: the result of the query, or Docker Hub's report


_BLANK = b"\xef\xbb\xbf \t\r\n"
_PIECE = 1 << 20  # bytes
_BEGINNING = 1 << 16  # bytes that tell what a file is
_LONGEST = 1 << 10  # bytes of a message
_PULLING = re.compile(rb'"Pulling image \\"([^"\\]+)\\"')
_LOG, _QUERY, _PODS = re.compile(rb'"jsonPayload"|"Pulling image '), re.compile(rb'"imageName"'), re.compile(
    rb'"containerStatuses"|"containers"|"PodList"|"kind":\s*"List"'
)  # fmt: skip
_COUNT = re.compile(r"[0-9]{1,18}\Z")
_RUNNING = re.compile(r"(?:docker-pullable://)?([^:@/\s][^@\s]*@sha256:[0-9a-f]{64})\Z")
KNOWN = (
    "known are entries of Cloud Logging, the result of its query, Docker Hub's usage CSV, and pods as JSON"
)


class Demand(msgspec.Struct, frozen=True):
    """How often each image was pulled, what clusters run by digest, and what could not be read of that."""

    pulls: Mapping[Reference, int]
    notes: tuple[str, ...] = ()
    running: frozenset[Reference] = frozenset()  # each with a digest and no tag


NOTHING = Demand({})


def read(files: Iterable[Path]) -> Demand:
    """Read files of any of the kinds, and add up what they tell.

    Raises NoInput for a file that cannot be read, ConfigError for one of another kind or with a wrong row.
    """
    pulls: Counter[Reference] = Counter()
    running: set[Reference] = set()
    notes = []
    for file in files:
        strange: list[str] = []
        for told in _told(file):
            try:
                reference = Reference.parse(told.name)
            except InvalidReference:
                strange += [told.name] if not strange else [""]
                continue
            if isinstance(told, Pull):
                pulls[reference] += told.times
            else:
                running.add(reference.with_version(None, reference.digest))
        if strange:
            what = "1 name in it is" if len(strange) == 1 else f"{len(strange):,} names in it are"
            notes.append(f"{file}: {what} no reference, first {strange[0]!r}; left out")
    return Demand(dict(sorted(pulls.items())), tuple(notes), frozenset(running))


def _told(file: Path) -> Iterator[Told]:
    try:
        with file.open("rb") as content:
            yield from _READERS[kind_of(file, content)](file, content)
    except OSError as error:
        raise NoInput(f"{str(file)!r} cannot be read: {reason(error)}", hint=KNOWN) from error


def kind_of(file: Path, content: BinaryIO) -> Kind:
    """Return the kind of a file, judging by its beginning.

    Raises NoInput where it is empty, ConfigError for one that tells nothing of pulls.
    """
    beginning = content.read(_BEGINNING).lstrip(_BLANK)
    content.seek(0)
    if not beginning:
        raise NoInput(f"{str(file)!r} is empty", hint=KNOWN)
    if beginning[:1] not in b"{[":
        return Kind.TABLE
    for words, kind in ((_LOG, Kind.LOG), (_QUERY, Kind.QUERY), (_PODS, Kind.PODS)):
        if words.search(beginning):
            return kind
    raise ConfigError(f"{str(file)!r} says nothing about pulls", hint=KNOWN)


def _log(_: Path, content: BinaryIO) -> Iterator[Told]:
    """Look for the message itself: entries may be lines, or items of an array on one line of gigabytes."""
    rest = b""
    while piece := content.read(_PIECE):
        text, end = rest + piece, 0
        for match in _PULLING.finditer(text):
            end = match.end()
            yield Pull(match[1].decode("utf-8", "replace"), 1)
        rest = text[max(end, len(text) - _LONGEST) :]


class _Row(msgspec.Struct, frozen=True):
    image: str = msgspec.field(name="imageName")
    pulls: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(name="numberOfPulls")


class _Container(msgspec.Struct, frozen=True):
    image: str = ""


class _Spec(msgspec.Struct, frozen=True):
    containers: tuple[_Container, ...] = ()
    first: tuple[_Container, ...] = msgspec.field(name="initContainers", default=())


class _Running(msgspec.Struct, frozen=True):
    image: str = msgspec.field(name="imageID", default="")


class _Status(msgspec.Struct, frozen=True):
    containers: tuple[_Running, ...] = msgspec.field(name="containerStatuses", default=())
    first: tuple[_Running, ...] = msgspec.field(name="initContainerStatuses", default=())


class _Pod(msgspec.Struct, frozen=True):
    spec: _Spec = _Spec()
    status: _Status = _Status()


_ROW = msgspec.json.Decoder(_Row, strict=False)  # BigQuery writes numbers as texts
_POD = msgspec.json.Decoder(_Pod)


def _query(file: Path, content: BinaryIO) -> Iterator[Told]:
    """Read an array, or one object a line; there is one for each image."""
    number = 0  # of the line
    array = content.read(_BEGINNING).lstrip(_BLANK)[:1] == b"["
    content.seek(0)
    try:
        for line in items(content) if array else content:
            number += 1
            if line.strip():
                row = _ROW.decode(line)
                yield Pull(row.image, row.pulls)
    except (msgspec.MsgspecError, Broken) as error:
        said = where(str(error), f"$[{number - 1}]") if array else where(str(error))
        place = file if array else f"{file}:{number}"
        raise ConfigError(f"{place}: {said}", hint="each row has imageName and numberOfPulls") from error


def _pods(file: Path, content: BinaryIO) -> Iterator[Told]:
    number = 0  # of the pod
    try:
        for item in items(content):
            number += 1
            yield from _pod(_POD.decode(item))
    except (msgspec.MsgspecError, Broken) as error:
        said = where(str(error), f"$.items[{number - 1}]")
        hint = "write it with `kubectl get pods -A -o json`"
        raise ConfigError(f"{file}: {said}", hint=hint) from error


def _pod(pod: _Pod) -> Iterator[Told]:
    for container in (*pod.spec.containers, *pod.spec.first):
        if container.image:
            yield Pull(container.image, 1)
    for status in (*pod.status.containers, *pod.status.first):
        if match := _RUNNING.match(status.image):
            yield Run(match[1])


def _table(file: Path, content: BinaryIO) -> Iterator[Told]:
    rows = csv.reader(line.decode("utf-8-sig", "replace") for line in content)
    try:
        yield from _cells(file, rows)
    except csv.Error as error:
        raise ConfigError(f"{file}:{rows.line_num}: no CSV: {error}", hint=KNOWN) from error


def _cells(file: Path, rows: "Reader") -> Iterator[Told]:
    head: list[str] = next(rows, [])
    if {"imageName", "numberOfPulls"} <= set(head):
        name, count = head.index("imageName"), head.index("numberOfPulls")
        yield from (Pull(row[name], _number(file, rows.line_num, row[count])) for row in _whole(rows, head))
    elif {"repository", "tag", "pulls"} <= set(head):
        count = head.index("pulls")
        for row in _whole(rows, head):
            yield Pull(_of_hub(dict(zip(head, row, strict=True))), _number(file, rows.line_num, row[count]))
    else:
        shown = ",".join(head)[:60]
        raise ConfigError(f"{file}:1: {shown!r} is no head of a table about pulls", hint=KNOWN)


def _whole(rows: Iterable[list[str]], head: list[str]) -> Iterator[list[str]]:
    """Yield the rows that have all cells; the last one of a file that is being written may not."""
    return (row for row in rows if len(row) == len(head))


def _of_hub(row: Mapping[str, str]) -> str:
    """Return what a row of Docker Hub's report is about."""
    digest = row.get("digest", "")
    version = f":{row['tag']}" if row["tag"] else f"@{digest}" if digest else ""
    return f"{row['repository']}{version}"


def _number(file: Path, line: int, text: str) -> int:
    if text and not _COUNT.match(text):
        raise ConfigError(f"{file}:{line}: {text[:40]!r} is no number of pulls", hint="whole numbers only")
    return int(text or 0)


_READERS = {Kind.LOG: _log, Kind.QUERY: _query, Kind.PODS: _pods, Kind.TABLE: _table}
