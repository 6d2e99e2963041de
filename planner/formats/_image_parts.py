"""Images that constants give in parts: `Registry = "docker.io"`, `Image = "library/adminer"`, `Tag = "5"`.

The constants are called alike: `ConsoleImage` goes with `ConsoleTag`, `IMAGE_NAME` with `IMAGE_TAG`.
"""

import re
from collections.abc import Iterator, Mapping

from planner.formats._code_file import CodeFile
from planner.formats._code_names import tagged
from planner.formats._image_fields import plausible
from planner.formats._official_images import is_official
from planner.formats._shell_words import Piece, Word
from planner.model.source import Text

_LIKELY = re.compile(r"image(?:_?name)?\s*+(?::[^=\n]{1,40}+)?=\s*+[\"'`][\w./-]++[\"'`]")
_ITS_TAG = re.compile(r"(?:tag|image_?version)\s*+(?::[^=\n]{1,40}+)?=\s*+[\"'`]")
_NAME = re.compile(r"(?P<stem>|.*(?:[a-z\d_]|\b))(?P<image>image|Image|IMAGE)(?:_?(?:Name|NAME|name))?\Z")
_VERSION = re.compile(r"[\w][\w.-]{0,127}\Z", re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:/[a-z0-9._/-]+)?\Z")
_WORDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "image": (("tag", "imageTag", "image_tag", "imageVersion", "image_version"), "registry"),
    "Image": (("Tag", "ImageTag", "ImageVersion"), "Registry"),
    "IMAGE": (("TAG", "IMAGE_TAG", "IMAGE_VERSION"), "REGISTRY"),
}


def may_be(text: str) -> bool:
    """Whether a text, in lower case, may have constants for an image and its tag."""
    return _ITS_TAG.search(text) is not None and _LIKELY.search(text) is not None


def in_parts(file: CodeFile) -> Iterator[Text]:
    """Yield the images that constants make together, each with its tag."""
    for name in filter(_NAME.match, file.places):
        value = file.constants.get(name)
        if value is not None and _is_name(str(value)):
            tag = _tag(name, file.constants)
            if tag is not None:
                yield from _joined(name, value, tag, file.constants)


def _is_name(value: str) -> bool:
    return ":" not in value and "@" not in value and plausible(value, bare=is_official(value))


def _tag(name: str, constants: Mapping[str, Text]) -> Text | None:
    stem, kind = _split(name)
    found = (constants.get(stem + word) for word in _WORDS[kind][0])
    return next((each for each in found if each is not None and _VERSION.match(str(each))), None)


def _joined(name: str, value: Text, tag: Text, constants: Mapping[str, Text]) -> Iterator[Text]:
    stem, kind = _split(name)
    own = _WORDS[kind][1]
    host = constants.get(stem + own) or constants.get(own)
    pieces = [Piece.literal(value)]
    if host is not None and _HOST.match(str(host)) and "." not in str(value).partition("/")[0]:
        pieces = [Piece.literal(host), Piece.literal(Text.of("/")), *pieces]
    word = tagged(Word(tuple(pieces)), Word((Piece.literal(tag),)))
    yield from (each.text for each in word.choices() if not each.problem)


def _split(name: str) -> tuple[str, str]:
    """Return what stands before `Image`, and how that is written."""
    found = _NAME.match(name)
    return (found["stem"], found["image"]) if found else ("", "image")
