"""What `uri` of a buildpack may be: an image, or a name of the buildpack registry, a path or a URL.

https://buildpacks.io/docs/for-app-developers/how-to/build-inputs/specify-buildpacks/
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_SCHEME = "docker://"
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:/?/|urn:|from=|[./~\\]|[a-zA-Z]:\\")
_REGISTERED = re.compile(r"[a-z0-9.-]+/[a-z0-9.-]+(?:@[^@]+)?\Z")  # `paketo-buildpacks/nodejs@1.2.3`
_PACKED = re.compile(r".*\.(?:cnb|tgz|tar|toml|zip)(?:\.gz)?\Z")


def buildpack(uri: Text) -> Iterator[Candidate]:
    """Yield the image of a buildpack, if it is one."""
    text = str(uri)
    if text.startswith(_SCHEME):
        yield Candidate.of(uri.cut(len(_SCHEME), len(uri)), Role.BASE)
    elif "/" in text and not any(kind.match(text) for kind in (_ELSEWHERE, _REGISTERED, _PACKED)):
        yield Candidate.of(uri, Role.BASE, Confidence.HEURISTIC)


def image(reference: Text) -> Iterator[Candidate]:
    """Yield an image that may be written with the scheme `docker://`."""
    yield Candidate.of(
        reference.cut(len(_SCHEME), len(reference)) if str(reference).startswith(_SCHEME) else reference,
        Role.BASE,
    )
