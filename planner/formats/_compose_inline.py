"""`dockerfile_inline`: a Dockerfile that stands in a Compose file, with Compose's variables filled in first.

https://docs.docker.com/reference/compose-file/build/#dockerfile_inline
"""

from collections.abc import Iterator

from planner.formats._base import Given, Item
from planner.formats._compose_interpolation import interpolate
from planner.formats._inline_dockerfile import read_inline
from planner.formats._yaml import Scalar
from planner.model.source import SourceFile, Text


def dockerfile_inline(source: SourceFile, inline: Scalar, arguments: Given, given: Given) -> Iterator[Item]:
    """Yield what stands in a Dockerfile that a scalar holds; `arguments` are those of its build."""
    yield from read_inline(source, _filled(inline.text, given), arguments)


def _filled(text: Text, given: Given) -> Text:
    """Return the Dockerfile after interpolation; a variable that is not set stays, so that it is named."""
    found = interpolate(text, given)
    if found.missing:
        found = interpolate(text, {**given, **{name: Text.of(f"${{{name}}}") for name in found.missing}})
    return text if found.refusal else found.value
