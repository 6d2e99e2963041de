"""Testcontainers on the JVM: what `DockerImageName` is given.

A name may be set apart from its tag (`NAME = DockerImageName.parse("postgres")`, later `NAME.withTag("16")`),
and may stand there only to be compared with (`asCompatibleSubstituteFor("postgres")`): that is not pulled.
"""

from collections.abc import Container, Iterator, Mapping

from msgspec import Struct

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code_file import CodeFile
from planner.formats._code_names import tagged, untagged
from planner.formats._code_words import parts_of
from planner.formats._image_fields import versioned
from planner.formats._shell_words import Piece, Word, named
from planner.formats._testcontainers_substitutes import of_name
from planner.model.inventory import Role
from planner.model.source import Text

MAKERS = frozenset({"DockerImageName.parse", "DockerImageName", "RemoteDockerImage"})
_NAMES = frozenset(
    {"DockerImageName", "ImageFromDockerfile", "RemoteDockerImage", "DockerImage", "CompletableFuture"}
)
_CLASS = "Container"
_BUILDS = frozenset({"ImageFromDockerfile"})
_COMPARED = frozenset({"asCompatibleSubstituteFor", "isCompatibleWith", "assertCompatibleWith"})


class ImageNames(Struct, frozen=True):
    """The names of a file that stand for a `DockerImageName`, or for an image that is built."""

    values: Mapping[str, Word]  # what `parse` was given
    elsewhere: frozenset[str]  # all of them: what they name is reported where they are set
    unpulled: frozenset[str]  # those that get their tag where they are used, or are compared with

    @classmethod
    def of(cls, file: CodeFile) -> "ImageNames":
        """Return those that the file sets and uses."""
        values: dict[str, Word] = {}
        elsewhere: set[str] = {"parse"} if imports_parse(file) else set()
        for call in file.calls():
            first, owner, name = call.positional(0), _owner(call), file.assigned(call)
            varied = call.method == "withTag" and owner in values
            if not name or not (varied or _makes(call, elsewhere) or _last(call.name, _NAMES)):
                continue
            elsewhere.add(name)
            if varied and first is not None:
                values[name] = tagged(untagged(values[owner]), file.word(first.tokens))
            elif first is not None and _makes(call, elsewhere):
                values[name] = _with_chain(file, call, file.word(first.tokens))
        return cls(values, frozenset(elsewhere), frozenset(_unpulled(file, values)))

    def names(self, tokens: Iterator[str]) -> bool:
        """Whether an expression is reported elsewhere."""
        return any(text in _NAMES or text in self.elsewhere for text in tokens)


def _unpulled(file: CodeFile, values: Mapping[str, Word]) -> Iterator[str]:
    for call in file.calls():
        owner = _owner(call)
        if (
            call.method in ("withTag", "withRegistry")
            and owner in values
            and not versioned(str(values[owner]))
        ):
            yield owner
        elif call.method in _COMPARED:
            for argument in call.arguments:
                yield from (token.text for token in argument.tokens if token.text in values)


def images(file: CodeFile, names: ImageNames, *, choosy: bool) -> Iterator[Candidate]:
    """Yield what is parsed as an image name, with the tag and the registry it is given.

    `choosy` tells that the file makes containers that take only the image that they are made for; one that
    makes none keeps its names for others, which may.
    """
    kept = not any(each.text.endswith(_CLASS) for each in file.tokens)
    for call in file.calls():
        owner, first = _owner(call), call.positional(0)
        if (
            first is None
            or any(group.method in _COMPARED for group in file.above(call))
            or _asserted(file, call)
        ):
            continue
        if _makes(call, names.elsewhere):
            if file.assigned(call) not in names.unpulled and not names.names(t.text for t in first.tokens):
                word = file.word(first.tokens)
                second = call.positional(1)
                if second is not None:
                    word = tagged(word, file.word(second.tokens))
                found = file.named(_with_chain(file, call, word), first.tokens, Role.TEST)
                yield from of_name(file, call, found, choosy=choosy) if choosy or kept else found
        elif call.method == "withTag" and owner in names.values:
            word = tagged(_seen(untagged(names.values[owner]), call, owner), file.word(first.tokens))
            yield from file.named(word, first.tokens, Role.TEST)
        elif _last(call.name, _BUILDS) and code.is_literal(first.tokens):
            yield from file.images(first, Role.OUTPUT)
        elif (
            call.method == "from"
            and [token.text for token in first.tokens] != ["scratch"]
            and _builds(file, call)
        ):
            yield from file.images(first, Role.BASE)


def _asserted(file: CodeFile, call: code.Call) -> bool:
    """Whether a name is made only to ask something of it: in `assertThat(DockerImageName.parse("a").b())`."""
    around = next((group.method for group in file.above(call) if group.method), "")
    return around.startswith(("assert", "isEqual", "isNotEqual", "isSame", "shouldBe"))


def _seen(word: Word, call: code.Call, name: str) -> Word:
    """Return a word as it is seen through a name."""
    values = tuple(named(name, value) for value in word.choices())
    return Word((Piece(Text.at(call.start, call.name.rpartition(".")[0]), values, name),))


def _with_chain(file: CodeFile, call: code.Call, word: Word) -> Word:
    said = {following.method: following.positional(0) for following in file.chained(call)}
    tag, registry = said.get("withTag"), said.get("withRegistry")
    if tag is not None:
        word = tagged(untagged(word), file.word(tag.tokens))
    if registry is not None:
        slash = Piece.literal(Text.of("/"))
        word = Word((*parts_of(file.word(registry.tokens)), slash, *word.pieces), quoted=True)
    return word


def imports_parse(file: CodeFile) -> bool:
    """Whether `parse` is imported by itself: `import static ….DockerImageName.parse;`."""
    for index in file.names.get("parse", ()):
        before = [token.text for token in file.tokens[max(index - 2, 0) : index]]
        after = file.tokens[index + 1].text if index + 1 < len(file.tokens) else ""
        if before == ["DockerImageName", "."] and after != "(":
            return True
    return False


def _makes(call: code.Call, elsewhere: Container[str]) -> bool:
    """Whether a call makes a `DockerImageName`."""
    return _last(call.name, MAKERS) or (call.name == "parse" and "parse" in elsewhere)


def _last(name: str, wanted: frozenset[str]) -> bool:
    """Whether a name is one of some names, with or without its package."""
    return name in wanted or any(name.endswith(f".{each}") for each in wanted)


def _owner(call: code.Call) -> str:
    """Return what a method is called on, without `this` and its class."""
    return call.name.rpartition(".")[0].rpartition(".")[2]


def _builds(file: CodeFile, call: code.Call) -> bool:
    """Whether a call describes a Dockerfile: `withDockerfileFromBuilder(builder -> builder.from("x"))`."""
    return any(group.method == "withDockerfileFromBuilder" for group in file.above(call))
