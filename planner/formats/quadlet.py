"""Podman Quadlet: the images of containers, image units and volumes, and what builds make.

An image without a registry is a short name of Podman: it is asked for at the registries of `registries.conf`,
where Docker Hub is the usual one.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.errors import InvalidReference
from planner.formats import _docker_options as docker
from planner.formats._base import Candidate, Format, Given
from planner.formats._command_line import Options, arguments
from planner.formats._docker_commands import Build, attribute, image, outputs
from planner.formats._scripts import Finding, settled
from planner.formats._shell_variables import words_of
from planner.formats._shell_words import Word
from planner.formats._unit_files import (
    Setting,
    Variables,
    environment,
    filled,
    in_commands,
    is_too_long,
    settings,
    told,
)
from planner.model.inventory import Confidence, Role
from planner.model.reference import Reference, spans
from planner.model.source import SourceFile

_IMAGES = {
    ("Container", "Image"): Role.WORKLOAD,
    ("Image", "Image"): Role.WORKLOAD,
    ("Volume", "Image"): Role.MOUNT,
}
_READ = _IMAGES.keys() | {
    ("Container", "Mount"), ("Pod", "PodmanArgs"), ("Build", "ImageTag"), ("Build", "BuildArg"),
    ("Build", "PodmanArgs"), ("Build", "File"),
}  # fmt: skip
_UNITS = (".image", ".build")
_POD = Options.of("infra-image") | docker.RUN
_SHORT = "a short name of Podman, taken as Docker Hub's: registries.conf may say otherwise"


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield the images of a unit, what its commands name, and what it builds."""
    found = list(settings(source.text))
    known = environment(found)
    for setting in found:
        if (setting.section, setting.key) in _READ:
            yield from told(setting, _IMAGES.get((setting.section, setting.key), Role.SCRIPT))
    readable = [setting for setting in found if not is_too_long(setting.value)]
    for setting in readable:
        yield from _named(setting, filled(setting.value, known, source.path))
    yield from _build(readable, known, source.path)
    yield from in_commands(found, source.path)


def _unquoted(word: Word) -> Word:
    text = str(word)
    return word.cut(1, len(text) - 1) if len(text) > 1 and text[0] in "\"'" and text[0] == text[-1] else word


def _named(setting: Setting, word: Word) -> Iterator[Candidate]:
    word = _unquoted(word)
    role = _IMAGES.get((setting.section, setting.key))
    if role is not None and not str(word).endswith(_UNITS):
        yield from _long_or_short(word, role)
    elif (setting.section, setting.key) == ("Container", "Mount") and "type=image" in str(word).split(","):
        for source in attribute(word, "source", "src"):
            if not str(source).endswith(_UNITS):
                yield from _long_or_short(source, Role.MOUNT)
    elif (setting.section, setting.key) == ("Build", "ImageTag"):
        yield from outputs([word])
    elif (setting.section, setting.key) == ("Pod", "PodmanArgs"):
        for infra in arguments(words_of(word), _POD).all("infra-image"):
            yield from _long_or_short(infra, Role.WORKLOAD)


def _is_short(value: str) -> bool:
    """Whether this is a reference that names no registry."""
    try:
        Reference.parse(value)
    except InvalidReference:
        return False
    return not spans(value)[0].stop


def _long_or_short(word: Word, role: Role) -> Iterator[Candidate]:
    for candidate in image(word, role):
        value = str(candidate.value)
        if candidate.problem or not _is_short(value):
            yield candidate
        else:
            yield replace(candidate, confidence=Confidence.HEURISTIC, trail=(*candidate.trail, _SHORT))


def _build(found: list[Setting], known: Variables, path: str) -> Iterator[Finding]:
    """Yield the values that a build gives to its Containerfile."""
    own = [setting for setting in found if setting.section == "Build"]
    pairs = [filled(each.value, known, path).partition("=") for each in own if each.key == "BuildArg"]
    for setting in own:
        if setting.key == "PodmanArgs":
            options = arguments(words_of(filled(setting.value, known, path)), docker.BUILD)
            pairs += [word.partition("=") for word in options.all("build-arg")]
    given = tuple((str(name), value) for name, value in pairs if value is not None)
    files = [filled(each.value, known, path) for each in own if each.key == "File"]
    if given:
        yield from settled((Build(given, files[-1] if files else None, None),), path)


FORMAT = Format(
    name="quadlet",
    patterns=(
        "*.{container,image,volume,build,pod,kube}",
        "*.{container,image,volume,build,pod,kube}.d/*.conf",
        "*.{container,image,volume,build,pod}.{in,j2,tmpl,tpl,template,example}",
    ),
    words=((b"[Container]", b"[Image]", b"[Volume]", b"[Build]", b"[Pod]", b"[Kube]", b"[Service]"),),
    extract=extract,
    specification="https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html",
)
