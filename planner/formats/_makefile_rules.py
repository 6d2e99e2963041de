"""The automatic variables of make's rules: `$@`, what is made, and `$*`, what `%` stands for in a pattern.

A pattern is taken to be used for every name in the makefile that fits it: those are what it is there for.
https://www.gnu.org/software/make/manual/make.html#Automatic-Variables
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from planner.formats._makefile_lines import Assignment, Recipe, Rule, Statement
from planner.formats._makefile_variables import Bound, Variables
from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Text

_USES = re.compile(r"(?<!\$)\$(?:[@*]|[({][@*][)}])")
_NAME = re.compile(r"[\w./-]+")
_MOST = 64  # names that one rule is used for
_MOST_NAMES = 2_000  # of a makefile
_MOST_USES = 5_000  # of names by command lines
_LONGEST = 10_000  # characters of the head of a rule


class Automatic(Struct):
    """The automatic variables of every rule of a makefile."""

    variables: Variables
    names: tuple[Text, ...]  # of everything that is made or needed
    everywhere: bool  # whether a variable of the makefile is made with them
    left: int = _MOST_USES
    known: dict[int, Bound] = field(default_factory=dict)  # by the identity of the rule's head

    @classmethod
    def of(cls, lines: Iterable[Statement], variables: Variables) -> "Automatic":
        """Read the heads of the rules."""
        heads, everywhere = [], False
        for line in lines:
            if isinstance(line, Rule) and len(line.head) <= _LONGEST:
                heads.append(line.head)
            everywhere = everywhere or (isinstance(line, Assignment) and bool(_USES.search(str(line.value))))
        names = {str(name): name for head in heads for name in _words(head, variables)}
        return cls(variables, tuple(names.values())[:_MOST_NAMES], everywhere)

    def bound(self, recipe: Recipe) -> Bound:
        """Return what the automatic variables of a command line stand for, as far as it uses them."""
        uses = self.everywhere or _USES.search(str(recipe.script))
        if not uses or len(recipe.rule) > _LONGEST or self.left <= 0:
            return ()
        key = id(recipe.rule)
        if key not in self.known:
            self.left -= 1
            self.known[key] = self._of_rule(recipe.rule)
        found = self.known[key]
        self.left -= max((len(word.pieces[0].values) for _, word in found), default=0)
        return found

    def _of_rule(self, rule: Text) -> Bound:
        targets, _, rest = str(rule).partition(":")
        listed = tuple(_words(rule.cut(0, len(targets)), self.variables))
        pattern = re.match(r"[^:;=]*%[^:;=]*(?=:)", rest.lstrip(":"))  # targets: pattern: what they need
        form = (pattern[0] if pattern else targets).strip()
        if form.count("%") != 1 or any(map(str.isspace, form)):
            return (("@", _several("@", listed)),) if listed else ()
        before, _, after = form.partition("%")
        fitting = [
            name
            for name in (listed if pattern else self.names)
            if str(name).startswith(before) and str(name).endswith(after)
            if len(name) > len(before) + len(after)
        ]
        stems = [name.cut(len(before), len(name) - len(after)) for name in fitting]
        return (("@", _several("@", fitting)), ("*", _several("*", stems))) if fitting else ()


def _several(name: str, texts: Iterable[Text]) -> Word:
    """Return a variable that is each of the names in turn, `$*` together with `$@`."""
    values = tuple(Value(text, (f"${name}={text}",), together="$@") for text in list(texts)[:_MOST])
    return Word((Piece(Text(), values, name),), quoted=True)


def _words(text: Text, variables: Variables) -> Iterator[Text]:
    """Yield the names in the head of a rule."""
    values = variables.word(text).choices() if "$" in str(text) else (Value(text),)
    for choice in list(values)[:_MOST]:
        for match in re.finditer(r"[^\s:|]+", str(choice.text)):
            if _NAME.fullmatch(match[0]):
                yield choice.text.cut(*match.span())
