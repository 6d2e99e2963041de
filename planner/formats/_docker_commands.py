"""docker, podman, nerdctl and buildah: what their command lines pull, build and push.

Operands of `docker exec`, `logs`, `rm`, `cp` and `inspect` are containers; names that are built, tagged or
pushed are outputs.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from planner.formats import _docker_options as docker
from planner.formats._base import Candidate
from planner.formats._build_arguments import given_to_builds
from planner.formats._command_line import Options, arguments, program
from planner.formats._implicit import BUILDKIT, SYFT_SCANNER, Pull
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence, Role


class Build(Struct, frozen=True):
    """A Dockerfile that is built, with the values it is given for its ARGs and the contexts it is given."""

    arguments: tuple[tuple[str, Word], ...]
    file: Word | None  # relative to the working directory
    context: Word | None
    folder: str = ""  # the working directory, relative to where the script started
    contexts: tuple[tuple[str, Word], ...] = ()
    partial: bool = False  # only one stage is wanted


Found = Candidate | Build
Command = Callable[[Sequence[Word]], Iterator[Found]]

_CONTEXT_SCHEMES = ("docker-image://", "container-image://", "docker://")  # the last two are Buildah's
_TRANSPORT = re.compile(
    r"(?:docker-archive|docker-daemon|oci|oci-archive|dir|containers-storage|sif|tarball|ostree):"
)
_BUILDKIT = Pull(BUILDKIT, "set --driver-opt image=IMAGE to move it")
_SYFT_SCANNER = Pull(SYFT_SCANNER, "set --attest type=sbom,generator=IMAGE to move it")
_IMAGE_ID = re.compile(r"(?:sha256:)?(?:[0-9a-f]{64}|(?=[a-f]*[0-9])[0-9a-f]{12})\Z")


def image(
    word: Word, role: Role = Role.SCRIPT, confidence: Confidence = Confidence.CERTAIN
) -> Iterator[Candidate]:
    """Yield an operand without the scheme `docker://`; archives, standard input and IDs are no references."""
    text = str(word)
    if text.startswith("docker://"):
        yield from word.cut(len("docker://")).candidates(role, confidence)
    elif text != "-" and not _TRANSPORT.match(text) and not _IMAGE_ID.match(text):
        yield from word.candidates(role, confidence)


def images(words: Iterable[Word], role: Role = Role.SCRIPT) -> Iterator[Candidate]:
    """Yield what the operands name."""
    for word in words:
        yield from image(word, role)


def implicit(pull: Pull, trigger: Word) -> Candidate:
    """Return an image that a command pulls though nothing spells it."""
    written = trigger.written
    return pull.at(written.start, str(written))


def outputs(words: Iterable[Word]) -> Iterator[Candidate]:
    """Yield names that are built or pushed."""
    for word in words:
        yield from image(word, Role.OUTPUT)


def attribute(word: Word, *keys: str) -> Iterator[Word]:
    """Yield the values of some keys of `type=registry,ref=x`."""
    for part in word.split(","):
        key, value = part.partition("=")
        if value is not None and str(key).strip() in keys:
            yield value


def cache(word: Word, role: Role = Role.CACHE) -> Iterator[Candidate]:
    """Yield the image of `--cache-from`: a reference, or `type=registry,ref=`."""
    if "=" not in str(word):
        yield from image(word, role)
    elif re.search(r"(?:^|,)type=registry(?:,|$)", str(word)):
        for reference in attribute(word, "ref"):
            yield from image(reference, role)


def build_context(word: Word) -> Iterator[Candidate]:
    """Yield the image of `NAME=docker-image://REFERENCE`."""
    value = word.partition("=")[1]
    scheme = next((each for each in _CONTEXT_SCHEMES if str(value or "").startswith(each)), "")
    if value is not None and scheme:
        yield from image(value.cut(len(scheme)))


def _run(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, docker.RUN, mixed=False)
    for mount in options.all("mount"):
        if "type=image" in str(mount).split(","):
            for source in attribute(mount, "source", "src"):
                yield from image(source, Role.MOUNT)
    if "rootfs" not in options.switches:
        for word in options.operand(0):
            yield from image(word)


def _pull(words: Sequence[Word]) -> Iterator[Found]:
    for word in arguments(words, docker.PULL).operands:
        yield from image(word)


def _build(words: Sequence[Word]) -> Iterator[Found]:
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


def _plugin(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, Options.of("alias"))
    if program(options.operands) == "install":
        yield from images(options.operands[1:2])


def _model(words: Sequence[Word]) -> Iterator[Found]:
    if program(words) in ("pull", "run"):
        yield from images(arguments(words[1:], docker.PULL, mixed=False).operands[:1])


def _scout(words: Sequence[Word]) -> Iterator[Found]:
    operands = arguments(words, docker.SCOUT).operands
    if program(operands) in ("cves", "quickview", "qv", "recommendations", "sbom"):
        for word in operands[1:2]:
            text = str(word)
            if not text.startswith(("fs://", "local://", "archive://", "oci-dir://", "sbom://", ".")):
                yield from image(word.cut(len("registry://")) if text.startswith("registry://") else word)


def _pod(words: Sequence[Word]) -> Iterator[Found]:
    yield from images(arguments(words, docker.RUN | Options.of("infra-image")).all("infra-image"))


def _tag(words: Sequence[Word]) -> Iterator[Found]:
    yield from outputs(arguments(words, docker.TAG).operands[1:2])


def _push(words: Sequence[Word]) -> Iterator[Found]:
    yield from _pushed(arguments(words, docker.PULL).operands)


def _pushed(operands: Sequence[Word]) -> Iterator[Found]:
    """Yield where `push IMAGE DESTINATION` of Podman and Buildah goes; with Docker it is the name itself."""
    yield from outputs(operands[1:2] or operands[:1])


def _commit(words: Sequence[Word]) -> Iterator[Found]:
    """`docker commit CONTAINER IMAGE` and `docker import FILE IMAGE`."""
    yield from outputs(arguments(words, docker.COMMIT).operands[1:2])


def _service(words: Sequence[Word]) -> Iterator[Found]:
    """`docker service create IMAGE` and `update --image IMAGE SERVICE`."""
    options = arguments(words[1:], docker.SERVICE, mixed=False)
    verb = program(words)
    for word in (*options.all("image"), *(options.operand(0) if verb == "create" else ())):
        yield from image(word)


def _buildx(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, Options.of("builder"), mixed=False)
    verb, rest = program(options.operands), options.operands[1:]
    if verb in ("build", "b"):
        yield from _build(rest)
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


def _manifest(words: Sequence[Word]) -> Iterator[Found]:
    verb, operands = program(words), arguments(words[1:], docker.PULL).operands
    if verb in ("create", "push"):
        yield from outputs(operands[:1]) if verb == "create" else _pushed(operands)
    elif verb == "inspect":
        yield from (item for word in operands[-1:] for item in image(word))


def containers(words: Sequence[Word]) -> Iterator[Found]:
    """Read what follows `docker`."""
    operands = arguments(words, docker.DOCKER, mixed=False).operands
    if program(operands) in ("container", "image", "builder"):
        operands = operands[1:]
    if command := _CONTAINER_COMMANDS.get(program(operands)):
        yield from command(operands[1:])


def _from(words: Sequence[Word]) -> Iterator[Found]:
    for word in arguments(words, docker.BUILDAH_FROM).operands[:1]:
        yield from image(word)


_CONTAINER_COMMANDS: Mapping[str, Command] = {
    "run": _run, "create": _run, "pull": _pull, "build": _build, "buildx": _buildx, "tag": _tag,
    "push": _push, "commit": _commit, "service": _service, "manifest": _manifest, "import": _commit,
    "plugin": _plugin, "compose": given_to_builds, "model": _model, "scout": _scout, "pod": _pod,
}  # fmt: skip
_BUILDAH_COMMANDS: Mapping[str, Command] = {
    "from": _from, "pull": _pull, "bud": _build, "build": _build, "build-using-dockerfile": _build,
    "tag": _tag, "push": _push, "commit": _commit, "manifest": _manifest,
}  # fmt: skip


def buildah(words: Sequence[Word]) -> Iterator[Found]:
    operands = arguments(words, docker.DOCKER, mixed=False).operands
    if command := _BUILDAH_COMMANDS.get(program(operands)):
        yield from command(operands[1:])
