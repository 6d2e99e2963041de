"""What files of GitLab CI give to those they include or start, and get from them: variables, inputs, values.

All files of a pipeline are one, so variables of an included file count in the file that includes it too.
https://docs.gitlab.com/ci/yaml/includes/
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from planner.formats._base import Binding, Given
from planner.formats._ci import entries, items, scalars
from planner.formats._gitlab_variables import INCLUDED, PROXY, Scope
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar
from planner.model.source import Text

INCLUDER = "includer."  # names the file that includes this one
PARENT = "parent."  # names the file that starts this one as a pipeline of its own
_MOST_USES = 32  # of a template of another file by the jobs of one; of a pipeline by the rows of a job

Chains = Iterable[tuple[list[YamlMapping], Scope]]  # a job with what it extends, and what it knows


def bindings(
    path: str,
    document: YamlMapping,
    scope: Scope,
    given: Given,
    chains: Chains,
    jobs: Mapping[str, YamlMapping],
) -> Iterator[Binding]:
    """Yield what a file gives to those it includes from its repository, and to the file that includes it."""
    if INCLUDER in given:
        back = {f"{INCLUDED}{name}": text for name, text in _known(scope, document.get("variables")).items()}
        if back:
            yield Binding(str(given[INCLUDER]), "gitlab_ci", back, always=True)
    included = [
        (target, entry) for entry in items(document.get("include")) if (target := _target(path, entry))
    ]
    uses = [_values(scope, scope.variables), *_templates(chains, jobs)] if included else []
    for target, entry in included:
        inputs = dict(_inputs(entry, scope))
        for variables in uses:
            yield Binding(target, "gitlab_ci", {**variables, **inputs, INCLUDER: Text.of(path)})


def children(path: str, chains: Chains) -> Iterator[Binding]:
    """Yield what jobs give to the pipelines that they start from files of the repository; nothing comes back.

    https://docs.gitlab.com/ci/pipelines/downstream_pipelines/
    """
    for chain, scope in chains:
        trigger = next((each for section in reversed(chain) if (each := section.get("trigger"))), None)
        for entry in items(trigger.get("include")) if type(trigger) is YamlMapping else ():
            if target := _target(path, entry):
                rows = scope.jobs(" ".join(name for job in scope.matrix for name in job))
                for row in islice(rows, _MOST_USES):
                    known = {**_values(row, row.variables), **dict(_inputs(entry, row))}
                    yield Binding(target, "gitlab_ci", {**known, PARENT: Text.of(path)})


def _known(scope: Scope, section: Node | None) -> dict[str, Text]:
    return _values(scope, [name for name, _ in entries(section)])


def _values(scope: Scope, names: Iterable[str]) -> dict[str, Text]:
    """Return the variables that have one value, which no prefix of GitLab's is a part of."""
    found = {}
    for name in names:
        values = scope.values(name, Text())
        if len(values) == 1 and not values[0].problem and PROXY not in "".join(values[0].trail):
            found[name] = values[0].text
    return found


def _templates(chains: Chains, jobs: Mapping[str, YamlMapping]) -> Iterator[dict[str, Text]]:
    """Yield the variables of every job that extends what another file holds."""
    count = 0
    for chain, scope in chains:
        parents = (scalar.value for section in chain for scalar in scalars(section.get("extends")))
        if all(parent in jobs for parent in parents):
            continue
        for row in scope.jobs(" ".join(name for job in scope.matrix for name in job)):
            if count < _MOST_USES:
                count += 1
                yield _values(row, row.variables)


def _inputs(entry: Node, scope: Scope) -> Iterator[tuple[str, Text]]:
    section = entry.get("inputs") if type(entry) is YamlMapping else None
    for name, node in entries(section):
        if type(node) is Scalar:
            choice = next(scope.word(node.text).choices(), None)
            if choice is not None and not choice.problem:
                yield f"inputs.{name}", choice.text


def _target(path: str, entry: Node) -> str:
    """Return the file of this repository that is included, or the folder of all that `*` means."""
    node = entry.get("local") if type(entry) is YamlMapping else entry
    if type(node) is not Scalar or "://" in node.value or "$" in node.value:
        return ""
    folder = posixpath.dirname(path).partition(".gitlab")[0]
    target = posixpath.normpath(posixpath.join(folder, node.value.lstrip("/")))
    before, star, _ = target.partition("*")
    if not star:
        return target
    return before.rpartition("/")[0] + ("/**" if "**" in target else "/")
