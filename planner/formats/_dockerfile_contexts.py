"""Named contexts of a build: what takes the place of a stage of its Dockerfile, or of an image.

`--build-context alpine=target:base` makes `FROM alpine` and `COPY --from=alpine` mean something else, and a
stage of that name is not built. Names are compared as images are: `docker.io/library/alpine:latest` is
`alpine` (https://docs.docker.com/reference/cli/docker/buildx/build/#build-context).

Who builds a Dockerfile hands its contexts on beside the ARGs, under names that no ARG can have.
"""

from planner.errors import InvalidReference
from planner.formats import _context_places
from planner.formats._base import Addition, Given
from planner.model.reference import Reference
from planner.model.source import Text

_SCHEME = "docker-image://"
_PREFIX = "--build-context "  # with a space, which ends the name of an ARG
_FIXED = frozenset({"scratch", "context"})  # BuildKit's own; nothing takes their place


def variable(context: str) -> str:
    """Return the name under which a context is handed to a Dockerfile."""
    return f"{_PREFIX}{context}"


class Contexts:
    """What a build replaces."""

    def __init__(self, given: Given) -> None:
        """`given` are all variables that the Dockerfile is given."""
        self._given = given
        self._place = given.get(variable(_context_places.NAME))
        names = (name.removeprefix(_PREFIX) for name in given if name.startswith(_PREFIX))
        self._names = frozenset(_familiar(name) for name in names if name not in _FIXED) - {""}

    def replace(self, name: str) -> bool:
        """Return whether the build has something else for an image, or for a stage, of this name."""
        return bool(self._names) and name not in _FIXED and _familiar(name) in self._names

    def image(self, name: str) -> Text:
        """Return the image that the build has in the place of one; nothing where it is none, or not known."""
        for context, text in self._given.items():
            own = context.removeprefix(_PREFIX)
            if own != context and own not in _FIXED and _familiar(own) == _familiar(name):
                found = text.cut(len(_SCHEME), len(text)) if str(text).startswith(_SCHEME) else Text()
                return Text() if "$" in str(found) else found
        return Text()

    def additions(self, name: str) -> tuple[Addition, ...]:
        """Return where the build could be told of something else for an image."""
        return (_context_places.addition(self._place, name),) if self._place and name else ()


def _familiar(name: str) -> str:
    """Return a name as names are compared; empty where it can be none."""
    try:
        reference = Reference.parse(name)
    except InvalidReference:
        return ""
    latest = reference.tag == "latest" and not reference.digest
    return reference.name if latest else str(reference)
