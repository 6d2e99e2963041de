"""helm, flux: charts in registries, and the images that settings of a chart name."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from planner.formats._base import Candidate
from planner.formats._command_line import Arguments, Options, arguments, program
from planner.formats._docker_commands import Command, Found, image
from planner.formats._shell_words import Piece, Word
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_HELM = Options.of(
    """set set-string set-json set-file set-literal values namespace version kube-context kubeconfig repo
    timeout username password ca-file cert-file key-file keyring description output post-renderer
    history-max name-template api-versions show-only output-dir kube-version labels post-renderer-args
    registry-config repository-cache repository-config kube-apiserver kube-token""",
    "fnosal",
)
_FLUX = Options.of(
    """url tag tag-semver digest interval output path provider creds namespace context kubeconfig image
    secret-ref service-account timeout cert-ref label verify-provider ignore-paths source revision""",
    "nofi",
)
_VERSION = re.compile(r"v?\d[\w.-]*\Z")
_OCI = "oci://"


def _helm(words: Sequence[Word]) -> Iterator[Found]:
    """Read a chart from a registry, and the `--set` of its images."""
    options = arguments(words, _HELM)
    if program(options.operands) not in ("push", "registry", "repo"):
        for word in options.operands[1:]:
            yield from _chart(word, options.all("version"))
    yield from _settings(options)


def _chart(word: Word, versions: Iterator[Word]) -> Iterator[Candidate]:
    """Yield `oci://…` with its version as the tag."""
    if str(word).startswith(_OCI):
        name, version = word.cut(len(_OCI)), next(versions, None)
        if version is not None and _VERSION.match(str(version)) and ":" not in str(name).rpartition("/")[2]:
            name = Word((*name.pieces, _sign(":"), *version.pieces))
        yield from name.candidates(Role.CHART)


def _settings(options: Arguments) -> Iterator[Candidate]:
    """Join `--set image.registry=`, `.repository=`, `.tag=` and `.digest=` of one map."""
    settings: dict[str, Word] = {}
    for option in options.all("set", "set-string", "set-literal"):
        for part in option.split(","):
            key, value = part.partition("=")
            if value is not None:
                settings[str(key)] = value
    for path, value in settings.items():
        parent, _, name = path.rpartition(".")
        if name == "repository" and re.search(r"(?i)image$", parent):
            tagged = any(f"{parent}.{version}" in settings for version in ("tag", "version", "digest"))
            confidence = Confidence.CERTAIN if tagged else Confidence.HEURISTIC
            for candidate in _chart_image(parent, settings).candidates(Role.SCRIPT, confidence):
                end = len(candidate.value) - (
                    str(candidate.value)[-1:] == ":"
                )  # the tag may be set to nothing
                yield replace(candidate, value=candidate.value.cut(0, end))
        elif re.search(r"(?i)image$", name) and value.known:
            yield from value.candidates(Role.SCRIPT, Confidence.HEURISTIC)


def _chart_image(parent: str, settings: Mapping[str, Word]) -> Word:
    pieces: tuple[Piece, ...] = settings[f"{parent}.repository"].pieces
    if registry := settings.get(f"{parent}.registry"):
        pieces = (*registry.pieces, _sign("/"), *pieces)
    if tag := settings.get(f"{parent}.tag") or settings.get(f"{parent}.version"):
        pieces = (*pieces, _sign(":"), *tag.pieces)
    if digest := settings.get(f"{parent}.digest"):
        pieces = (*pieces, _sign("@"), *digest.pieces)
    return Word(pieces)


def _sign(sign: str) -> Piece:
    return Piece.literal(Text.of(sign))


def _flux(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _FLUX)
    match [str(word) for word in options.operands[:3]]:
        case ["pull" | "diff" | "list", "artifact" | "artifacts", _]:
            yield from _chart(options.operands[2], iter(()))
        case ["push" | "tag", "artifact", name] if name.startswith(_OCI):
            yield from image(options.operands[2].cut(len(_OCI)), Role.OUTPUT)
        case ["create", "source", "oci"]:
            for word in options.all("url"):
                yield from _chart(word, options.all("tag"))
        case ["create", "image", "repository"]:
            for word in options.all("image"):
                yield from image(word, Role.WORKLOAD)


HELM_COMMANDS: Mapping[str, Command] = {"helm": _helm, "flux": _flux}
