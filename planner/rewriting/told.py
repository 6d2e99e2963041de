"""Sentences about central places: where they are, what they serve, what the second scan did not prove.

Pure.
"""

from collections.abc import Iterator

from planner.model.words import counted, few, written_out
from planner.rewriting.result import Repository, Served


def used(repository: Repository) -> Iterator[str]:
    """Yield a line for each place, or places that only work together."""
    for each in repository.central:
        names = few(list(dict.fromkeys(str(one.reference) for one in each.rewrites)))
        yield f"{where(each)}: {each.title}, for {counted(len(each.rewrites), 'place')} ({names})"


def unseen(repository: Repository) -> Iterator[str]:
    """Yield what the second scan does not prove, each once."""
    for title, said in sorted({(each.title, each.unseen) for each in repository.central}):
        yield f"not proven of {title}: {said}"


def preamble(repository: Repository) -> bytes:
    """Return the comment before a patch, which `git apply` ignores."""
    lines = [*used(repository), *unseen(repository)]
    text = "".join(f"# {written_out(line)}\n" for line in lines)
    return text.encode("utf-8", "surrogateescape")


def where(served: Served) -> str:
    """Return the places in words, the first few of them."""
    return few(served.places)
