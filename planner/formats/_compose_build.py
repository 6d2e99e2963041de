"""The `build` section of a Compose service: what it tags, caches, passes to its Dockerfile, or holds inline.

https://docs.docker.com/reference/compose-file/build/
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from planner.formats import _context_places
from planner.formats._base import Given, Item
from planner.formats._build_arguments import DockerfileBuild, bindings
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
from planner.formats._dockerfile_contexts import variable
from planner.formats._shell_words import Word
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

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
    source: SourceFile, builds: Iterable[tuple[Node, Node | None]], given: Given
) -> Iterator[Item]:
    """Yield what builds give to the Dockerfiles they name, and what stands in those they hold inline.

    Beside each build stands what its service calls the image.
    """
    named: list[DockerfileBuild] = []
    for build, image in builds:
        inline = build.get("dockerfile_inline") if type(build) is Mapping else None
        if type(build) is Mapping and type(inline) is Scalar and is_set(inline):
            variables = dict(assigned(build.get("args"), given)) | {
                variable(name): text for name, text in _contexts(build, given)
            }
            yield from dockerfile_inline(source, inline, variables, given)
        else:
            named.append(replace(_named_build(source, build, given), makes=_known(image, given)))
    yield from bindings(named)


def _named_build(source: SourceFile, build: Node, given: Given) -> DockerfileBuild:
    """Return a build by what it says, or by the context alone."""
    path = source.path
    if type(build) is not Mapping:
        return DockerfileBuild(_path(path, build, None, given))
    contexts = tuple(_contexts(build, given))
    return DockerfileBuild(
        _path(path, build.get("context"), build.get("dockerfile"), given),
        _words(assigned(build.get("args"), given)),
        _words((*contexts, *_context_places.place(source.text, contexts))),
        partial=is_set(build.get("target")),
    )


def _known(image: Node | None, given: Given) -> str:
    found = text_of(image, given)
    return str(found.value) if found and not found.problem else ""


def _contexts(build: Mapping, given: Given) -> Iterator[tuple[str, Text]]:
    bake = build.get("x-bake")
    yield from assigned(build.get("additional_contexts"), given)
    yield from assigned(bake.get("contexts") if type(bake) is Mapping else None, given)


def _words(pairs: Iterable[tuple[str, Text]]) -> tuple[tuple[str, Word], ...]:
    return tuple((name, Word.literal(text)) for name, text in pairs)


def _path(path: str, place: Node | None, dockerfile: Node | None, given: Given) -> str:
    """Return the path of the Dockerfile, empty where it is not in the tree or not known."""
    context, name = text_of(place, given), text_of(dockerfile, given)
    if (context and context.problem) or (name and name.problem):
        return ""
    folder, file = str(context.value) if context else ".", str(name.value) if name else "Dockerfile"
    if _REMOTE.match(folder) or file.startswith("/"):
        return ""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), folder, file))
    return "" if found == ".." or found.startswith("../") else found
