"""Commands that build images: `docker build`, `docker buildx`, `buildah bud`.

Names that are built are outputs; a Dockerfile is told with what it is given.
"""

from collections.abc import Iterable, Iterator, Sequence

from planner.formats import _docker_options as docker
from planner.formats._base import Candidate
from planner.formats._command_line import Options, arguments, program
from planner.formats._docker_commands import (
    Build,
    Found,
    attribute,
    build_context,
    cache,
    image,
    images,
    implicit,
    outputs,
)
from planner.formats._implicit import BUILDKIT, SYFT_SCANNER, Pull
from planner.formats._shell_words import Word
from planner.model.inventory import Role

_BUILDKIT = Pull(BUILDKIT, "set --driver-opt image=IMAGE to move it")
_SYFT_SCANNER = Pull(SYFT_SCANNER, "set --attest type=sbom,generator=IMAGE to move it")


def build(words: Sequence[Word]) -> Iterator[Found]:
    """Read what follows `docker build`."""
    options = arguments(words, docker.BUILD)
    yield from outputs(options.all("tag", "t", "manifest"))
    for word in options.all("build-context"):
        yield from build_context(word)
    for word in options.all("cache-from"):
        yield from cache(word)
    for word in options.all("cache-to"):
        yield from cache(word, Role.OUTPUT)
    for word in options.all("output", "o"):
        yield from outputs(attribute(word, "name"))
    for word in options.all("from"):
        yield from image(word, Role.BASE)
    for word in (*options.all("attest"), *options.all("sbom")):
        yield from _attestation(word)
    yield Build(
        _pairs(options.all("build-arg")),
        next(options.all("file", "f"), None),
        next(options.operand(0), None),
        contexts=_pairs(options.all("build-context")),
        partial=any(True for _ in options.all("target")),
    )


def _pairs(words: Iterable[Word]) -> tuple[tuple[str, Word], ...]:
    pairs = (word.partition("=") for word in words)
    return tuple((str(name), value) for name, value in pairs if value is not None)


def _attestation(word: Word) -> Iterator[Candidate]:
    """Yield the generator of an SBOM, that of BuildKit where none is named."""
    generators = list(attribute(word, "generator"))
    yield from images(generators)
    parts = str(word).split(",")
    if (
        not generators
        and (parts[0] in ("true", "1") or "type=sbom" in parts)
        and "disabled=true" not in parts
    ):
        yield implicit(_SYFT_SCANNER, word)


def _bake(words: Sequence[Word]) -> Iterator[Found]:
    """Read what `--set TARGET.KEY=VALUE` puts in place of the file's own."""
    given: list[tuple[str, Word]] = []
    contexts: list[tuple[str, Word]] = []
    for word in arguments(words, docker.BAKE).all("set"):
        path, value = word.partition("=")
        if value is None:
            continue
        match str(path).split(".", 2)[1:]:
            case ["args", name]:
                given.append((name, value))
            case ["tags" | "tags+"]:
                yield from outputs((value,))
            case ["output" | "output+"]:
                yield from outputs(attribute(value, "name"))
            case ["cache-from" | "cache-from+" | "cache-to" | "cache-to+" as key]:
                yield from cache(value, Role.CACHE if "from" in key else Role.OUTPUT)
            case ["contexts", name]:
                contexts.append((name, value))
                yield from build_context(word)
    if given or contexts:
        yield Build(tuple(given), None, None, contexts=tuple(contexts), partial=True)


def buildx(words: Sequence[Word]) -> Iterator[Found]:
    """Read what follows `docker buildx`."""
    options = arguments(words, Options.of("builder"), mixed=False)
    verb, rest = program(options.operands), options.operands[1:]
    if verb in ("build", "b"):
        yield from build(rest)
    elif verb == "bake":
        yield from _bake(rest)
    elif verb == "create":
        yield from _builder(rest, options.operands[0])
    elif verb == "imagetools" and program(rest) in ("create", "inspect"):
        tools = arguments(rest[1:], docker.IMAGETOOLS)
        yield from outputs(tools.all("tag", "t") if program(rest) == "create" else ())
        yield from (item for word in tools.operands for item in image(word))


def _builder(words: Sequence[Word], verb: Word) -> Iterator[Found]:
    """Read `buildx create`: BuildKit itself runs as a container, unless the driver is another."""
    options = arguments(words, docker.BUILDX_CREATE)
    own = [value for word in options.all("driver-opt") for value in attribute(word, "image")]
    yield from images(own)
    driver = next((str(word) for word in options.all("driver")), "docker-container")
    remote = any("://" in str(word) for word in options.operands)
    if (
        not own
        and driver in ("docker-container", "kubernetes")
        and not remote
        and "leave" not in options.switches
    ):
        yield implicit(_BUILDKIT, verb)
