"""Pulls one by one, as logs, exports and clusters tell them: which image, when, and from where.

The files are those of `demand.py`. They are read line by line or item by item, so their size does not matter,
and a line that cannot be read is a value like the others.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from planner.demand import KNOWN, Kind, kind_of
from planner.errors import ConfigError, NoInput, reason
from planner.json_items import Broken, items


class Event(NamedTuple):
    """An image as it is written, and how often it was pulled."""

    name: str
    times: int
    at: datetime | None = None  # the last time; None where it is not told
    place: str = ""  # what pulled it; empty where it is not told
    user: str = ""  # of Docker Hub, that it was counted for


class Unread(NamedTuple):
    """What could not be read."""

    where: str  # `line 17`
    why: str


_LONGEST = 4 << 20  # bytes of a line; an entry of Cloud Logging has 256 KiB at most
_PULLING = re.compile(r'Pulling image "([^"\\]+)"')
_WORDS = b"Pulling image"
_COUNT = re.compile(r"[0-9]{1,18}\Z")
_TIMES = ("%m/%d/%y %H:%M", "%Y-%m-%d %H", "%Y-%m-%dT%H")  # of the documented query, and of Docker Hub
_MARK = b"\xef\xbb\xbf"
_BLANK = _MARK + b" \t\r\n"
_BEGINNING = 1 << 16  # bytes that tell whether a text is an array


class _Resource(msgspec.Struct, frozen=True):
    labels: dict[str, str] = {}


class _Payload(msgspec.Struct, frozen=True):
    message: str = ""


class _Entry(msgspec.Struct, frozen=True):
    payload: _Payload = msgspec.field(name="jsonPayload", default=_Payload())
    timestamp: str = ""
    resource: _Resource = _Resource()


class _Container(msgspec.Struct, frozen=True):
    image: str = ""


class _Spec(msgspec.Struct, frozen=True):
    containers: tuple[_Container, ...] = ()
    first: tuple[_Container, ...] = msgspec.field(name="initContainers", default=())


class _Metadata(msgspec.Struct, frozen=True):
    name: str = ""
    namespace: str = ""


class _Status(msgspec.Struct, frozen=True):
    started: str = msgspec.field(name="startTime", default="")


class _Pod(msgspec.Struct, frozen=True):
    metadata: _Metadata = _Metadata()
    spec: _Spec = _Spec()
    status: _Status = _Status()


_ENTRY = msgspec.json.Decoder(_Entry)
_ROW = msgspec.json.Decoder(dict[str, str | int | float | bool | None])
_POD = msgspec.json.Decoder(_Pod)


def events(file: Path) -> Iterator[Event | Unread]:
    """Yield the pulls that a file tells, and what of it could not be read, in its order.

    Raises NoInput for a file that cannot be read, ConfigError for one of another kind.
    """
    try:
        with file.open("rb") as content:
            yield from _READERS[kind_of(file, content)](content)
    except OSError as error:
        raise NoInput(f"{str(file)!r} cannot be read: {reason(error)}", hint=KNOWN) from error


def moment(text: str) -> datetime | None:
    """Parse a time of these files, UTC where they name no zone; None for a text that is no time."""
    said = text.strip()
    found = _iso(said)
    for form in () if found else _TIMES:
        try:
            found = datetime.strptime(said, form).replace(tzinfo=UTC)
            break
        except ValueError:
            continue
    return found and (found if found.tzinfo else found.replace(tzinfo=UTC))


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _pieces(content: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield the lines of a text or the objects of its array, each with where it stands. Raises Broken."""
    array = content.read(_BEGINNING).lstrip(_BLANK)[:1] == b"["
    content.seek(0)
    if array:
        yield from ((f"item {number}", item) for number, item in enumerate(items(content), start=1))
        return
    number = 0
    while line := content.readline(_LONGEST):
        number += 1
        whole = line
        while line and not line.endswith(b"\n"):  # the rest of a line that is too long, or the end
            line = content.readline(_LONGEST)
            whole = b"" if line else whole
        if whole.strip(_BLANK):
            yield f"line {number}", whole.removeprefix(_MARK)
        elif not whole:
            yield f"line {number}", b""


def _log(content: BinaryIO) -> Iterator[Event | Unread]:
    """Read entries; what is no pull is skipped, whatever it is."""
    try:
        for where, text in _pieces(content):
            try:
                entry = _ENTRY.decode(text)
            except msgspec.ValidationError as error:
                if _WORDS in text:
                    yield Unread(where, str(error))
                continue
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield Unread(where, _no_json(text))
                continue
            if found := _PULLING.search(entry.payload.message):
                yield Event(found[1], 1, moment(entry.timestamp), _of_pod(entry.resource.labels))
    except Broken as error:
        yield Unread("the end", str(error))


def _no_json(text: bytes) -> str:
    return "not JSON" if text else f"longer than {_LONGEST:,} bytes"


def _of_pod(labels: Mapping[str, str]) -> str:
    """Return where a pod runs: its cluster, its namespace, its name."""
    parts = (labels.get(name, "") for name in ("cluster_name", "namespace_name", "pod_name"))
    return "/".join(filter(None, parts))


def _query(content: BinaryIO) -> Iterator[Event | Unread]:
    try:
        for where, text in _pieces(content):
            try:
                row = _ROW.decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield Unread(where, _no_json(text))
                continue
            yield _of_query({name: str(value or "") for name, value in row.items()}, where)
    except Broken as error:
        yield Unread("the end", str(error))


def _pods(content: BinaryIO) -> Iterator[Event | Unread]:
    number = 0
    try:
        for item in items(content):
            number += 1
            try:
                yield from _of_cluster(_POD.decode(item))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                yield Unread(f"item {number}", str(error))
    except Broken as error:
        yield Unread("the end", str(error))


def _of_cluster(pod: _Pod) -> Iterator[Event]:
    place = "/".join(filter(None, (pod.metadata.namespace, pod.metadata.name)))
    for container in (*pod.spec.containers, *pod.spec.first):
        if container.image:
            yield Event(container.image, 1, moment(pod.status.started), place)


def _table(content: BinaryIO) -> Iterator[Event | Unread]:
    rows = csv.reader(line.decode("utf-8-sig", "replace") for line in _lines(content))
    head: list[str] = []
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Unread(f"line {rows.line_num}", f"no CSV: {error}")
            continue
        where = f"line {rows.line_num}"
        if not head:
            head = row
            if not ({"imageName"} <= set(head) or {"repository", "tag", "pulls"} <= set(head)):
                raise ConfigError(f"{','.join(head)[:60]!r} is no head of a table about pulls", hint=KNOWN)
        elif row and len(row) != len(head):
            yield Unread(where, f"{len(row)} cells, {len(head)} in the head")
        elif row:
            cells = dict(zip(head, row, strict=True))
            yield _of_query(cells, where) if "imageName" in cells else _of_hub(cells, where)


def _lines(content: BinaryIO) -> Iterator[bytes]:
    while line := content.readline(_LONGEST):
        yield line


def _of_query(row: Mapping[str, str], where: str) -> Event | Unread:
    """Read a row of the documented query, which may have a column of times."""
    name, count = row.get("imageName", ""), row.get("numberOfPulls", "1")
    if not name or not _COUNT.match(count):
        return Unread(where, f"{count[:40]!r} pulls of {name[:40]!r}")
    told = next((value for column, value in row.items() if "time" in column.casefold()), "")
    return Event(name, int(count), moment(told))


def _of_hub(row: Mapping[str, str], where: str) -> Event | Unread:
    """Read a row of Docker Hub's report; an hour in which versions were only checked has no pulls."""
    count, digest = row["pulls"] or "0", row.get("digest", "")
    if not _COUNT.match(count):
        return Unread(where, f"{count[:40]!r} is no number of pulls")
    version = f":{row['tag']}" if row["tag"] else f"@{digest}" if digest else ""
    user = row.get("user_name", "")
    by = ", ".join(filter(None, (user or "nobody's account", row.get("ips", ""))))
    return Event(f"{row['repository']}{version}", int(count), moment(row.get("datehour", "")), by, user)


_READERS = {Kind.LOG: _log, Kind.QUERY: _query, Kind.PODS: _pods, Kind.TABLE: _table}
