"""Dockerfiles: an `ARG` that is empty, with which bases of stages begin: `FROM ${REGISTRY}python:3`.

A prefix behind the variable would stand behind what a build argument says as well, and name nothing then.
"""

from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part
from planner.rewriting.central._base import Central, before, spelled


def _value(rewrite: Rewrite, _: Fragment) -> str:
    return before(rewrite, spelled(rewrite))


CENTRAL = Central(
    name="empty_variable",
    title="a variable that was empty",
    part=Part.VARIABLE,
    value=_value,
    unseen="a build argument that says something else, and what the variable is used for besides",
    always=True,
    specification="https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
)
