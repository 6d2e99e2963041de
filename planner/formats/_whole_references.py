"""Whole references to registries: texts that can be little else, whatever the field they stand in is called.

A host that is known to be a registry or is named like one, a path, and a tag or a digest.
"""

import re
from collections.abc import Iterator

from planner.model.source import Text

_HOST = (
    r"(?:(?:[a-z0-9-]++\.)*?(?:"
    r"docker\.io|ghcr\.io|quay\.io|gcr\.io|k8s\.io|pkg\.dev|ecr\.aws|azurecr\.io|nvcr\.io|lscr\.io|icr\.io|cgr\.dev"
    r"|mcr\.microsoft\.com|docker\.elastic\.co|registry\.gitlab\.com|dkr\.ecr\.[a-z0-9-]++\.amazonaws\.com(?:\.cn)?"
    r"|registry(?:\.access|\.connect)?\.redhat\.(?:com|io)|(?:xpkg\.)?upbound\.io|xpkg\.crossplane\.io|ocir\.io)"
    r"|(?:[a-z0-9-]*registry[a-z0-9-]*|docker|images|oci|harbor|cr)(?:\.[a-z0-9-]++)++(?::\d{2,5})?"
    r"|localhost:\d{2,5})"
)
_PATH = r"(?:/[a-z0-9]++(?:[._-]++[a-z0-9]++)*+)++"
_VERSION = r"(?::\w[\w.-]{0,127}(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})"
_WHOLE = re.compile(_HOST + _PATH + _VERSION, re.ASCII)
_INSIDE = re.compile(rf"(?<![\w./:@-]){_HOST}{_PATH}{_VERSION}(?![\w./:@-])", re.ASCII)
_HOSTED = re.compile(rf"{_HOST}{_PATH}", re.ASCII)
_LONGEST = 500  # characters of a reference


def whole(value: str) -> bool:
    """Whether a text is a reference with a registry, a path and a version, and nothing more."""
    return "/" in value and len(value) <= _LONGEST and _WHOLE.fullmatch(value) is not None


def hosted(value: str, depth: int = 1) -> bool:
    """Whether a text is a name in a registry, with at least so many parts after the host, and no version."""
    return value.count("/") >= depth and len(value) <= _LONGEST and _HOSTED.fullmatch(value) is not None


def inside(text: Text) -> Iterator[Text]:
    """Yield the references that stand in a text: `4.1=quay.io/acme/app:4.1`, one on each line."""
    for match in _INSIDE.finditer(str(text)):
        yield text.cut(*match.span())
