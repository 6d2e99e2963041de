"""Edits: spans of files that become other texts, made and taken back. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from planner.errors import StalePlan

_HINT = "the file has changed since the scan; run `hub2ar plan` again"


class Edit(Struct, frozen=True, order=True, gc=False):
    """A half-open span of a file, in characters, and what is written there instead.

    An insertion starts where it ends.
    """

    path: str
    start: int
    end: int
    new: str
    text: str  # what stands there now

    @property
    def site(self) -> tuple[str, int, int]:
        """Where it is made."""
        return self.path, self.start, self.end


Alternative = tuple[Edit, ...]


def by_path(edits: Iterable[Edit]) -> Mapping[str, tuple[Edit, ...]]:
    """Return the distinct edits of each file, in the order of the text."""
    found: dict[str, set[Edit]] = defaultdict(set)
    for edit in edits:
        found[edit.path].add(edit)
    return {path: tuple(sorted(of)) for path, of in sorted(found.items())}


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with the edits of one file made; offsets are those of `text`.

    Raises StalePlan when a fragment is no longer where the scan found it, or where two edits overlap.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(set(edits)):
        if edit.start < done:
            raise StalePlan(f"two edits of {edit.path} meet at character {edit.start}", hint=_HINT)
        if text[edit.start : edit.end] != edit.text or edit.end > len(text):
            raise StalePlan(
                f"{edit.path}: expected {edit.text!r} at character {edit.start},"
                f" found {text[edit.start : edit.end]!r}",
                hint=_HINT,
            )
        pieces += text[done : edit.start], edit.new
        done = edit.end
    return "".join((*pieces, text[done:]))


def undo(text: str, possible: Sequence[Edit], *, several: bool = False) -> str:
    """Return `text` with those of the possible edits of one file taken back that were made in it.

    Which were made shows from what stands in their places. Offsets are those of the text that is returned;
    the caller has to check, by its digest, that this is the text from before. With `several`, more than one
    of the insertions that are possible in one place may have been made, else one at the most.
    """
    pieces: list[str] = []
    ahead = 0  # how much further on things stand in `text`
    done = free = 0  # in `text`, and in what is returned
    for edit in sorted(possible, key=lambda each: (each.start, *_in_place(each, several=several))):
        start = edit.start + ahead
        if edit.start < free or edit.new == edit.text or not text.startswith(edit.new, start):
            continue
        pieces += text[done:start], edit.text
        inserted = edit.end == edit.start
        done, free = start + len(edit.new), max(edit.end, edit.start + (inserted and not several))
        ahead += len(edit.new) - len(edit.text)
    return "".join((*pieces, text[done:]))


def _in_place(edit: Edit, *, several: bool) -> tuple[object, ...]:
    """Return in which order edits at one offset are looked for: insertions as they were made, if several."""
    inserted = several and edit.end == edit.start
    return not inserted, edit.new if inserted else "", -len(edit.new)
