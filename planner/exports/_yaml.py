"""Values as YAML that every reader takes for the same.

PyYAML follows YAML 1.1, other readers 1.2 or a mixture: a text is written without quotes only where no reader
could take it for a number, a date, a truth value or an alias. https://yaml.org/spec/1.2.2/#103-core-schema
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import yaml

Value: TypeAlias = str | bool | int | Sequence["Value"] | Mapping[str, "Value"]

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*(?:[ :][A-Za-z0-9_./@+-]+)*\Z")
_NOT_WORD = re.compile(r"(?i)(?:y|yes|n|no|true|false|on|off|null|nan|inf)\Z")
_WIDTH = 2**16  # characters: no text is folded


class Block(str):
    """A text of several lines, which stay lines."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  PyYAML's signature
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    plain = _WORD.match(text) and not _NOT_WORD.match(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=None if plain else '"')


def _block(dumper: _Dumper, text: Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Block, _block)


def document(value: Value) -> str:
    """Return a value as a document, without the line that begins one."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=_WIDTH, allow_unicode=False)
