"""Guesses that are no news: a default or an input that is reported where it is used.

Who uses a value is known only after the values have travelled between the files of a tree. So a file waits
some rounds with its guesses, and in the meantime those that use them tell it the places.
"""

from collections.abc import Iterable, Iterator

from planner.formats._base import NOTHING, Binding, Candidate, Given, Item
from planner.model.inventory import Role
from planner.model.source import Text

_USED = "used@"
_ROUND = "round."
_ROUNDS = 4  # default -> local -> input of a module -> its local -> use


def told(found: Iterable[Item], path: str) -> Iterator[Binding]:
    """Yield to each other file which of its places were used."""
    places: dict[str, dict[str, Text]] = {}
    for item in found:
        if isinstance(item, Candidate) and not item.problem and item.role is not Role.OUTPUT:
            for run in item.value.runs:
                if run.path and run.path != path and run.start >= 0:
                    places.setdefault(run.path, {})[f"{_USED}{run.start}"] = Text.of("used")
    for target, used in places.items():
        yield Binding(target, _format(target), used, always=True)


def own(guesses: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the guesses of which some part stands in this file."""
    for guess in guesses:
        if not guess.problem and any(run.start >= 0 and not run.path for run in guess.value.runs):
            yield guess


def unused(guesses: Iterable[Item], found: Iterable[Item], given: Given = NOTHING) -> Iterator[Candidate]:
    """Yield the guesses whose text is used nowhere else."""
    used = {int(name[len(_USED) :]) for name in given if name.startswith(_USED)}
    for item in found:
        if isinstance(item, Candidate):
            used |= {item.start, *(run.start for run in item.value.runs if run.start >= 0 and not run.path)}
    for guess in guesses:
        if isinstance(guess, Candidate):
            places = [run.start for run in guess.value.runs if run.start >= 0 and not run.path]
            if guess.start not in used and not used.intersection(places):
                yield guess


def fresh(guesses: Iterable[Candidate], path: str, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the guesses once the others have had time to tell; until then, ask for another round."""
    found = list(guesses)
    done = max((int(name[len(_ROUND) :]) for name in given if name.startswith(_ROUND)), default=0)
    if not found:
        return
    if done < _ROUNDS:
        yield Binding(path, _format(path), {f"{_ROUND}{done + 1}": Text.of("round")}, always=True)
    if not done or done >= _ROUNDS:
        yield from found


def _format(path: str) -> str:
    if path.endswith((".tf", ".tofu", ".tf.json", ".tofu.json")):
        return "terraform"
    return "terragrunt" if path.endswith(".hcl") else "tfvars"
