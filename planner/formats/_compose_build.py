"""The `build` section of a Compose service: what it tags, caches, passes to its Dockerfile, or holds inline.

https://docs.docker.com/reference/compose-file/build/
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Extract, Given, Item
from planner.formats._compose_inline import dockerfile_inline
from planner.formats._compose_values import (
    Use,
    assigned,
    cached_image,
    docker_image,
    is_set,
    scalars,
    text_of,
    whole,
)
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Role
from planner.model.source import SourceFile

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|github\.com/|~|/", re.IGNORECASE)


def uses(build: Node | None) -> Iterator[Use]:
    """Yield the scalars of a build section that name images."""
    if type(build) is not Mapping:
        return
    yield from _named(
        build, tags="tags", cache_from="cache_from", cache_to="cache_to", contexts="additional_contexts"
    )
    bake = build.get("x-bake")  # https://docs.docker.com/build/bake/compose-file/#extension-field-with-x-bake
    if type(bake) is Mapping:
        yield from _named(
            bake, tags="tags", cache_from="cache-from", cache_to="cache-to", contexts="contexts"
        )


def _named(section: Mapping, *, tags: str, cache_from: str, cache_to: str, contexts: str) -> Iterator[Use]:
    yield from (Use(item, Role.OUTPUT, whole) for item in scalars(section.get(tags)))
    yield from (Use(item, Role.CACHE, cached_image) for item in scalars(section.get(cache_from)))
    yield from (Use(item, Role.OUTPUT, cached_image) for item in scalars(section.get(cache_to)))
    yield from (Use(item, Role.BASE, docker_image) for item in scalars(section.get(contexts)))


def dockerfiles(
    source: SourceFile, build: Node | None, given: Given, read: Extract
) -> Iterator[Item]:
    """Yield the arguments for the Dockerfile that is named, or what `read` finds in the one held inline."""
    if type(build) is not Mapping:
        return
    variables = dict(assigned(build.get("args"), given))
    inline = build.get("dockerfile_inline")
    if type(inline) is Scalar and is_set(inline):
        yield from dockerfile_inline(source, inline, variables, given, read)
    elif variables and (path := _path(source.path, build, given)):
        yield Binding(path, "dockerfile", variables)


def _path(path: str, build: Mapping, given: Given) -> str:
    """Return the path of the Dockerfile, empty where it is not in the tree or not known."""
    context = text_of(build.get("context"), given)
    name = text_of(build.get("dockerfile"), given)
    if (context and context.problem) or (name and name.problem):
        return ""
    folder, file = str(context.value) if context else ".", str(name.value) if name else "Dockerfile"
    if _REMOTE.match(folder) or file.startswith("/"):
        return ""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), folder, file))
    return "" if found == ".." or found.startswith("../") else found
