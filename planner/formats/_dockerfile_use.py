"""The Dockerfile that a file says is built: where it lies."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from planner.formats import _env_files
from planner.formats._base import Binding
from planner.formats._build_arguments import DockerfileBuild, binding, bindings, dockerfile
from planner.formats._docker_commands import Build, Composition, Passed
from planner.formats._shell_words import Word

_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|/|~|\$", re.IGNORECASE)
_LOCAL = "dir://"
_INPUT = "-"  # the Dockerfile itself, or an archive


def dockerfile_use(
    root: str, context: str, dockerfile: str, arguments: Mapping[str, Word]
) -> Iterator[Binding]:
    """Yield the arguments for a Dockerfile. An empty `dockerfile` is the one of the context.

    Both are relative to `root`, a folder of the tree; what lies outside of the tree is skipped, and so is
    an argument whose value is not known.
    """
    yield from binding(_path(root, dockerfile or posixpath.join(context, "Dockerfile")), arguments.items())


def commanded(passed: Iterable[Passed], folders: Iterable[str]) -> Iterator[Binding]:
    """Yield what the commands of a script give to other files; any of `folders` may be where it runs."""
    found, places = tuple(passed), tuple(dict.fromkeys(folders))
    builds = tuple(each for each in found if isinstance(each, Build))
    yield from bindings(
        DockerfileBuild(target, build.arguments, build.contexts, build.partial)
        for folder in places
        for build in builds
        if (target := _built(build, folder))
    )
    for each in found:
        if isinstance(each, Composition):
            for folder in places:
                place = posixpath.join(folder, each.folder)
                yield from _env_files.named(each.files, each.variables, place)
                yield from _env_files.given(each.files, each.settings, place)


def _built(build: Build, folder: str) -> str:
    """Return the path of the Dockerfile that a command builds; empty if it cannot be known."""
    context, file = build.context, build.file
    if (file and not file.known) or (context and not context.known and not file):
        return ""
    place = str(context).removeprefix(_LOCAL) if context else "."
    name = str(file).removeprefix(_LOCAL) if file else posixpath.join(place, "Dockerfile")
    if "://" in place or (place == _INPUT and not file):
        return ""
    return "" if _ABSOLUTE.match(name) else _path(posixpath.join(folder, build.folder), name)


def _path(folder: str, name: str) -> str:
    return "" if "://" in folder or "://" in name else dockerfile(folder, name)
