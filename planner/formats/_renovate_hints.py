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
    r"\b(?P<key>datasource|depName|packageName|lookupName|registryUrl|allowedVersions)"
    r"\s*[=:]\s*[\"']?(?P<value>[^\s\"',}]+)"
)
_ALLOWED = re.compile(r"/(?P<pattern>[\w.\\^$\[\]+*?-]{1,60})/")  # without groups: cheap whatever it matches
_REPEATS = re.compile(r"[+*?]")
_MOST_REPEATS = 3
_LONGEST_VERSION = 60
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
            if version and _is_allowed(str(version), said.get("allowedVersions", "")):
                yield Hint(
                    _registered(name, said.get("registryUrl", "")), version, comment.start(), comment[0]
                )


def _is_allowed(version: str, said: str) -> bool:
    """Whether a comment may speak of a version: a line that came between is not what it is about."""
    allowed = _ALLOWED.fullmatch(said)
    if not allowed or len(version) > _LONGEST_VERSION or len(_REPEATS.findall(said)) > _MOST_REPEATS:
        return True
    try:
        return re.search(allowed["pattern"], version) is not None
    except re.error:
        return True


def literal(text: str, hint: Hint) -> Text:
    """Return the image where the line of a hint, or one below, spells all of it; else nothing."""
    path = re.escape(hint.name.rpartition("docker.io/")[2].removeprefix("library/"))
    begin = text.rfind("\n", 0, hint.start) + 1
    end = hint.start
    for _ in range(_LINES + 1):
        end = text.find("\n", end + 1)
        if end < 0:
            end = len(text)
            break
    whole = re.compile(
        rf"(?<![\w./:-])(?:[\w.-]+(?::\d+)?/){{0,5}}{path}(?::\w[\w.-]*+)?(?:@sha256:[0-9a-f]{{64}})?"
    )
    for match in whole.finditer(text, begin, min(end, begin + _LONGEST * _LINES)):
        if (
            not hint.start <= match.start() < hint.start + len(hint.spelled)
            and ":" in match[0].rpartition("/")[2]
        ):
            return Text.at(match.start(), match[0])
    return Text()


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
