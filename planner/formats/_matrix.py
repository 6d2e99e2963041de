"""Matrices of CI jobs: the variables of each job, lists to combine or jobs listed under `include`."""

import re
from itertools import islice

from planner.formats._gitlab_variables import combinations
from planner.formats._scopes import Scope
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.source import Text

MOST_JOBS = 50  # that are read


def jobs(matrix: Node | None, variables: re.Pattern[str], missing: str) -> list[Scope]:
    """Return the variables of each job; without a matrix there is one job without variables."""
    listed = matrix.get("include") if type(matrix) is Mapping else None
    picked = combinations(listed if listed is not None else matrix) or ({},)
    return [
        Scope(variables, {name: tuple(map(_value, nodes)) for name, nodes in job.items()}, missing)
        for job in islice(picked, MOST_JOBS)
    ]


def _value(node: Node | Text) -> Value:
    if isinstance(node, Text):
        return Value(node)
    return Value(node.text) if type(node) is Scalar else Value(Text(), (), "it is no single value")
