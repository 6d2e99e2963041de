"""Rules of Bazel that pull and push images, as calls with their arguments.

A reference stands in one string (`image`), or in parts (`registry`, `repository`, `tag`, `digest`):
https://github.com/bazel-contrib/rules_oci/blob/main/docs/pull.md
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from planner.formats._base import Candidate
from planner.formats._code import Argument, Group, Kind, is_literal
from planner.formats._code_file import CodeFile
from planner.formats._shell_words import Piece, Word
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_PULLS = frozenset({"container_pull", "oci_pull", "docker_pull", "pull"})
_PUSHES = frozenset({"container_push", "oci_push", "docker_push", "image_push"})
_LISTED = {"repo_tags": ("oci_load", "oci_tarball"), "images": ("container_bundle", "docker_bundle")}
_EXTENSIONS = frozenset({"oci", "images"})  # of rules_oci, of rules_img
_SCHEMES = ("https://", "http://", "docker://")
_NOTHING = frozenset({"None", "[]"})
_PARTS = ("image", "registry", "registries", "repository", "tag", "digest")


class Rules:
    """The calls of a file, under the names that it gives to rules."""

    def __init__(self, file: CodeFile) -> None:
        self.file = file
        self.names = dict(_loaded(file))
        self.defaults_to_hub = any("@rules_img//" in each.text for each in file.tokens if _is_string(each))

    def read(self, group: Group) -> Iterator[Candidate]:
        """Yield the images that a call pulls or pushes, or that an entry of a table describes."""
        if group.bracket == "{" or group.name == "struct":
            yield from self._described(group)
        elif group.bracket == "(" and group.name:
            yield from self._called(group)

    def _called(self, call: Group) -> Iterator[Candidate]:
        rule = self._rule(call)
        if rule in _PULLS:
            yield from self._pulled(call, Confidence.CERTAIN, anywhere=rule == "pull")
        elif rule.endswith("pull"):
            yield from self._pulled(call, Confidence.HEURISTIC)
        elif rule in _PUSHES:
            yield from self._pushed(call)
        else:
            for keyword, rules in _LISTED.items():
                if rule in rules and (argument := call.keyword(keyword)) is not None:
                    yield from self._listed(argument)

    def _rule(self, call: Group) -> str:
        """Return which rule is called, by the name it was loaded from; `maybe(rule, …)` calls it as well."""
        owner, _, name = call.name.rpartition(".")
        if name == "maybe" and (first := call.positional(0)) is not None and len(first.tokens) == 1:
            owner, name = "", first.tokens[0].text
        if owner and owner != "native" and self.names.get(owner, owner) not in _EXTENSIONS:
            return f"{owner}_{name}"
        return self.names.get(name, name).lstrip("_")

    def _described(self, group: Group) -> Iterator[Candidate]:
        given = {each.name for each in group.arguments}
        if {"registry", "repository"} <= given and not given.isdisjoint(("tag", "digest")):
            yield from self._pulled(group, Confidence.HEURISTIC)

    def _pulled(self, group: Group, sure: Confidence, *, anywhere: bool = False) -> Iterator[Candidate]:
        parts = self._parts(group)
        if parts is None:
            return
        tag, digest = parts.get("tag"), parts.get("digest")
        if sure is Confidence.HEURISTIC and tag is None and digest is None:
            return
        for name in self._named(group, parts, anywhere=anywhere):
            inline = ":" in str(name).rpartition("/")[2]
            word = _versioned(name, None if inline else tag, digest)
            if sure is Confidence.CERTAIN or word.known:
                yield from word.candidates(Role.BASE, sure)

    def _named(self, group: Group, parts: Mapping[str, Word], *, anywhere: bool) -> Iterator[Word]:
        """Yield the name of an image without its version, once for each registry that is tried."""
        repository = parts.get("repository")
        if (image := parts.get("image")) is not None:
            yield _without_scheme(image)
        elif repository is not None:
            registries = [parts["registry"]] if "registry" in parts else []
            mirrors = group.keyword("registries")
            if mirrors is not None:
                registries += [self.file.word([each]) for each in mirrors.tokens if _is_string(each)]
            if anywhere and not registries and mirrors is None and self.defaults_to_hub:
                registries = [Word.literal(Text.of("index.docker.io"))]
            for registry in registries:
                yield _joined(_without_scheme(registry), "/", repository)

    def _parts(self, group: Group) -> Mapping[str, Word] | None:
        """Return the arguments that spell an image; None where those of a macro give one of them."""
        found = {}
        for name in _PARTS:
            argument = group.keyword(name)
            if argument is None or not argument.tokens:
                continue
            word = self.file.word(argument.tokens)
            if not word.known and self._is_given(argument):
                return None
            if str(word) and "".join(each.text for each in argument.tokens) not in _NOTHING:
                found[name] = word
        return found

    def _is_given(self, argument: Argument) -> bool:
        """Whether it is no more than what a function is given."""
        names = [each for each in argument.tokens if each.kind is Kind.NAME]
        return not is_literal(argument.tokens) and bool(names) and bool(self.file.parameters(names[0].text))

    def _pushed(self, call: Group) -> Iterator[Candidate]:
        parts = self._parts(call)
        if parts and (repository := parts.get("repository")) is not None:
            registry = parts.get("registry")
            name = _joined(registry, "/", repository) if registry is not None else repository
            yield from _versioned(name, parts.get("tag"), None).candidates(Role.OUTPUT)

    def _listed(self, argument: Argument) -> Iterator[Candidate]:
        """Yield the names in a list, or the keys of a table."""
        opening = argument.tokens[0].text if argument.tokens else ""
        keys = opening == "{"
        for index, token in enumerate(argument.tokens):
            before = argument.tokens[index - 1].text if index else ""
            if _is_string(token) and opening in "[{" and not (keys and before not in (",", "{")):
                for each in self.file.word([token]).candidates(Role.OUTPUT):
                    yield replace(each, confidence=Confidence.CERTAIN)


def _loaded(file: CodeFile) -> Iterator[tuple[str, str]]:
    """Yield the names that a file gives to rules and extensions, with the names they have elsewhere."""
    for call in file.calls():
        if call.name == "load":
            for each in call.arguments:
                if each.name and len(each.tokens) == 1 and _is_string(each.tokens[0]):
                    yield each.name, each.tokens[0].text
        elif call.name in ("use_extension", "use_repo_rule"):
            rule, name = call.positional(1), file.assigned(call)
            if name and rule is not None and _is_string(rule.tokens[0]):
                yield name, rule.tokens[0].text


def _is_string(token: object) -> bool:
    return getattr(token, "kind", None) is Kind.STRING


def _without_scheme(word: Word) -> Word:
    scheme = next((each for each in _SCHEMES if str(word).startswith(each)), "")
    return word.cut(len(scheme)) if scheme else word


def _versioned(name: Word, tag: Word | None, digest: Word | None) -> Word:
    if tag is not None:
        name = _joined(name, ":", tag)
    return name if digest is None or "@" in str(name) else _joined(name, "@", digest)


def _joined(first: Word, sign: str, second: Word) -> Word:
    pieces: Sequence[Piece] = (*first.pieces, Piece.literal(Text.of(sign)), *second.pieces)
    return Word(tuple(pieces), quoted=True)
