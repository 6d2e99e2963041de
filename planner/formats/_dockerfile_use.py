"""The Dockerfile that a file says is built: where it lies, and the values its ARGs are given."""

import posixpath
from collections.abc import Iterator, Mapping

from planner.formats._base import Binding
from planner.formats._shell_words import Word


def dockerfile_use(
    root: str, context: str, dockerfile: str, arguments: Mapping[str, Word]
) -> Iterator[Binding]:
    """Yield the arguments for a Dockerfile. An empty `dockerfile` is the one of the context.

    Both are relative to `root`, a folder of the tree; what lies outside of the tree is passed over, and so is
    an argument whose value is not known.
    """
    place = posixpath.join(root, dockerfile) if dockerfile else posixpath.join(root, context, "Dockerfile")
    target = posixpath.normpath(place)
    values = {name: next(word.choices(), None) for name, word in arguments.items()}
    known = {name: found.text for name, found in values.items() if found is not None and not found.problem}
    if known and "://" not in place and not target.startswith(("/", "../")):
        yield Binding(target, "dockerfile", known)
