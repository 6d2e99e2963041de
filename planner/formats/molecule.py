"""Molecule: the image of every platform that a role is tested on.

Without `pre_build_image` an image is built on it. Drivers of virtual machines mean disks by `image`. The
platforms are handed to the playbooks beside, which may start them.
"""

from collections.abc import Iterator

from planner.formats._ansible_variables import handed_on, layer
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._docker_commands import image
from planner.formats._image_fields import filled
from planner.formats._scopes import DOLLAR, Scope, texts
from planner.formats._select import select
from planner.formats._shell_words import Piece, Word
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_DRIVERS = frozenset(
    {"", "docker", "podman", "containers", "default", "delegated", "molecule-docker", "molecule-podman"}
)
_MISSING = "{name} is taken from the environment of molecule: give it a default, ${{{name}:-…}}"


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of platforms."""
    text = parse(source)
    scope = Scope(DOLLAR, texts(given), _MISSING)
    for document in text.documents:
        if type(document) is not Mapping or value(document, "driver", "name") not in _DRIVERS:
            continue
        for platform in select(document, "platforms[]"):
            if type(platform) is Mapping:
                yield from _platform(platform, scope)
        if platforms := layer(document.get("platforms"), "molecule_yml.platforms"):
            folder, slash, _ = source.path.rpartition("/")
            yield handed_on(f"{folder}{slash}**", "play", platforms, always=True)
    yield from problems(source, text, Role.TEST)


def _platform(platform: Mapping, scope: Scope) -> Iterator[Candidate]:
    name = filled(platform.get("image"))
    if name is None:
        return
    word = scope.word(name.text.strip())
    registry = filled(platform.get("registry", "url"))
    ready = value(platform, "pre_build_image").lower() in ("true", "yes", "on")
    if registry and not ready:  # the Dockerfile that molecule makes puts it before the name
        word = Word((*scope.word(registry.text).pieces, Piece.literal(Text.of("/")), *word.pieces))
    yield from image(word, Role.TEST)


FORMAT = Format(
    name="molecule",
    patterns=("molecule.y{a,}ml", "molecule/config.y{a,}ml"),
    words=((b"platforms",), (b"image",)),
    extract=extract,
    specification="https://ansible.readthedocs.io/projects/molecule/configuration/",
)
