"""Tilt: what a Tiltfile deploys, builds on and runs; the names that it builds are outputs.

Manifests, Compose files and Dockerfiles that stand in it as strings are read as what they are.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from planner.formats import _code as code
from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._command_fields import known_text
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._scripts import Finding, findings
from planner.formats._shell_words import Piece, Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_BUILDS = frozenset({"docker_build", "docker_build_with_restart", "docker_build_sub"})
_CUSTOM = frozenset({"custom_build", "custom_build_with_restart"})
_COMMANDS: Mapping[str, tuple[tuple[str, int], ...]] = {  # keywords and places of arguments that are run
    "local": (("command", 0),),
    "local_resource": (("cmd", 1), ("serve_cmd", -1)),
    "custom_build": (("command", 1),),
    "custom_build_with_restart": (("command", 1),),
    "k8s_custom_deploy": (("apply_cmd", 1), ("delete_cmd", 2)),
    "test": (("cmd", 1),),
}
_CREATED = frozenset({"deployment_create", "job_create", "statefulset_create", "daemonset_create"})
_MANIFEST = re.compile(r"(?m)^[ \t]*+[\"']?kind[\"']?[ \t]*+:")
_PATH = re.compile(r"\.{0,2}/|\.\Z")
_MOST_ITEMS = 60  # of a list


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what a Tiltfile names."""
    yield from _Tiltfile(source).findings()


class _Tiltfile:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.folder = posixpath.dirname(source.path)
        self.tokens = code.tokens(source.text, code.STARLARK)
        self.groups = code.groups(self.tokens)
        self.constants = code.constants(self.tokens, self.groups)

    def findings(self) -> Iterator[Finding]:
        closed = {group.opened: group.closed for group in self.groups}
        for index, token in enumerate(self.tokens):
            if token.kind is code.Kind.STRING and "\n" in token.text and _MANIFEST.search(token.text):
                filled = self._word(self.tokens[index : _filled(self.tokens, index, closed)])
                yield Embedded(known_text(filled), formats=("kubernetes",))
        for call in self.groups:
            if call.bracket == "(" and call.name and not call.name.startswith("."):
                yield from self._call(call)

    def _call(self, call: code.Call) -> Iterator[Finding]:
        name = call.method
        if name in _BUILDS:
            yield from self._build(call)
        elif name in _CUSTOM:
            yield from self._images(_argument(call, "ref", 0), Role.OUTPUT)
        elif name in _CREATED:
            yield from self._images(_argument(call, "image", 1), Role.WORKLOAD)
        elif name == "blob":
            yield from self._compose(call)
        elif name in ("helm_resource", "helm_remote"):
            yield from self._chart(call)
        for keyword, place in _COMMANDS.get(name, ()):
            yield from self._command(_argument(call, keyword, place))

    def _build(self, call: code.Call) -> Iterator[Finding]:
        """Read `docker_build('ref', 'context', dockerfile=…, build_args={…}, cache_from=[…])`."""
        yield from self._images(_argument(call, "ref", 0), Role.OUTPUT)
        yield from self._images(_argument(call, "extra_tag", -1), Role.OUTPUT)
        yield from self._images(_argument(call, "cache_from", -1), Role.CACHE)
        contents = self._one(_argument(call, "dockerfile_contents", -1))
        if contents is not None:
            yield Embedded(known_text(contents), formats=("dockerfile",))
            return
        given = dict(self._entries(_argument(call, "build_args", 2)))
        context, file = self._one(_argument(call, "context", 1)), self._one(_argument(call, "dockerfile", 3))
        if given and context is not None and context.known and (file is None or file.known):
            yield from dockerfile_use(self.folder, str(context), str(file) if file else "", given)

    def _compose(self, call: code.Call) -> Iterator[Finding]:
        """Read `docker_compose(blob("…"))`."""
        place, text = call.parent, self._one(_argument(call, "input", 0))
        while place >= 0 and self.groups[place].bracket == "[":
            place = self.groups[place].parent
        if place >= 0 and text is not None and self.groups[place].name == "docker_compose":
            yield Embedded(known_text(text), formats=("compose",))

    def _chart(self, call: code.Call) -> Iterator[Finding]:
        """Read charts of registries: `helm_resource('x', 'oci://…')`, `helm_remote('x', repo_url='oci://…')`."""
        for place in (_argument(call, "chart", 1), _argument(call, "repo_url", -1)):
            word = self._one(place)
            if word is None or not str(word).startswith("oci://"):
                continue
            word = word.cut(len("oci://"))
            if call.method == "helm_remote" and (name := self._one(_argument(call, "chart", 0))) is not None:
                word = word.joined("/", name)
            if (version := self._one(_argument(call, "version", -1))) is not None:
                word = word.joined(":", version)
            yield from word.candidates(Role.CHART)

    def _command(self, given: Sequence[code.Token]) -> Iterator[Finding]:
        """Read a command line, or the list of its words."""
        if not given:
            return
        words = [self._word(each) for each in _items(given)]
        pieces: list[Piece] = []
        for word in words:
            pieces += (*word.pieces, Piece.literal(Text.of(" ")))
        yield from findings(Word(tuple(pieces), quoted=True), self.source.path, {}, (self.folder,))

    def _images(self, given: Sequence[code.Token], role: Role) -> Iterator[Candidate]:
        for each in _items(given):
            if code.is_literal(each) or self._word(each).known:
                yield from (c for c in self._word(each).candidates(role) if not _PATH.match(str(c.value)))

    def _entries(self, given: Sequence[code.Token]) -> Iterator[tuple[str, Word]]:
        """Yield the entries of a dict."""
        found = code.groups(given)[:1] if given and given[0].text == "{" else []
        for group in found:
            for each in group.arguments[:_MOST_ITEMS]:
                if each.name and each.tokens:
                    yield each.name, self._word(each.tokens)

    def _one(self, given: Sequence[code.Token]) -> Word | None:
        return self._word(given) if given and given[0].text not in ("None", "[", "{") else None

    def _word(self, given: Sequence[code.Token]) -> Word:
        return code.word(given, self.constants)


def _argument(call: code.Call, keyword: str, place: int) -> Sequence[code.Token]:
    """Return what an argument is given by its keyword or its place (-1 where it has none)."""
    found = call.keyword(keyword) or (call.positional(place) if place >= 0 else None)
    return found.tokens if found is not None else ()


def _filled(tokens: Sequence[code.Token], index: int, closed: Mapping[int, int]) -> int:
    """Return where a string ends with what is filled into it: `"…".format(x)`, `"…" % x`."""
    marks = [token.text for token in tokens[index + 1 : index + 3]]
    place = index + 3 if marks == [".", "format"] else index + 2
    if marks == [".", "format"] or marks[:1] == ["%"]:
        return closed.get(place, place) + 1
    return index + 1


def _items(given: Sequence[code.Token]) -> list[Sequence[code.Token]]:
    """Return the items of a list, or what is no list as the only one."""
    if given and given[0].text == "[" and given[0].kind is code.Kind.MARK:
        return [each.tokens for each in code.groups(given)[0].arguments[:_MOST_ITEMS]]
    return [given] if given else []


FORMAT = Format(
    name="tiltfile",
    patterns=("Tiltfile{,.*}", "*.{tiltfile,Tiltfile,tilt}"),
    words=((b"docker", b"mage", b"local", b"blob", b"custom_build", b"oci://", b"_create", b"kind"),),
    extract=extract,
    builds=True,
    specification="https://docs.tilt.dev/api.html",
)
