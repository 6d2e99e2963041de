"""k3s and RKE2: what a cluster pulls that their installers set up, and the settings that move it.

The system's own images come from Docker Hub, unless `system-default-registry` or a mirror of docker.io in
`registries.yaml` says otherwise, or they were brought as an archive.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._implicit import K3S_SYSTEM, Pull
from planner.formats._moved import SCRIPTS, around, is_comment, is_moved, moved
from planner.model.source import SourceFile

_KNOB = "set system-default-registry, or a mirror of docker.io in registries.yaml, to move it"
_NAMES = {"k3s": "k3s", "k3sup": "k3s", "rke2": "RKE2"}
_INSTALLER = re.compile(
    r"https?://get\.(?P<name>k3s|rke2)\.io(?![\w.-])"
    r"|(?m:^[ \t@+-]*+|[;&|(][ \t]*+|\brun:[ \t]*+|\bsudo[ \t]++)(?P<tool>k3sup)[ \t]+(?:install|join)\b"
)
_SIGNS = ("get.k3s.io", "get.rke2.io", "k3sup")  # one of them is in every installer, and soon looked for
_SETTING = re.compile(
    r"(?i)system[-_]default[-_]registry[\"']?(?:[ \t]*+[:=][ \t]*+|[ \t]++)[\"']?(?:\w|\$\{?\w|\{\{)"
)
_MIRROR = re.compile(
    r"mirrors[\"']?\s{0,5}[:=](?:(?!\bconfigs\b)[\s\S]){0,2000}?[\"']?(?:docker\.io|\*)[\"']?\s{0,5}[:=]\s{0,20}"
    r"[{\"']{0,2}\s{0,20}endpoint"
)
_ARCHIVE = re.compile(r"agent/images\b|airgap-images|rke2-images")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield what an installer leads to, and that a setting moves it."""
    if _is_setting(source):
        yield moved(around(source.path), "k3s", "", source.path)
    elif not is_moved(source.path, given):
        for match in _installers(source.text):
            group = "name" if match["name"] else "tool"
            if not is_comment(source.text, match.start(group)):
                place = match.start() if group == "name" else match.start(group)
                spelled = source.text[place : match.end()]
                pull = Pull(K3S_SYSTEM, _KNOB, f"the installed {_NAMES[match[group]]}")
                yield pull.at(place, spelled)
                return


def _installers(text: str) -> Iterator[re.Match[str]]:
    if any(sign in text for sign in _SIGNS):
        yield from _INSTALLER.finditer(text)


def _is_setting(source: SourceFile) -> bool:
    """Whether a file has another registry for the images of the system, or does without any."""
    text = source.text
    if any(not is_comment(text, match.start()) for match in _SETTING.finditer(text)):
        return True
    named = "registries.y" in source.path.rpartition("/")[2] or "registries.yaml" in text
    return bool((named and _MIRROR.search(text)) or (_ARCHIVE.search(text) and any(_installers(text))))


FORMAT = Format(
    name="k3s",
    patterns=("registries.y{a,}ml{,.j2,.tpl,.tftpl,.tmpl,.erb}", *SCRIPTS),
    words=(
        (
            b"get.k3s.io", b"get.rke2.io", b"k3sup ", b"ystem-default-registry", b"ystem_default_registry",
            b"YSTEM_DEFAULT_REGISTRY", b"mirrors",
        ),
    ),
    extract=extract,
    builds=True,
    general=True,
    specification="https://docs.k3s.io/installation/private-registry",
)  # fmt: skip
