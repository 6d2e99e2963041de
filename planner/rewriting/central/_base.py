"""What a central place is: one text whose edit gives many places in the code another name at once.

Where one is, and which places it reaches, is found by formats, which put a fragment of its part beside those
that spell a name. What it has to say for one of them is said here; that this does what it should is proven by
the same second scan as every edit. Pure.
"""

from collections.abc import Callable

from msgspec import Struct

from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part


class Central(Struct, frozen=True):
    """A kind of place."""

    name: str
    title: str  # what it is, for people
    part: Part  # of the fragments that formats put where it is
    value: Callable[[Rewrite, Fragment], str]  # that moves a rewrite; empty where none does
    unseen: str  # what the scan that proves it cannot know
    specification: str  # URL
    settles: tuple[str, ...] = ()  # formats whose implicit pulls are moved with it, and told no more
    always: bool = False  # it is better than edits beside it also where that takes no more of them
    beside: bool = False  # what has to stand beside a name that is edited has to here as well


def before(rewrite: Rewrite, spelled: str) -> str:
    """Return the prefix that turns a name, as it is spelled, into the destination.

    Empty where nothing does: where `library/` is not spelled, for one, and the destination has it.
    """
    name = rewrite.destination.name
    return name.removesuffix(spelled) if spelled and name.endswith(f"/{spelled}") else ""


def spelled(rewrite: Rewrite) -> str:
    """Return the repository as it is spelled, without registry and version; empty where it is not."""
    for part in (Part.NAME, Part.REPOSITORY):
        said = "".join(each.text for each in rewrite.fragments if each.part is part and not each.lead)
        if said:
            return said
    return ""
