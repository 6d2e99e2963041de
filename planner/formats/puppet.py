"""Puppet: the images that manifests pull and run with the modules for Docker and Podman.

A resource's title is its image where no attribute says otherwise; parameters of classes have their defaults.
"""

from collections.abc import Iterator, Mapping, Sequence

from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import entries
from planner.formats._code import Kind, Language, Token, groups, tokens
from planner.formats._code_strings import Form
from planner.formats._docker_commands import image
from planner.formats._image_fields import filled
from planner.formats._shell_words import Word
from planner.formats._workflow_code import said
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

PUPPET = Language(
    (
        Form('"', '"', lines=True, hole=r"\$\{", name=r"\$(?:::)?[a-z_]\w*+(?:::\w++)*+"),
        Form("'", "'", lines=True),
    ),
    (r"#[^\n]*+",),
    (("/*", "*/"),),
    names=r"\$?(?:::)?[^\W\d]\w*+(?:::\w++)*+",
)
_TITLED = frozenset({"docker::image", "podman::image"})
_RUN = frozenset({"docker::run", "podman::container", "docker::services", "podman::rootless"})
_DEFAULTS = "default"  # the title of what holds for the other resources of a block
_BUILD = frozenset({"docker_file", "docker_dir", "docker_tar"})
_OPENERS, _CLOSERS = frozenset("{[("), frozenset("}])")
_LONGEST = 1000  # tokens of a resource
_TIMES = 2  # that any part of a file is read: a resource holds no other, unless it is not closed
_NESTED = "more resources in resources than anyone writes: not read from here on"
_ROUNDS = 2  # variables of variables, whichever comes first


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of resources, or of the data that modules look up."""
    if not source.path.endswith(".pp"):
        yield from _data(source)
        return
    read = tokens(source.text, PUPPET)
    known = _assigned(read)
    room = _LONGEST + _TIMES * len(read)
    for group in groups(read):
        kind = group.name.removeprefix("::")
        if group.bracket == "{" and (kind in _TITLED or kind in _RUN):
            given = read[group.opened + 1 : min(group.closed, group.opened + _LONGEST)]
            room -= len(given)
            if room < 0:
                start = read[group.opened].start
                yield Candidate(Text(), Role.SCRIPT, start, "", problem=_NESTED)
                return
            for body in _bodies(given):
                yield from _resource(kind, body, known)


def _assigned(read: Sequence[Token]) -> dict[str, Text]:
    """Return the variables that are set to one text: `$tag = '1'`, also as defaults of parameters."""
    found: dict[str, list[Token]] = {}
    for index in range(len(read) - 2):
        name, sign, value = read[index : index + 3]
        if name.text.startswith("$") and sign.text == "=" and value.kind is Kind.STRING:
            found.setdefault(name.text[1:], []).append(value)
    known: dict[str, Text] = {}
    for _ in range(_ROUNDS):
        for name_, values in found.items():
            choices = list(said(values, PUPPET, known).choices()) if len(values) == 1 else []
            if len(choices) == 1 and not choices[0].problem:
                known |= {name_: choices[0].text, f"${name_}": choices[0].text}
    return known


def _bodies(given: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the parts between semicolons: each is a resource."""
    depth = start = 0
    for index, token in enumerate(given):
        if token.kind is Kind.MARK:
            depth += (token.text in _OPENERS) - (token.text in _CLOSERS)
            if token.text == ";" and not depth:
                yield given[start:index]
                start = index + 1
    yield given[start:]


def _resource(kind: str, body: Sequence[Token], known: Mapping[str, Text]) -> Iterator[Candidate]:
    place = next((at for at, token in enumerate(body) if token.text == ":" and token.kind is Kind.MARK), 0)
    titles = [token for token in body[:place] if token.kind is not Kind.MARK]
    attributes = dict(_attributes(body[place + 1 :])) if place else {}
    if [token.text for token in attributes.get("ensure", ())] == ["absent"]:
        return
    named = attributes.get("image")
    if kind in _TITLED:
        role = Role.OUTPUT if _BUILD.intersection(attributes) else Role.SCRIPT
        for each in [named] if named else [[title] for title in titles if title.text != _DEFAULTS]:
            yield from image(_tagged(said(each, PUPPET, known), attributes, known), role)
    elif named:
        yield from image(said(named, PUPPET, known), Role.WORKLOAD)


def _attributes(given: Sequence[Token]) -> Iterator[tuple[str, Sequence[Token]]]:
    """Yield `name => value`."""
    depth = start = 0
    for index in range(len(given) + 1):
        mark = given[index].text if index < len(given) and given[index].kind is Kind.MARK else ""
        depth += (mark in _OPENERS) - (mark in _CLOSERS) if mark else 0
        if index == len(given) or (mark == "," and not depth):
            part = given[start:index]
            if len(part) > 3 and (part[1].text, part[2].text) == ("=", ">"):
                yield part[0].text, part[3:]
            start = index + 1


def _tagged(name: Word, attributes: Mapping[str, Sequence[Token]], known: Mapping[str, Text]) -> Word:
    for key, mark in (("image_digest", "@"), ("image_tag", ":")):
        if key in attributes:
            tag = said(attributes[key], PUPPET, known)
            return Word((*name.pieces, *Word.literal(Text.of(mark)).pieces, *tag.pieces), quoted=True)
    return name


def _data(source: SourceFile) -> Iterator[Candidate]:
    """Read what Hiera gives to the modules: `docker::run_instance::instance: {web: {image: x}}`."""
    for document in parse(source).documents:
        for key, section in entries(document):
            if not key.startswith(("docker::", "podman::")):
                continue
            for name, each in _listed(section):
                yield from _entry(key, name, each)


def _listed(section: Node) -> Iterator[tuple[Scalar, Node]]:
    if type(section) is YamlMapping:
        yield from section.entries()


def _entry(key: str, name: Scalar, each: Node) -> Iterator[Candidate]:
    if type(each) is not YamlMapping:
        return
    named, tag = filled(each.get("image")), filled(each.get("image_tag"))
    titled = key.endswith("::images")
    if named or titled:
        word = Word.literal((named or name).text)
        pieces = (*Word.literal(Text.of(":")).pieces, *Word.literal(tag.text).pieces) if tag else ()
        yield from image(Word((*word.pieces, *pieces), quoted=True), Role.SCRIPT if titled else Role.WORKLOAD)


FORMAT = Format(
    name="puppet",
    patterns=("*.pp", "{data,hieradata,hiera}/**/*.{yaml,yml}"),
    words=((b"docker::", b"podman::"),),
    extract=extract,
    specification="https://forge.puppet.com/modules/puppetlabs/docker/readme",
)
