"""Ignore rules outside git: the .gitignore files of a tree, the deepest that says anything deciding.

https://git-scm.com/docs/gitignore
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Ignore:
    """The rules that hold in a folder, those of the root first."""

    rules: tuple[tuple[str, "GitIgnoreSpec"], ...] = ()  # the folder a .gitignore stands in, and what it says

    def below(self, folder: str, said: bytes) -> "Ignore":
        """Return the rules that hold inside `folder`, whose .gitignore says this."""
        from pathspec import GitIgnoreSpec  # 0.2 s, and most trees are git's own to list

        lines = said.decode("utf-8", "replace").splitlines()
        return Ignore((*self.rules, (f"{folder}/" if folder else "", GitIgnoreSpec.from_lines(lines))))

    def excludes(self, path: str, *, folder: bool) -> bool:
        """Tell whether a path below is ignored."""
        for prefix, spec in reversed(self.rules):
            said = spec.check_file(path.removeprefix(prefix) + ("/" if folder else "")).include
            if said is not None:
                return said
        return False
