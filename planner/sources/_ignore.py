"""Ignore rules outside git: the .gitignore files of a tree, the deepest that says anything deciding.

A walk carries along where it has come to in the patterns of each file, so that a rule costs something only
where it may hold, and no text makes a path cost more than its length times that of the rules.

https://git-scm.com/docs/gitignore
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from planner.path_patterns import Folder, Pattern, Patterns, Reach

MOST = 5_000  # rules of a file, of which there are never as many
LONGEST = 4_096  # characters of one; no path is longer
MOST_WILD = 500  # of them with several wildcards in one name: each is tried at every name
_ANY, _FOLDER = 0, 1  # what a rule is about
_STARS = re.compile(r"(?<![^/])\*{3,}+(?![^/])")  # no more than two


class Said(Struct, frozen=True):
    """What a .gitignore says."""

    patterns: Patterns
    kept: frozenset[int]  # the numbers of rules that take back what others ignore
    problem: str = ""  # why not all of it is heeded

    @classmethod
    def by(cls, text: str) -> "Said":
        """Read a file. Never raises."""
        patterns, kept = [], set()
        wild, problem = 0, ""
        for number, rule in enumerate(_rules(text)):
            wild += rule.wild
            if number >= MOST or wild > MOST_WILD:
                most = (
                    f"{MOST:,} rules" if number >= MOST else f"{MOST_WILD:,} with several wildcards in a name"
                )
                problem = f"more than {most}: what follows is not heeded"
                break
            patterns.append((_FOLDER if rule.of_folders else _ANY, number, rule.pattern))
            if rule.keeps:
                kept.add(number)
        return cls(Patterns(patterns), frozenset(kept), problem)


class _Rule(Struct, frozen=True):
    pattern: Pattern
    keeps: bool
    of_folders: bool

    @property
    def wild(self) -> bool:
        """Whether a name of it has more than one wildcard, or one between two texts."""
        return any(_is_wild(part) for part in self.pattern.parts)


class Ignore(Struct, frozen=True):
    """The rules that hold in a folder, those of the root first, each with where its patterns have come to."""

    rules: tuple[tuple[Said, Folder], ...] = ()

    def told(self, said: Said) -> "Ignore":
        """Return the rules that hold in this folder, whose .gitignore says this."""
        return Ignore((*self.rules, (said, said.patterns.root())))

    def inside(self, name: str) -> "Ignore":
        """Return the rules that hold in a folder of this one."""
        if not self.rules:
            return self
        return Ignore(tuple((said, said.patterns.inside(folder, name)) for said, folder in self.rules))

    def excludes(self, name: str, *, folder: bool) -> bool:
        """Tell whether a file or a folder in this folder is ignored."""
        for said, here in reversed(self.rules):
            best = said.patterns.at(here, name)
            number = max(best.values(), default=-1) if folder else best.get(_ANY, -1)
            if number >= 0:
                return number not in said.kept
        return False


def _rules(text: str) -> Iterator[_Rule]:
    for line in text.removeprefix("\ufeff").split("\n"):
        written = line.removesuffix("\r")
        said = written.rstrip(" ")
        if said.endswith("\\") and said != written:
            said += " "  # the first of the spaces is meant
        if said and len(said) <= LONGEST and not said.startswith("#") and (rule := _rule(said)):
            yield rule


def _rule(said: str) -> _Rule | None:
    path = said.removeprefix("!")
    name = _STARS.sub("**", path.removesuffix("/"))
    anchored = "/" in name
    name = name.removeprefix("/") if anchored else f"**/{name}"
    if name in ("", "**/"):
        return None
    if name.split("/")[-1] == "**":
        name += "/*"  # what is in the folder, and not the folder
    return _Rule(Pattern.of(name, Reach.FILE, sets=True), path != said, path.endswith("/"))


def _is_wild(part: str) -> bool:
    signs = sum(part.count(sign) for sign in "*?[")
    return part != "**" and (
        signs > 1 or (signs == 1 and not part.startswith("*") and not part.endswith("*"))
    )
