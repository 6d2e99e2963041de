"""Documents: the values of one stage as JSON, read by the next.

`{"kind": "Plan", "hub2ar": 1, …}`. Reading checks everything; what is wrong is reported in one line that
names the field: `plan.json: $.actions[3].digest: expected str | null, got int`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal, TypeVar

import msgspec

from planner.errors import ConfigError, InvalidReference
from planner.model.availability import Availabilities, Availability
from planner.model.diagnosis import Diagnosis
from planner.model.inventory import Found, Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from planner.model.reference import Reference
from planner.model.stability import Stabilities, Stability

Document = Inventory | Availabilities | Plan | Stabilities | Diagnosis
Line = Found | Availability | Outcome | Stability
DOCUMENTS: tuple[type[msgspec.Struct], ...] = (Inventory, Availabilities, Plan, Stabilities, Diagnosis)
LINES: tuple[type[msgspec.Struct], ...] = (*Found.__args__, Availability, Outcome, Stability)

VERSION = 1
_AT_ONCE = 1_000  # findings that are encoded at a time
_WHOLE = "name a document that hub2ar wrote, whole"
_BLANK = re.compile(r"\s*")

D = TypeVar("D", bound=msgspec.Struct)


class _Head(msgspec.Struct):
    kind: str = ""
    hub2ar: int = 0


def _encode_reference(value: object) -> str:
    if isinstance(value, Reference):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _decode_reference(kind: type, value: object) -> Reference:
    if kind is not Reference or not isinstance(value, str):
        raise ValueError(f"expected a reference, got {value!r}")
    try:
        return Reference.parse(value)
    except InvalidReference as error:
        raise ValueError(error.message) from error


_ENCODER = msgspec.json.Encoder(enc_hook=_encode_reference)


def encode(document: Document) -> bytes:
    """Return a document as indented JSON that ends with a newline."""
    return b"".join(encoded(document))


def encoded(document: Document) -> Iterator[bytes]:
    """Yield a document as `encode` returns it, piece by piece: a large inventory takes much memory."""
    if not isinstance(document, Inventory) or len(document.found) <= _AT_ONCE:
        yield msgspec.json.format(_ENCODER.encode(document), indent=2) + b"\n"
        return
    around = encode(msgspec.structs.replace(document, found=()))
    before, empty, after = around.partition(b'\n  "found": []')  # no text in it has a line end
    yield before + empty[:-1] + b"\n"
    for start in range(0, len(document.found), _AT_ONCE):
        some = _ENCODER.encode(document.found[start : start + _AT_ONCE])
        lines = msgspec.json.format(b"[" + some + b"]", indent=2)  # as deep as they stand in the document
        yield (b",\n" if start else b"") + lines.removeprefix(b"[\n  [\n").removesuffix(b"\n  ]\n]")
    yield b"\n  ]" + after


def encode_line(value: Line) -> bytes:
    """Return one value as a line of JSON, without the newline."""
    return _ENCODER.encode(value)


def decode(content: bytes, expected: type[D], name: str) -> D:
    """Read a document of one kind; `name` is the file's, for messages. Raises ConfigError."""
    head = _read_head(content, name)
    if head.kind != expected.__name__:
        raise ConfigError(
            f"{name}: expected a document of kind {expected.__name__}, got {head.kind or 'none'}",
            hint=_maker(expected.__name__),
        )
    if head.hub2ar > VERSION:
        raise ConfigError(
            f"{name}: written by a newer hub2ar (document version {head.hub2ar})", hint="update hub2ar"
        )
    return _decode(content, expected, name)


def kind_of(content: bytes, name: str) -> str:
    """Return what kind of document this is. Raises ConfigError when it is none."""
    return _read_head(content, name).kind


def decode_lines(content: bytes, expected: type[D], name: str) -> list[D]:
    """Read JSON lines of one kind, as `apply` appends them; a torn last line is an error with its number."""
    lines = [line for line in enumerate(content.splitlines(), start=1) if line[1].strip()]
    try:
        return [_decode(line, expected, f"{name}:{number}") for number, line in lines]
    except ConfigError as error:
        if error.hint == _WHOLE and lines[-1][0] > 1 and error.message.startswith(f"{name}:{lines[-1][0]}: "):
            error.hint = f"its writer was stopped: `hub2ar merge {name}` leaves that line out"
        raise


def decode_many(content: bytes, expected: type[D], name: str) -> list[D]:
    """Read documents of one kind that stand one after another, as `cat a.json b.json` prints them."""
    text, found, position = content.decode("utf-8", "replace"), [], 0
    reader = json.JSONDecoder()
    while (start := _next(text, position)) < len(text):
        try:
            _, position = reader.raw_decode(text, start)
        except json.JSONDecodeError as error:
            raise ConfigError(
                f"{name}: not JSON ({error.msg} at character {error.pos})", hint=_WHOLE
            ) from error
        except RecursionError as error:
            raise _too_deep(name) from error
        found.append(decode(text[start:position].encode(), expected, name))
    return found


def _next(text: str, position: int) -> int:
    """Return the place of the next character that is not white space."""
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _read_head(content: bytes, name: str) -> _Head:
    try:
        return msgspec.json.decode(content, type=_Head)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{name}: not a document of hub2ar ({where(str(error))})", hint=_WHOLE) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}: not JSON ({error})", hint=_WHOLE) from error
    except RecursionError as error:
        raise _too_deep(name) from error


def _decode(content: bytes, expected: type[D], name: str) -> D:
    try:
        return msgspec.json.decode(content, type=expected, dec_hook=_decode_reference)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{name}: {where(str(error))}", hint="the schemas are in docs/schema/") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}: not JSON ({error})", hint=_WHOLE) from error
    except RecursionError as error:
        raise _too_deep(name) from error


def _too_deep(name: str) -> ConfigError:
    return ConfigError(f"{name}: nested more deeply than any document of hub2ar", hint=_WHOLE)


def where(message: str, root: str = "$") -> str:
    """Put the path first: ``Expected `int` - at `$.line` `` becomes ``$.line: expected int``.

    `root` is the path of what was read, where that is a part of the whole.
    """
    message = message.replace("`", "")
    match = re.fullmatch(r"(?s)(.*) - at (\$.*)", message)
    what, path = match.groups() if match else (message, "$")
    return f"{root}{path.removeprefix('$')}: {what[:1].lower()}{what[1:]}"


def _maker(kind: str) -> str:
    commands = {
        "Inventory": "scan",
        "Availabilities": "check",
        "Stabilities": "check --history",
        "Diagnosis": "doctor",
    }
    command = commands.get(kind, "plan")
    return (
        f"`hub2ar {command} --output-format json` writes one"
        if command != "plan"
        else "`hub2ar plan` writes one"
    )


def schemas() -> dict[str, str]:
    """Return the JSON Schema of every document and every line, by file name; docs/schema/ holds them."""
    return {f"{kind.__name__.lower()}.json": _schema(kind) for kind in (*DOCUMENTS, *LINES)}


def _schema(kind: type) -> str:
    schema = msgspec.json.schema(kind, schema_hook=_reference_schema)
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2) + "\n"


def _reference_schema(kind: type) -> dict[str, Any]:  # Any: JSON Schema has no narrower type
    if kind is not Reference:
        raise NotImplementedError
    return {"type": "string", "description": "an image reference in full: registry/repository[:tag][@digest]"}


Kind = Literal["Inventory", "Availabilities", "Plan", "Stabilities", "Diagnosis"]
