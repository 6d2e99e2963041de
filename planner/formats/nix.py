"""Nix: images that are pulled for builds, and those that the containers of a machine run.

An image that comes from a file of the store (`imageFile`) is not pulled. What is built is an output.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._code import (
    NIX,
    Argument,
    Group,
    Kind,
    Token,
    constants,
    groups,
    is_literal,
    tokens,
    word,
)
from planner.formats._command_fields import shell_lines
from planner.formats._distinct import distinct
from planner.formats._docker_commands import image, outputs
from planner.formats._image_fields import is_image_key, plausible, versioned
from planner.formats._shell_words import Word
from planner.formats._workflow_code import Statement, statements
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_PULLS = frozenset({"pullImage", "pullImageFromManifest"})
_BUILDS = frozenset(
    {"buildImage", "buildLayeredImage", "streamLayeredImage", "buildNixShellImage", "streamNixShellImage"}
)
_CONTAINERS = re.compile(r"containers?\Z|containerConfig\Z|oci-containers\Z|pods?\Z")
_PRIORITIES = frozenset({"mkDefault", "mkForce"})
_MOST_SCRIPTS = 500  # more stand in no file that people write
_SERVICE = "service"  # of Arion: services.web.service.image
_LOCAL = frozenset({"imageFile", "imageStream"})
_COMMAND = re.compile(r"(?:docker|podman|nerdctl)[\"']?\s+(?:\S+\s+){0,6}?(?:run|pull|create|build)\b")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield what is pulled and what is built."""
    read = _plain(tokens(source.text, NIX))
    found = groups(read)
    listed = list(statements(read))
    known = {**_options(listed), **constants(read, found)}
    for group in found:
        if group.bracket == "{" and (group.method in _PULLS or group.keyword("imageDigest") is not None):
            yield from _pulled(group, known)
        elif group.bracket == "{" and group.method in _BUILDS:
            yield from outputs([_named(group, known, "name", ("tag",))])
    local = {each.scope for each in listed if each.name in _LOCAL}
    for each in listed:
        if each.sign and (is_image_key(each.name) or each.name == "default"):
            yield from _field(each, known, local=each.scope in local)
    yield from distinct(_scripts(read, known, source))


def _options(listed: Sequence[Statement]) -> dict[str, Text]:
    """Return the defaults that a module declares for its options, as it asks for them: `cfg.tag`."""
    found: dict[str, list[Text]] = {}
    for each in listed:
        if each.name == "default" and each.sign and len(each.path) > 1:
            given = each.tokens
            if len(given) == 1 and given[0].kind is Kind.STRING and not given[0].holes:
                found.setdefault(f"cfg.{each.path[-2]}", []).append(given[0].value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _plain(read: Sequence[Token]) -> list[Token]:
    """Return the tokens without what changes no value: `rec`, and functions that set a priority."""
    gone: set[int] = set()
    for index, token in enumerate(read):
        if token.kind is Kind.NAME and token.text in _PRIORITIES:
            owned = index > 1 and (read[index - 2].text, read[index - 1].text) == ("lib", ".")
            gone.update((index - 2, index - 1, index) if owned else (index,))
        elif token.kind is Kind.NAME and token.text == "rec":
            gone.add(index)
    return [token for index, token in enumerate(read) if index not in gone]


def _pulled(group: Group, known: Mapping[str, Text]) -> Iterator[Candidate]:
    name = _named(group, known, "imageName", ("finalImageTag", "imageTag"))
    digest = _said(group.keyword("imageDigest"), known)
    if digest.pieces:
        name = Word((*name.pieces, *Word.literal(Text.of("@")).pieces, *digest.pieces), quoted=True)
    if group.keyword("imageName") is not None:
        yield from image(name, Role.BASE)


def _named(group: Group, known: Mapping[str, Text], key: str, tags: Sequence[str]) -> Word:
    """Return a name with the tag that stands beside it."""
    name, tag = _said(group.keyword(key), known), _said(group.keyword(*tags), known)
    if not tag.pieces or not tag.known:
        return name
    return Word((*name.pieces, *Word.literal(Text.of(":")).pieces, *tag.pieces), quoted=True)


def _said(argument: Argument | None, known: Mapping[str, Text]) -> Word:
    return Word() if argument is None else word(argument.tokens, known)


def _field(statement: Statement, known: Mapping[str, Text], *, local: bool) -> Iterator[Candidate]:
    """Read `image = "…";`, sure where containers are set up, else where it looks like an image."""
    path, given = statement.path, statement.tokens
    if not is_literal(given) or given[0].text in ("{", "["):
        return
    certain = path[-1] == "image" and any(
        _CONTAINERS.search(part) or part == _SERVICE for part in path[-3:-1]
    )
    if path[-1] == "default" and not (len(path) > 1 and is_image_key(path[-2])):
        return
    role = Role.OUTPUT if local else Role.WORKLOAD
    for candidate in image(word(given, known), role, Confidence.CERTAIN if certain else Confidence.HEURISTIC):
        value = str(candidate.value)
        likely = not candidate.problem and versioned(value) and plausible(value, bare=False)
        if certain or likely:
            yield candidate


def _scripts(read: Sequence[Token], known: Mapping[str, Text], source: SourceFile) -> Iterator[Item]:
    """Yield what commands in strings name."""
    scripts = (token for token in read if token.kind is Kind.STRING and _COMMAND.search(token.text))
    for token in islice(scripts, _MOST_SCRIPTS):
        yield from shell_lines((word([token], known),), source.path, "")


FORMAT = Format(
    name="nix",
    patterns=("*.nix",),
    words=((b"mage", b"docker", b"podman"),),
    extract=extract,
    specification="https://nixos.org/manual/nixpkgs/stable/#sec-pkgs-dockerTools",
)
