"""Gradle's build scripts in Groovy and Kotlin: what is set, and in which blocks it stands.

`jib { from { image = "x" } }` and `jib.from.image = "x"` are the same; so are `x = y`, `x.set(y)`, `x(y)` and,
in Groovy, `x y`. https://docs.gradle.org/current/userguide/writing_build_scripts.html
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from planner.formats import _code as code
from planner.formats._base import Given
from planner.formats._shell_words import Word
from planner.model.source import SourceFile, Text

PATTERNS = ("*.gradle", "*.gradle.kts")

_LONGEST = 60  # tokens of a value that are looked at
_MOST_ABOVE = 12
_SETTERS = ("set", "add", "addAll", "convention", "value")
_OWNERS = ("project.", "rootProject.", "ext.", "project.ext.", "rootProject.ext.", "extra.")
_LOOKUPS = frozenset({"property", "findProperty", "gradleProperty", "extra", "ext", "properties"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a script sets."""

    path: tuple[frozenset[str], ...]  # what each block around it, and each part of the name, may be called
    blocks: tuple[int, ...]  # which tokens open the blocks around it, the outermost first
    name: str
    arguments: tuple[Sequence[code.Token], ...]

    def within(self, *names: str) -> bool:
        """Whether it stands in blocks of these names, the outermost first, with others between."""
        above = iter(self.path)
        return all(any(name in labels for labels in above) for name in names)

    def directly_in(self, *names: str) -> bool:
        """Whether the nearest block is called one of these names."""
        return bool(self.path) and not self.path[-1].isdisjoint(names)


@dataclass(frozen=True, slots=True)
class Script:
    """A build script."""

    tokens: Sequence[code.Token]
    groups: Sequence[code.Group]
    constants: Mapping[str, Text]
    _labels: dict[int, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, source: SourceFile, given: Given) -> "Script":
        """Read a file; `given` are the properties of the build, which its own names override."""
        language = code.KOTLIN if source.path.endswith(".kts") else code.GROOVY
        tokens = code.tokens(source.text, language)
        groups = code.groups(tokens)
        known = {**given, **_numbers(tokens), **code.constants(tokens, groups), **_extra(tokens, groups)}
        owned = {owner + name: value for owner in _OWNERS for name, value in known.items()}
        return cls(tokens, groups, owned | known)

    def settings(self) -> Iterator[Setting]:
        """Yield what the script sets, in the order of the text."""
        for index in self._statements():
            parts, stop = self._name(index)
            arguments = tuple(self._arguments(stop))
            if parts[-1] in _SETTERS and len(parts) > 1:
                parts = parts[:-1]
            if arguments:
                blocks = self._around(index)
                labels = [self._label(block) for block in blocks]
                path = (*labels, *(frozenset((part,)) for part in parts[:-1]))
                yield Setting(path, tuple(block.opened for block in blocks), parts[-1], arguments)

    def words(self, setting: Setting) -> Iterator[Word]:
        """Yield what a setting says: each item of a list."""
        for argument in setting.arguments:
            yield from self._items(argument, 0)

    def labels(self) -> Iterator[tuple[int, frozenset[str]]]:
        """Yield every block: which token opens it, and what it may be called."""
        for group in self.groups:
            if group.bracket == "{":
                yield group.opened, self._label(group)

    def _statements(self) -> Iterator[int]:
        """Yield the tokens that statements begin with."""
        for index, token in enumerate(self.tokens):
            if token.kind is code.Kind.NAME and (
                token.first or not index or self.tokens[index - 1].text in ("{", ";", "->")
            ):
                yield index

    def _name(self, index: int) -> tuple[list[str], int]:
        """Return the parts of a dotted name and the token after it."""
        parts = [self.tokens[index].text]
        index += 1
        while (
            index + 1 < len(self.tokens)
            and self.tokens[index].text == "."
            and self.tokens[index + 1].kind is code.Kind.NAME
        ):
            parts.append(self.tokens[index + 1].text)
            index += 2
        return parts, index

    def _arguments(self, index: int) -> Iterator[Sequence[code.Token]]:
        """Yield the values that follow a name: `= x`, `(x, y)`, ` x`."""
        token = self._at(index)
        if token is None:
            return
        if token.text == "+" and (after := self._at(index + 1)) and after.text == "=":
            index, token = index + 1, after
        if token.kind is code.Kind.STRING or (token.kind is code.Kind.NAME and not token.first):
            yield self.tokens[index : self._end(index)]
        elif token.text == "=" and (after := self._at(index + 1)) and after.text not in ("=", "~"):
            yield self.tokens[index + 1 : self._end(index + 1)]
        elif token.text == "(" and (group := self._group(index)) is not None:
            yield from (argument.tokens for argument in group.arguments if argument.tokens)

    def _end(self, begin: int) -> int:
        """Return where a value ends: before a name that begins a line, or a bracket that closes."""
        depth = 0
        stop = min(begin + _LONGEST, len(self.tokens))
        for index in range(begin, stop):
            token = self.tokens[index]
            if token.kind is code.Kind.MARK and token.text in ")]}":
                depth -= 1
                if depth < 0:
                    return index
            elif token.kind is code.Kind.MARK and token.text in "([{":
                depth += 1
            elif not depth and index > begin and (token.first or token.text == ";"):
                return index
        return stop

    def _items(self, tokens: Sequence[code.Token], depth: int) -> Iterator[Word]:
        found = code.groups(tokens)[:1] if depth < 3 else []
        if found and found[0].closed == len(tokens) - 1:
            group = found[0]
            is_list = group.bracket == "[" and not group.opened
            if is_list or group.name in ("listOf", "setOf", "arrayOf", "provider", "List.of", "Arrays.asList"):
                for argument in group.arguments:
                    yield from self._items(argument.tokens, depth + 1)
                return
            if group.method in _LOOKUPS and (key := group.positional(0)) and len(key.tokens) == 1:
                name = key.tokens[0]
                yield code.word([name._replace(kind=code.Kind.NAME, literal=None)], self.constants)
                return
        if tokens:
            yield code.word(_settled(tokens), self.constants)

    def _at(self, index: int) -> code.Token | None:
        return self.tokens[index] if index < len(self.tokens) else None

    def _group(self, opened: int) -> code.Group | None:
        place = bisect_left(self.groups, opened, key=_opened)
        found = self.groups[place] if place < len(self.groups) else None
        return found if found is not None and found.opened == opened else None

    def _around(self, index: int) -> tuple[code.Group, ...]:
        """Return the blocks around a token, the outermost first."""
        place = bisect_left(self.groups, index, key=_opened) - 1
        found: list[code.Group] = []
        while place >= 0 and len(found) < _MOST_ABOVE:
            group = self.groups[place]
            if group.closed > index and group.bracket == "{":
                found.append(group)
            place = group.parent
        return tuple(reversed(found))

    def _label(self, block: code.Group) -> frozenset[str]:
        """Return what a block may be called: all that is said between its statement's begin and its bracket."""
        if block.opened not in self._labels:
            begin = block.opened
            while begin and block.opened - begin < 24 and self.tokens[begin - 1].text not in ("{", "}", ";"):
                begin -= 1
                if self.tokens[begin].first:
                    break
            said = self.tokens[begin : block.opened]
            words = (token.text for token in said if token.kind is not code.Kind.MARK)
            self._labels[block.opened] = frozenset(words)
        return self._labels[block.opened]


def _opened(group: code.Group) -> int:
    return group.opened


def _settled(tokens: Sequence[code.Token]) -> Sequence[code.Token]:
    """Return an expression without `.toString()`, `.get()` and casts at its end."""
    while len(tokens) > 4 and [token.text for token in tokens[-2:]] == ["(", ")"] and tokens[-4].text == ".":
        if tokens[-3].text not in ("toString", "get", "trim"):
            break
        tokens = tokens[:-4]
    return tokens[:-2] if len(tokens) > 2 and tokens[-2].text == "as" else tokens


def _numbers(tokens: Sequence[code.Token]) -> Mapping[str, Text]:
    """Return the names that are set to a number once."""
    found: dict[str, list[Text]] = {}
    for name, sign, value in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if sign.text == "=" and name.kind is code.Kind.NAME and value.kind is code.Kind.NUMBER:
            found.setdefault(name.text, []).append(value.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _extra(tokens: Sequence[code.Token], groups: Sequence[code.Group]) -> Mapping[str, Text]:
    """Return the extra properties: `ext.set("x", "y")`, `extra["x"] = "y"`, `val x by extra("y")`."""
    found: dict[str, Text] = {}
    for group in groups:
        if group.method in ("extra", "ext", "set") and group.bracket in "([":
            strings = [token for token in tokens[group.opened + 1 : group.closed][:4] if token.literal]
            before, after = tokens[max(group.opened - 3, 0) : group.opened], tokens[group.closed + 1 :][:2]
            if group.bracket == "[" and len(after) == 2 and after[0].text == "=" and strings:
                found |= _string(strings[0].text, after[1])
            elif group.name.endswith(("ext.set", "extra.set")) and len(strings) == 2:
                found |= _string(strings[0].text, strings[1])
            elif len(before) == 3 and before[1].text == "by" and strings:
                found |= _string(before[0].text, strings[0])
    return found


def _string(name: str, token: code.Token) -> Mapping[str, Text]:
    return {name: token.literal} if token.literal and not token.holes else {}
