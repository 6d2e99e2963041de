"""The texts that a reference is put together from: what shares them changes with it. Pure."""

from collections.abc import Iterable, Iterator

from planner.model.source import CENTRAL, Fragment, Part

Site = tuple[str, int, int]  # the file, and a half-open span of it


def sites(path: str, fragments: Iterable[Fragment]) -> Iterator[Site]:
    """Yield the texts that make up a reference, so that an edit of any of them changes it.

    Of an expression where the reference is used only the first character counts: the rest of it is parts of
    the reference, which have fragments of their own, and parts of others.
    """
    for each in fragments:
        if each.part in CENTRAL or each.part is Part.BESIDE:
            continue
        if each.part is Part.WHOLE:
            yield each.path or path, each.start, each.start + 1
        elif each.part is not Part.GIVEN:
            yield each.path or path, each.start, each.end
