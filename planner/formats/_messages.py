"""What formats tell one another from file to file, as texts: a binding carries nothing else.

JSON of the standard library, which takes the bytes that are no UTF-8 as well (PEP 383).
"""

import json
from typing import TypeVar

import msgspec

T = TypeVar("T")


def encode(value: object) -> str:
    """Return a value that msgspec can take apart as a text."""
    return json.dumps(msgspec.to_builtins(value))


def decode(text: str, kind: type[T]) -> T:
    """Return what `encode` was given."""
    return msgspec.convert(json.loads(text), kind)
