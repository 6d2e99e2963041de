"""Builds: a named context, `docker-image://…`, that is taken in the place of what Dockerfiles build on."""

from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part
from planner.rewriting.central._base import Central

_QUOTE = '"'
_QUOTED = '= "docker-image://'  # of Bake, whose strings are quoted


def _value(rewrite: Rewrite, fragment: Fragment) -> str:
    return f"{rewrite.destination}{_QUOTE if fragment.lead.endswith(_QUOTED) else ''}"


CENTRAL = Central(
    name="build_context",
    title="a context of a build",
    part=Part.CONTEXT,
    value=_value,
    unseen="Dockerfiles that are built by something else name what they did",
    specification="https://docs.docker.com/reference/cli/docker/buildx/build/#build-context",
)
