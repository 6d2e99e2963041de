"""Expressions of source code that make a string: literals joined, formatted, chosen between, or by name."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from planner.formats._code_alternatives import alternatives, outer, split
from planner.formats._code_calls import Group, groups
from planner.formats._code_settings import default, is_environment
from planner.formats._code_tokens import Kind, Token
from planner.formats._shell_words import Piece, Value, Word, named
from planner.model.source import Text

_DEEPEST = 6
_MOST_TOKENS = 80  # of an expression
_DIGITS = 6  # of a number of an argument
_MOST_HOLES = 1000  # in a string
_SHOWN = 120  # characters of it
_NAME = re.compile(r"(?:this\.|self\.|cls\.|@@?)?([^\W\d]\w*(?:\.[^\W\d]\w*)*)\Z")
_OWN = ("this.", "self.", "cls.", "Companion.")
_FORMATTERS = frozenset(
    {"String.format", "fmt.Sprintf", "string.Format", "format", "util.format", "std.format"}
)
_SAME = frozenset(
    {"str", "String", "Some", "Optional", "pulumi.String", "pulumi.StringPtr", "jsii.String", "aws.String",
     "ptr", "toString", "to_string", "trim", "strip", "to_owned", "into", "as_str",
     "stripIndent", "trimIndent", "String.from", "lower", "dedent", "pulumi.interpolate", "ToString",
     "toLowerCase", "intern"}
)  # fmt: skip
_CHOOSING = frozenset({"?", "|", "or", "if"})
_TAGS = frozenset({"pulumi.interpolate", "interpolate", "dedent", "String.raw"})  # of templates
_PLACEHOLDER = re.compile(
    r"%%|%(?:\((?P<key>\w+)\))?[-+ 0#]*\d*(?:\$)?(?:\.\d+)?[sdvqiS@]|\{(?P<field>\w*)(?::[^{}]*|![rs])?\}"
)


def word(tokens: Sequence[Token], constants: Mapping[str, Text]) -> Word:
    """Return what an expression says; what is not known of it is a problem of its piece."""
    if len(tokens) == 1 and tokens[0].kind is Kind.STRING and not tokens[0].holes:
        return Word.literal(tokens[0].value)
    if len(tokens) == 1 and tokens[0].kind is Kind.NAME:
        return _Expression(constants).name(tokens[0].value, tokens[0].text)
    if len(tokens) > _MOST_TOKENS:
        spelled = _spelled(tokens[:_MOST_TOKENS])
        return Word((Piece.unknown(_written(tokens[:1]), spelled, "longer than any image"),))
    return _Expression(constants).read(list(tokens), 0)


def is_literal(tokens: Sequence[Token], *, outside: bool = False) -> bool:
    """Whether a part of an expression is a string literal; with `outside`, one that stands in no brackets."""
    found = (token for _, token in outer(tokens)) if outside else iter(tokens)
    return any(token.kind is Kind.STRING for token in found)


def parts_of(word: Word) -> Iterator[Piece]:
    """Yield the pieces of a word that is a part of another, names set off from the text beside them."""
    for piece in word.pieces:
        if piece.name and str(piece.written) == piece.name:
            yield replace(piece, written=Text.join((Text.of("${"), piece.written, Text.of("}"))))
        else:
            yield piece


class _Expression:
    def __init__(self, constants: Mapping[str, Text]) -> None:
        self.constants = constants

    def read(self, tokens: list[Token], depth: int) -> Word:
        """Read an expression, from the operator that binds least."""
        if not tokens or depth > _DEEPEST:
            return Word((self._unknown(tokens),)) if tokens else Word()
        tokens = _unwrapped(tokens)
        texts = {token.text for token in tokens}
        if not texts.isdisjoint(_CHOOSING) and (chosen := alternatives(tokens)):
            return self._choice(tokens, chosen, depth)
        parts = [part for part in split(tokens, "+") if part] if "+" in texts else ()  # `++` joins too
        if len(parts) > 1:
            return Word(
                tuple(piece for part in parts for piece in parts_of(self.read(part, depth + 1))), quoted=True
            )
        return self._primary(tokens, depth)

    def _choice(self, tokens: list[Token], chosen: list[list[Token]], depth: int) -> Word:
        values = []
        for each in chosen:
            found = self.read(each, depth + 1)
            if found.known or (is_literal(each) and not is_environment(each)):
                values += list(found.choices())
        if not values:
            return Word((self._unknown(tokens),))
        return Word((Piece(_written(tokens), tuple(values), _spelled(tokens)),))

    def name(self, written: Text, name: str) -> Word:
        """Read a name, dotted or not."""
        return Word((self._named(written, name),))

    def _primary(self, tokens: list[Token], depth: int) -> Word:
        if all(token.kind is Kind.STRING for token in tokens):
            return Word(tuple(piece for token in tokens for piece in self._string(token)), quoted=True)
        if name := _dotted(tokens):
            return self.name(_written(tokens), name)
        if tokens[0].kind is Kind.STRING and len(tokens) > 2:
            if tokens[1].text == "%":
                return self._formatted(tokens[0], _operands(tokens[2:]), depth)
            if tokens[1].text == "." and (call := _call(tokens)):
                return self._method(tokens, call, depth)
        if tokens[-1].kind is Kind.STRING and _dotted(tokens[:-1]) in _TAGS:
            return Word(tuple(self._string(tokens[-1])), quoted=True)
        if tokens[0].kind is Kind.NAME and (call := _call(tokens)):
            return self._call(tokens, call, depth)
        return Word((self._unknown(tokens),))

    def _method(self, tokens: list[Token], call: Group, depth: int) -> Word:
        """`"{}".format(x)`, `"%s".formatted(x)`, `"x".trim()`."""
        if call.method in ("format", "formatted"):
            given = [(each.name, list(each.tokens)) for each in call.arguments]
            return self._formatted(tokens[0], given, depth)
        if call.method in _SAME and not call.arguments:
            return self.read(tokens[: call.opened - 2], depth + 1)
        return Word((self._unknown(tokens),))

    def _call(self, tokens: list[Token], call: Group, depth: int) -> Word:
        if not call.arguments and f"{call.method}()" in self.constants and not call.name.startswith("."):
            return Word((self._named(_written(tokens), f"{call.method}()"),))
        given = [(each.name, list(each.tokens)) for each in call.arguments]
        if (
            call.name in _FORMATTERS
            and given
            and len(given[0][1]) == 1
            and given[0][1][0].kind is Kind.STRING
        ):
            return self._formatted(given[0][1][0], given[1:], depth)
        if call.name in _SAME and len(given) == 1:
            return self.read(given[0][1], depth + 1)
        if call.method in _SAME and not given:
            return self.read(tokens[: call.opened - 2], depth + 1)
        if fallback := default(call):
            found = self.read(fallback, depth + 1)
            name = _spelled(given[0][1]) if len(given) > 1 else _spelled(tokens[: call.opened])
            values = tuple(named(name, each, "default") for each in found.choices())
            return Word((Piece(_written(tokens), values, _spelled(tokens)),)) if values else found
        return Word((self._unknown(tokens),))

    def _string(self, token: Token) -> Iterator[Piece]:
        position, value = 0, token.value
        if len(token.holes) > _MOST_HOLES:
            yield Piece.unknown(value, token.text[:_SHOWN], "longer than any image")
            return
        for hole in token.holes:
            if hole.start > position:
                yield Piece.literal(value.cut(position, hole.start))
            yield self._named(value.cut(hole.start, hole.stop), hole.expression)
            position = hole.stop
        if position < len(token.text):
            yield Piece.literal(value.cut(position, len(token.text)))

    def _named(self, written: Text, name: str) -> Piece:
        found = self._lookup(name)
        if found is None:
            return Piece.unknown(written, name, f"{name} is not set to a literal in this file")
        return Piece(written, (named(name, Value(found)),), name)

    def _lookup(self, name: str) -> Text | None:
        if name in self.constants:
            return self.constants[name]
        match = _NAME.match(name)
        if match is None:
            return None
        owner, _, last = match[1].rpartition(".")
        own = not owner or name.startswith(_OWN) or owner.rpartition(".")[2][:1].isupper()
        return self.constants.get(last) if own else None

    def _formatted(self, form: Token, given: list[tuple[str, list[Token]]], depth: int) -> Word:
        """Fill placeholders of both kinds: `%s` and `{}`."""
        pieces: list[Piece] = []
        position, count, text = 0, 0, form.text
        unnamed = [tokens for name, tokens in given if not name]
        by_name = {name: tokens for name, tokens in given if name}
        for match in _PLACEHOLDER.finditer(text):
            key = match["key"] or match["field"] or ""
            if key.isdecimal():
                index = int(key[:_DIGITS])
                tokens = unnamed[index] if index < len(unnamed) else None
            elif key:
                tokens = by_name.get(key)
            else:
                tokens = unnamed[count] if count < len(unnamed) and match[0] != "%%" else None
                count += match[0] != "%%"
            pieces.append(Piece.literal(form.value.cut(position, match.start())))
            written = form.value.cut(match.start(), match.end())
            if match[0] == "%%":
                pieces.append(Piece(written, (Value(written.cut(0, 1)),)))
            else:
                pieces += self._filling(written, tokens, depth)
            position = match.end()
        pieces.append(Piece.literal(form.value.cut(position, len(text))))
        return Word(tuple(piece for piece in pieces if str(piece) or piece.name), quoted=True)

    def _filling(self, written: Text, tokens: list[Token] | None, depth: int) -> Iterator[Piece]:
        if not tokens:
            yield Piece.unknown(written, str(written), f"{written} is filled in when it runs")
            return
        if len(tokens) == 1 and tokens[0].kind is Kind.NUMBER:
            yield Piece(written, (Value(tokens[0].value),))
            return
        found = self.read(tokens, depth + 1)
        values = tuple(found.choices())
        if values:
            yield Piece(written, values, found.variable or _spelled(tokens))

    def _unknown(self, tokens: Sequence[Token]) -> Piece:
        spelled = _spelled(tokens)
        return Piece.unknown(_written(tokens), spelled, f"{spelled} is known only when it runs")


def _unwrapped(tokens: list[Token]) -> list[Token]:
    for _ in range(_DEEPEST):
        first = groups(tokens)[:1] if tokens[0].text == "(" and tokens[0].kind is Kind.MARK else []
        if not first or first[0].closed != len(tokens) - 1 or len(tokens) < 3:
            break
        inner = tokens[1:-1]
        if len(split(inner, ",")) > 1:
            break
        tokens = inner
    return tokens


def _dotted(tokens: Sequence[Token]) -> str:
    """Return a name with its parts; empty where the tokens are anything else."""
    for index, token in enumerate(tokens):
        wanted = token.text == "." if index % 2 else token.kind is Kind.NAME
        if not wanted:
            return ""
    return "".join(token.text for token in tokens) if len(tokens) % 2 else ""


def _call(tokens: list[Token]) -> Group | None:
    """Return the call that is last and all that the tokens are."""
    found = [each for each in groups(tokens) if each.parent < 0 and each.bracket == "("]
    return found[-1] if found and found[-1].name and found[-1].closed == len(tokens) - 1 else None


def _operands(tokens: list[Token]) -> list[tuple[str, list[Token]]]:
    """Return what follows `%`: one operand, a tuple, a list or a mapping."""
    found = groups(tokens)[:1]
    if found and not found[0].opened and found[0].closed == len(tokens) - 1:
        return [(each.name, list(each.tokens)) for each in found[0].arguments]
    return [("", tokens)]


def _spelled(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)[:_SHOWN]


def _written(tokens: Sequence[Token]) -> Text:
    """Return an expression as it is written, without its quotes and blanks."""
    return Text.join(token.value for token in tokens)
