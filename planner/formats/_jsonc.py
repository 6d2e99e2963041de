"""JSON with comments and trailing commas, as editors and their tools write it.

Comments become white space of the same length and the rest is read as YAML, so that every place stays true.
What most tools follow: https://code.visualstudio.com/docs/languages/json#_json-with-comments
"""

import re

from planner.formats._yaml import Yaml
from planner.formats._yaml import parse as parse_yaml
from planner.model.source import SourceFile

_STRING_OR_COMMENT = re.compile(
    r"""(?sx)
    "(?:[^"\\\r\n]|\\.)*+"?          # an unclosed string ends with its line
    | '(?:[^'\\\r\n]|\\.)*+'?        # JSON5
    | (?P<comment> //[^\r\n]*+ | /\*.*?(?:\*/|\Z) )
    """
)
_COVERED = re.compile(r"[^\r\n]")


def parse(source: SourceFile) -> Yaml:
    """Read a text as far as it is JSON with comments. Never raises."""
    return parse_yaml(SourceFile(source.path, uncommented(source.text)))


def uncommented(text: str) -> str:
    """Return `text`, as long as it was, without comments; the same object where there are none."""
    if "//" not in text and "/*" not in text:
        return text
    return _STRING_OR_COMMENT.sub(_without_comment, text)


def _without_comment(match: "re.Match[str]") -> str:
    return _COVERED.sub(" ", match[0]) if match["comment"] else match[0]
