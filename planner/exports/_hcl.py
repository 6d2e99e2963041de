"""Blocks of Terraform, as HCL and as JSON.

A text is a template in both: `${` and `%{` begin an expression unless they are doubled.
https://developer.hashicorp.com/terraform/language/syntax/configuration
https://developer.hashicorp.com/terraform/language/syntax/json
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from planner.exports._base import comment, printed


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, which is trusted."""

    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text with expressions in it, which is trusted."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """The address of a block, where no expression may stand: in `depends_on` and `provider`."""

    text: str


Value: TypeAlias = str | bool | int | Expression | Template | Name | Sequence["Value"] | Mapping[str, "Value"]
Json: TypeAlias = str | bool | int | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name with its value."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Block:
    """A block. `reason` is a comment."""

    kind: str
    body: tuple["Attribute | Block", ...]
    labels: tuple[str, ...] = ()
    reason: str = ""
    repeated: bool = False  # whether there may be several with its kind and labels


def hcl(blocks: Sequence[Block]) -> str:
    """Return blocks as `terraform fmt` lays them out."""
    return "\n".join("\n".join(_block(block)) + "\n" for block in blocks)


def _block(block: Block) -> Iterator[str]:
    if block.reason:
        yield comment(block.reason).rstrip("\n")
    yield " ".join((block.kind, *(f'"{label}"' for label in block.labels), "{"))
    yield from (f"  {line}" if line else "" for line in _body(block.body))
    yield "}"


def _body(body: Sequence[Attribute | Block]) -> Iterator[str]:
    """Yield lines; the signs of equality of neighbours on one line each stand below one another."""
    for index, item in enumerate(body):
        if isinstance(item, Block):
            if index:
                yield ""
            yield from _block(item)
            continue
        if index and isinstance(body[index - 1], Block):
            yield ""
        first, *rest = _value(item.value)
        width = len(item.name) if rest else max(map(len, _neighbours(body, index)))
        yield f"{item.name:<{width}} = {first}"
        yield from rest


def _neighbours(body: Sequence[Attribute | Block], index: int) -> Iterator[str]:
    """Yield the names of the attributes on one line each that stand together around `index`."""
    start = index
    while start and _is_short(body[start - 1]):
        start -= 1
    for item in body[start:]:
        if not (isinstance(item, Attribute) and _is_short(item)):
            return
        yield item.name


def _is_short(item: Attribute | Block) -> bool:
    return isinstance(item, Attribute) and len(_value(item.value)) == 1


def _value(value: Value) -> list[str]:
    match value:
        case str():
            return [quoted(value)]
        case bool():
            return ["true" if value else "false"]
        case int():
            return [str(value)]
        case Template():
            return [f'"{value.text}"']
        case Expression() | Name():
            return [value.text]
        case Mapping():
            keys = [quoted(key) for key in value]
            width = max(map(len, keys), default=0)
            inner = [
                f"  {key:<{width}} = {_value(value[name])[0]}" for key, name in zip(keys, value, strict=True)
            ]
            return ["{", *inner, "}"]
    return ["[", *(f"  {_value(each)[0]}," for each in value), "]"] if len(value) > 1 else [_single(value)]


def _single(value: Sequence[Value]) -> str:
    return f"[{''.join(_value(each)[0] for each in value)}]"


def quoted(text: str) -> str:
    """Return a text as HCL writes it, on one line."""
    escaped = _literal(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{"".join(map(_escaped, escaped))}"'


def _escaped(char: str) -> str:
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _literal(text: str) -> str:
    """Return a text in which nothing begins an expression."""
    return text.replace("${", "$${").replace("%{", "%%{")


def as_json(blocks: Sequence[Block], head: str) -> str:
    """Return blocks as the JSON that Terraform takes; `head` is a comment."""
    root: dict[str, Json] = {"//": head}
    for block in blocks:
        _put(root, block)
    return json.dumps(root, indent=2, ensure_ascii=False) + "\n"


def _put(parent: dict[str, Json], block: Block) -> None:
    """Put a block where its kind and labels say."""
    inner: dict[str, Json] = {"//": printed(block.reason)} if block.reason else {}
    for item in block.body:
        if isinstance(item, Block):
            _put(inner, item)
        else:
            inner[item.name] = _json(item.value)
    *path, last = block.kind, *block.labels
    for step in path:
        below = parent.setdefault(step, {})
        if isinstance(below, dict):
            parent = below
    if block.repeated:
        several = parent.setdefault(last, [])
        if isinstance(several, list):
            several.append(inner)
    else:
        parent[last] = inner


def _json(value: Value) -> Json:
    match value:
        case str():
            return _literal(value)
        case bool() | int():
            return value
        case Template() | Name():
            return value.text
        case Expression():
            return f"${{{value.text}}}"
        case Mapping():
            return {_literal(key): _json(each) for key, each in value.items()}
    return [_json(each) for each in value]
