"""docker, podman, nerdctl and buildah: what their command lines pull, build and push.

Operands of `docker exec`, `logs`, `rm`, `cp` and `inspect` are containers; names that are built, tagged or
pushed are outputs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from planner.formats import _docker_options as docker
from planner.formats._build_arguments import given_to_builds
from planner.formats._command_line import Options, arguments, program
from planner.formats._docker_builds import build, buildx
from planner.formats._docker_commands import Command, Composition, Found, attribute, image, images, outputs
from planner.formats._image_fields import plausible, versioned
from planner.formats._shell_words import Word
from planner.model.inventory import Role

_IMAGE = re.compile(r"(?i)im(?:g|age)")
_MOST_PULLED = 200  # images of one command


def _run(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, docker.RUN, mixed=False)
    for mount in options.all("mount"):
        if "type=image" in str(mount).split(","):
            for source in attribute(mount, "source", "src"):
                yield from image(source, Role.MOUNT)
    if "rootfs" not in options.switches:
        yield from images(_image_to_run(options.operands))


def _image_to_run(operands: Sequence[Word]) -> Sequence[Word]:
    """Return the image of `run` as a list; `$ANY alpine:3` begins with options that are not known here."""
    first, second = operands[:1], operands[1:2]
    options = any(word.variable and not word.known and not _IMAGE.search(word.variable) for word in first)
    named = any(word.known and versioned(str(word)) and plausible(str(word), bare=False) for word in second)
    return second if options and named else first


def _pull(words: Sequence[Word]) -> Iterator[Found]:
    yield from images(arguments(words, docker.PULL).operands[:_MOST_PULLED])


def compose(words: Sequence[Word]) -> Iterator[Found]:
    """Read what follows `docker compose`."""
    yield from given_to_builds(words)
    options = arguments(words, docker.COMPOSE, mixed=False)
    yield Composition(tuple(options.all("file", "f")), tuple(options.all("env-file")))


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
    "run": _run, "create": _run, "pull": _pull, "build": build, "buildx": buildx, "tag": _tag,
    "push": _push, "commit": _commit, "service": _service, "manifest": _manifest, "import": _commit,
    "plugin": _plugin, "compose": compose, "model": _model, "scout": _scout, "pod": _pod,
}  # fmt: skip
_BUILDAH_COMMANDS: Mapping[str, Command] = {
    "from": _from, "pull": _pull, "bud": build, "build": build, "build-using-dockerfile": build,
    "tag": _tag, "push": _push, "commit": _commit, "manifest": _manifest,
}  # fmt: skip


SUBCOMMANDS: Mapping[str, frozenset[str]] = {  # that may name an image, by program
    **dict.fromkeys(
        ("docker", "podman", "nerdctl"), frozenset({*_CONTAINER_COMMANDS, "container", "image", "builder"})
    ),
    "buildah": frozenset(_BUILDAH_COMMANDS),
}


def buildah(words: Sequence[Word]) -> Iterator[Found]:
    operands = arguments(words, docker.DOCKER, mixed=False).operands
    if command := _BUILDAH_COMMANDS.get(program(operands)):
        yield from command(operands[1:])
