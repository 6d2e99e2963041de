"""A file of source code: its language, what stands in it, and the images that its arguments name."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code_attributes import with_attributes
from planner.formats._code_constants import Assigned, Changed, assigned, target
from planner.formats._code_parameters import closed_calls, declared
from planner.formats._code_tokens import places_of_names
from planner.formats._code_varied import Sites, varied
from planner.formats._image_fields import plausible, versioned
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_LANGUAGES: Mapping[str, code.Language] = {
    ".java": code.JAVA, ".kt": code.KOTLIN, ".kts": code.KOTLIN, ".groovy": code.GROOVY, ".scala": code.SCALA,
    ".sc": code.SCALA, ".go": code.GO, ".py": code.PYTHON, ".js": code.JAVASCRIPT, ".mjs": code.JAVASCRIPT,
    ".cjs": code.JAVASCRIPT, ".jsx": code.JAVASCRIPT, ".ts": code.JAVASCRIPT, ".tsx": code.JAVASCRIPT,
    ".mts": code.JAVASCRIPT, ".cts": code.JAVASCRIPT, ".cs": code.CSHARP, ".rs": code.RUST, ".rb": code.RUBY,
    ".php": code.PHP, ".ex": code.ELIXIR, ".exs": code.ELIXIR,
    ".jsonnet": code.JSONNET, ".libsonnet": code.JSONNET,
}  # fmt: skip
_MOST_ABOVE = 12
_MOST_INSIDE = 12
_LONGEST_CHAIN = 100  # calls on the results of calls
_LONGEST = 24  # tokens of an expression that says something of an image
_MOST_TOKENS = 80  # of an expression whose names are looked up; a longer one is longer than any image
_CONSTANT = re.compile(r"(?:.*\.)?[A-Z][A-Z0-9_]+\Z")
_NOTHING = frozenset({"None", "null", "nil", "undefined", "NULL", "true", "false", "True", "False"})


class CodeFile(Struct, frozen=True, dict=True):
    """What was read of a file; what its names stand for is found when an expression has one."""

    language: code.Language
    tokens: Sequence[code.Token]
    groups: Sequence[code.Group]
    told: Mapping[str, Text] | None = None  # takes the place of the constants, where others know more of them

    @classmethod
    @lru_cache(maxsize=1)  # several formats in turn read the same file
    def read(cls, source: SourceFile) -> "CodeFile":
        """Read a file in the language of its name, else as if it were Java."""
        language = language_of(source.path)
        tokens = code.tokens(source.text, language)
        return cls(language, tokens, code.groups(tokens))

    @cached_property
    def _assigned(self) -> Assigned:
        found = assigned(self.tokens, self.groups)
        return with_attributes(found) if self.language is code.ELIXIR else found

    @property
    def constants(self) -> Mapping[str, Text]:
        """The names that stand for one text."""
        return self._assigned.once if self.told is None else self.told

    def parameters(self, name: str) -> Sequence[tuple[int, Text]]:
        """Return where functions declare a parameter of a name, and with what default."""
        known = self._parameters.get(name)
        if known is None:
            known = self._parameters[name] = list(self._declared(name))
        return known

    @cached_property
    def _parameters(self) -> dict[str, Sequence[tuple[int, Text]]]:
        """Those that were asked for, by name: of most nobody asks."""
        return {}

    def _declared(self, name: str) -> Iterator[tuple[int, Text]]:
        above = (
            group
            for index in self.names.get(name, ())
            for group in islice(self.around(index), _MOST_ABOVE)
            if group.bracket == "("
        )
        for _, group in sorted({group.opened: group for group in above}.items()):
            for each, value in declared(self.tokens, group, self._closed_calls):
                if each == name:
                    yield group.start, value

    @cached_property
    def _closed_calls(self) -> Mapping[int, code.Group]:
        return closed_calls(self.groups)

    @property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Which tokens begin what names are set to."""
        return self._assigned.places

    @cached_property
    def names(self) -> Mapping[str, Sequence[int]]:
        """Which tokens are names, by the name."""
        return places_of_names(self.tokens)

    @cached_property
    def loops(self) -> Sequence[int]:
        """Which tokens begin a loop."""
        return [index for index, token in enumerate(self.tokens) if token.text in ("for", "foreach")]

    @cached_property
    def has_arrows(self) -> bool:
        """Whether there is a function written as `(x) => y`."""
        before = ""
        for token in self.tokens:
            if before == "=" and token.text == ">":
                return True
            before = token.text
        return False

    @cached_property
    def sites(self) -> dict[str, Sites]:
        """Where names are variables of loops, as far as that was asked for."""
        return {}

    @cached_property
    def closing(self) -> Mapping[int, code.Group]:
        """The groups by the token that closes them."""
        return {group.closed: group for group in self.groups}

    @cached_property
    def _methods(self) -> Mapping[str, Sequence[code.Group]]:
        found: dict[str, list[code.Group]] = {}
        for group in self.groups:
            if method := group.method:
                found.setdefault(method, []).append(group)
        return found

    def of_method(self, *methods: str) -> Sequence[code.Group]:
        """Return the groups with one of the names behind the last dot, in the order of the text."""
        found = [group for method in methods for group in self._methods.get(method, ())]
        return sorted(found, key=_opened) if len(methods) > 1 else found

    def named_calls(self, method: str, offset: int) -> Sequence[code.Call]:
        """Return the calls of a method before an offset."""
        found = [group for group in self.of_method(method) if group.bracket == "("]
        return found[: bisect_left(found, offset, key=_opening)]

    def around(self, index: int) -> Iterator[code.Group]:
        """Yield the groups that a token stands in, the nearest first."""
        place = bisect_left(self.groups, index, key=_opened) - 1
        while place >= 0 and self.groups[place].closed <= index:
            place = self.groups[place].parent
        while place >= 0:
            yield self.groups[place]
            place = self.groups[place].parent

    def calls(self) -> Iterator[code.Call]:
        """Yield the calls with a name, in the order of the text."""
        yield from (group for group in self.groups if group.bracket == "(" and group.method)

    def place(self, call: code.Group) -> int:
        """Return which token the name of a call begins with."""
        return bisect_left(self.tokens, call.start, key=_start)

    def inside(self, group: code.Group) -> Iterator[code.Group]:
        """Yield the groups in a group, in the order of the text, as many as the arguments of a call have."""
        first = bisect_left(self.groups, group.opened, key=_opened) + 1
        for each in self.groups[first : first + _MOST_INSIDE]:
            if each.opened > group.closed:
                return
            yield each

    def opened(self, index: int) -> Sequence[code.Group]:
        """Return the groups that open at a token and next behind it, as many as the arguments of a call."""
        first = bisect_left(self.groups, index, key=_opened)
        return self.groups[first : first + _MOST_INSIDE]

    def above(self, group: code.Group) -> Iterator[code.Group]:
        """Yield the groups that a group stands in, the nearest first."""
        for _ in range(_MOST_ABOVE):
            if group.parent < 0:
                return
            group = self.groups[group.parent]
            yield group

    def assigned(self, call: code.Group) -> str:
        """Return the name that is set to what a call returns, else an empty text."""
        place = self.place(call) - 1
        while place > 0 and self.tokens[place].text in ("new", "await", "&"):
            place -= 1
        return target(self.tokens, place) if place > 0 and self.tokens[place].text == "=" else ""

    def chained(self, call: code.Group) -> Iterator[code.Group]:
        """Yield the calls on the result of a call: `.b` and `.c` of `a().b().c()`."""
        for _ in range(_LONGEST_CHAIN):
            place = bisect_left(self.groups, call.closed, key=_opened)
            following = self.groups[place] if place < len(self.groups) else None
            if following is None or following.bracket != "(" or not following.name.startswith("."):
                return
            if [token.text for token in self.tokens[call.closed + 1 : following.opened][:3]][1:] != [
                following.method
            ]:
                return
            yield following
            call = following

    def word(self, tokens: Sequence[code.Token]) -> Word:
        """Return what an expression says."""
        names = set(_plain_names(tokens)) if len(tokens) <= _MOST_TOKENS else ()
        if not names:  # a literal, nearly always
            return code.word(tokens, {})
        given = {name for name in names if self.parameters(name)}
        found = code.word(tokens, self._constants(tokens[0].start, given) if given else self.constants)
        return found if found.known else varied(self, found, tokens[0].start)

    def _constants(self, offset: int, given: set[str]) -> Mapping[str, Text]:
        """Return the constants, with the defaults of the parameters that are declared nearest before."""
        changes: dict[str, Text] = {}
        for name in given:
            before = [value for start, value in self.parameters(name) if start < offset]
            if before:
                changes[name] = before[-1]
        return Changed(self.constants, changes)

    def images(
        self, argument: code.Argument | None, role: Role, confidence: Confidence = Confidence.CERTAIN
    ) -> Iterator[Candidate]:
        """Yield what an argument names; nothing where the caller of a function gives it."""
        if argument is not None:
            yield from self.candidates(argument.tokens, role, confidence)

    def candidates(
        self, tokens: Sequence[code.Token], role: Role, confidence: Confidence = Confidence.CERTAIN
    ) -> Iterator[Candidate]:
        """Yield what an expression names."""
        if tokens and not (len(tokens) == 1 and tokens[0].text in _NOTHING):
            yield from self.named(self.word(tokens), tokens, role, confidence)

    def named(
        self,
        word: Word,
        tokens: Sequence[code.Token],
        role: Role,
        confidence: Confidence = Confidence.CERTAIN,
    ) -> Iterator[Candidate]:
        """Yield what a word made of an expression names. A guess must look like a reference with a tag."""
        for each in word.candidates(role, confidence):
            if confidence is Confidence.HEURISTIC:
                value = str(each.value)
                if not each.problem and plausible(value, bare=False) and versioned(value):
                    yield replace(each, confidence=confidence)
            elif not each.problem or self._tells(tokens):
                yield each

    def _tells(self, tokens: Sequence[code.Token]) -> bool:
        """Whether an expression that is not known says something of an image, or where it is set.

        What a function is given, an object that was made before and a field of it say nothing.
        """
        if len(tokens) > _LONGEST:
            return False
        if code.is_literal(tokens):
            return True
        name = "".join(token.text for token in tokens)
        return self._assigned.varies(name) or (
            bool(_CONSTANT.match(name)) and not self._assigned.is_object(name)
        )


def language_of(path: str) -> code.Language:
    """Return the language that a name tells, else Java."""
    return _LANGUAGES.get(PurePosixPath(path).suffix, code.JAVA)


def _opened(group: code.Group) -> int:
    return group.opened


def _opening(group: code.Group) -> int:
    return group.start


def _start(token: code.Token) -> int:
    return token.start


def _plain_names(tokens: Sequence[code.Token]) -> Iterator[str]:
    """Yield the names in an expression that are parts of nothing else."""
    for index, token in enumerate(tokens):
        if token.kind is code.Kind.NAME and not (index and tokens[index - 1].text == "."):
            yield token.text
        yield from (hole.expression for hole in token.holes)
