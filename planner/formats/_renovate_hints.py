"""Comments that tell Renovate which image a version belongs to.

    # renovate: datasource=docker depName=nginx
    NGINX_VERSION=1.27

https://docs.renovatebot.com/modules/manager/regex/#advanced-capture
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from planner.model.source import Text

_COMMENT = re.compile(r"renovate:(?P<said>[^\r\n]{0,400})")
_FIELD = re.compile(
    r"\b(?P<key>datasource|depName|packageName|lookupName|registryUrl)\s*[=:]\s*[\"']?(?P<value>[^\s\"',}]+)"
)
_NAMES = ("packageName", "lookupName", "depName")
_VERSION = re.compile(
    r"(?:[:=]|\?=|\s)[ \t]*(?:(?:export|default|String)[ \t]+)?[\"'`]?"
    r"(?P<version>v?\d[\w.-]*(?:@sha256:[0-9a-f]{64})?|[\w][\w.-]*@sha256:[0-9a-f]{64})[\"'`]?[ \t]*"
    r"(?:[,;)}\]#]|//|\r?$|\\)",
    re.MULTILINE,
)
_LONGEST = 500  # characters of a line with a version
_LINES = 2  # after the comment, in which the version stands
_SCHEME = re.compile(r"https?://")


class Hint(NamedTuple):
    """A version, and the repository that a comment says it is of."""

    name: str  # with its registry, where the comment names one
    version: Text
    start: int  # of the comment
    spelled: str


def hints(text: str) -> Iterator[Hint]:
    """Yield what the comments of a file say."""
    for comment in _COMMENT.finditer(text):
        said = {field["key"]: field["value"] for field in _FIELD.finditer(comment["said"])}
        name = next((said[key] for key in _NAMES if key in said), "")
        if said.get("datasource") == "docker" and name:
            version = _version(text, comment)
            if version:
                yield Hint(
                    _registered(name, said.get("registryUrl", "")), version, comment.start(), comment[0]
                )


def _registered(name: str, url: str) -> str:
    host = _SCHEME.sub("", url).rstrip("/")
    return f"{host}/{name}" if host and not name.startswith(host) else name


def _version(text: str, comment: "re.Match[str]") -> Text:
    """Return the version on the line of the comment, before it, or on one of the next lines."""
    begin = max(text.rfind("\n", 0, comment.start()) + 1, comment.start() - _LONGEST)
    found = list(_VERSION.finditer(text, begin, comment.start()))
    if found:
        return Text.at(found[-1].start("version"), found[-1]["version"])
    end = comment.end()
    for _ in range(_LINES):
        start = text.find("\n", end) + 1
        if not start:
            break
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        match = _VERSION.search(text, start, min(end, start + _LONGEST))
        if match:
            return Text.at(match.start("version"), match["version"])
    return Text()
