"""What a build gives to its Dockerfile: arguments, of which some name images, and named contexts.

An argument may hold anything. It is taken for an image where its name says so, or where it has the shape of a
reference with a tag or a digest and its name does not tell of something else.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from planner.formats._base import Binding, Candidate
from planner.formats._dockerfile_contexts import variable
from planner.formats._image_fields import plausible, versioned
from planner.formats._shell_words import Value, Word
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_IMAGE = re.compile(r"image\Z|\Aimage\Z|image_?(?:name|ref|reference|full)\Z", re.IGNORECASE)
_OTHER = re.compile(
    r"proxy|host|addr|port|server|endpoint|url|uri|registry|repo(?!sitory)|mirror|user|uid|gid|owner|group|chown"
    r"|tag|version|label|title|path|dir|file|platform|arch|date|time|revision|commit|sha\Z|ref\Z|module|package",
    re.IGNORECASE,
)
_FRONTEND = "BUILDKIT_SYNTAX"
_NUMBERS = re.compile(r"[\d.:]*\Z")
_OPTION = re.compile(r"--(?:[a-z]+-)?build-args?(=?)")  # `--podman-build-args` of podman-compose
_MOST_BINDINGS = 64  # of one build; more is a matrix that repeats itself

Words = Iterable[tuple[str, Word]]


class DockerfileBuild(Struct, frozen=True):
    """One build of a Dockerfile of the tree."""

    target: str  # the path of the Dockerfile; empty where it is not known
    arguments: tuple[tuple[str, Word], ...] = ()
    contexts: tuple[tuple[str, Word], ...] = ()
    partial: bool = False  # of one stage and what that needs
    makes: str = ""  # the name of what is built; empty where it is not known


def images(arguments: Words) -> Iterator[Candidate]:
    """Yield the arguments that name images; what is not known is reported where the Dockerfile uses it."""
    for name, word in arguments:
        role = Role.FRONTEND if name == _FRONTEND else Role.BASE
        for candidate in word.candidates(role, Confidence.HEURISTIC):
            if not candidate.problem and _holds_image(name, str(candidate.value)):
                yield candidate


def given_to_builds(words: Sequence[Word]) -> Iterator[Candidate]:
    """Yield what `--build-arg NAME=VALUE` names; of `compose build` and of any program that builds images."""
    for index, word in enumerate(words):
        option = _OPTION.match(str(word))
        given = word.cut(option.end()) if option and option[1] else None
        if option and option.end() == len(str(word)):
            given = next(iter(words[index + 1 : index + 2]), None)
        name, value = given.partition("=") if given else (word, None)
        if value is not None:
            yield from images([(str(name), value)])


def binding(target: str, arguments: Words, contexts: Words = ()) -> Iterator[Binding]:
    """Yield what a build gives to its Dockerfile."""
    return bindings([DockerfileBuild(target, tuple(arguments), tuple(contexts))])


def bindings(builds: Iterable[DockerfileBuild]) -> Iterator[Binding]:
    """Yield what the builds of a file give; as many as an argument has values, each a use of the Dockerfile.

    Where no build does without some context, the Dockerfile is not used as it stands; a build in another file
    that has none says so with a use without values.
    """
    by_target: dict[str, list[DockerfileBuild]] = {}
    for build in builds:
        if build.target:
            by_target.setdefault(build.target, []).append(build)
    for target, together in by_target.items():
        shared = _shared(together)
        makes = tuple({build.makes: None for build in together if build.makes})
        if shared:
            yield Binding(target, "dockerfile", {}, always=True)
        found = {tuple(uses.items()): uses for build in together for uses in _uses(build, shared)}
        yield from (Binding(target, "dockerfile", variables, makes=makes) for variables in found.values())


def dockerfile(*parts: str) -> str:
    """Return the path that the parts make, empty where it is not in the tree."""
    path = posixpath.normpath(posixpath.join(*parts))
    return "" if path == ".." or path.startswith(("../", "/")) or "\0" in path else path


def _shared(builds: Sequence[DockerfileBuild]) -> dict[str, Text]:
    """Return the contexts that all builds have; one of another stage may not need them."""
    named = [
        {variable(name): _first(word) for name, word in build.contexts}
        for build in builds
        if build.contexts or not build.partial
    ]
    first = named[0] if named else {}
    return {name: text for name, text in first.items() if all(name in each for each in named)}


def _uses(build: DockerfileBuild, shared: dict[str, Text]) -> Iterator[dict[str, Text]]:
    """Yield the values of each use; where the file as it stands does not count, also with its defaults."""
    known = {name: [each for each in word.choices() if not each.problem] for name, word in build.arguments}
    known = {name: values for name, values in known.items() if values}
    contexts = shared | {variable(name): _first(word) for name, word in build.contexts}
    if contexts or not (known or build.partial):
        yield contexts
    for index in range(min(max(map(len, known.values()), default=0), _MOST_BINDINGS)):
        yield contexts | {name: _chosen(values, index).text for name, values in known.items()}


def _first(word: Word) -> Text:
    return next((each.text for each in word.choices()), Text())


def _chosen(values: list[Value], index: int) -> Value:
    return values[min(index, len(values) - 1)]


def _holds_image(name: str, value: str) -> bool:
    if _NUMBERS.match(value):
        return False
    if _IMAGE.search(name) or name == _FRONTEND:
        return plausible(value, bare=True)
    return not _OTHER.search(name) and versioned(value) and plausible(value, bare=False)
