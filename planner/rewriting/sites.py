"""The texts that a reference is put together from: what shares them changes with it. Pure."""

from collections.abc import Iterable, Iterator

from planner.model.source import CENTRAL, Fragment, Part

Site = tuple[str, int, int]  # the file, and a half-open span of it


def sites(path: str, fragments: Iterable[Fragment]) -> Iterator[Site]:
    """Yield the texts that a reference needs as they are.

    Of all that stands where it is used that is the beginning: the rest is its own parts, and those of others.
    """
    for each in fragments:
        if each.part in CENTRAL or each.part is Part.BESIDE:
            continue
        if each.part is Part.WHOLE:
            yield each.path or path, each.start, each.start + 1
        elif each.part is not Part.GIVEN:
            yield each.path or path, each.start, each.end
