"""A makefile as its statements: assignments, definitions, recipes and includes.

https://www.gnu.org/software/make/manual/make.html#Makefile-Contents
"""

import re
from collections.abc import Iterator

from msgspec import Struct, field

from planner.model.source import Text

_LINE = re.compile(r"(?:[^\\\n]|\\(?:\r?\n|[^\n])|\\(?=\Z))*+(?:\n|\Z)")  # with the lines it is continued on
_CONTINUED = re.compile(r"(?<![ \t])[ \t]*+\\\r?\n[ \t]*+")
_ASSIGNMENT = re.compile(
    r"[ \t]*+(?:(?:override|private|(?P<export>export))[ \t]++)*+(?P<name>[\w.\-/@%]++)[ \t]*+"
    r"(?P<operator>:{0,3}=|\?=|\+=|!=)[ \t]*+"
)
_TARGET = re.compile(
    r"[^\s:=#][^:=#\n]*+::?(?!=)[ \t]*+(?=(?:(?:override|private|export)[ \t]++)*+[\w.\-]++[ \t]*+[?+!:]*=)"
)
_DEFINE = re.compile(
    r"[ \t]*+(?:override[ \t]++|export[ \t]++)*+define[ \t]++(?P<name>[\w.\-]++)[ \t]*+[?+:]*=?"
)
_ENDEF = re.compile(r"(?m)^[ \t]*+endef\b[^\n]*+")
_CONDITION = re.compile(r"[ \t]*+(?P<word>ifeq|ifneq|ifdef|ifndef|else|endif)\b")
_INCLUDE = re.compile(r"[ \t]*+[-s]?include[ \t]++(?P<files>[^\n#]*+)")
_EXPORT = re.compile(r"[ \t]*+export\b(?P<names>[ \t\w]*+)\r?\n?\Z")
_LEAD = re.compile(r"[ \t]*+[@+-]*+[ \t]*+")
_LEAD_CONTINUED = re.compile(r"\t?")
_COMMENT = re.compile(r"(?<!\\)#")
_EVALUATED = re.compile(r"\$[({](?:eval[ \t]|foreach[ \t](?=[^\n]*[({]eval[ \t]))")
_RULE = re.compile(r"[^\s#][^=#]*?:")


class Assignment(Struct, frozen=True):
    """A variable that is set."""

    name: str
    operator: str  # = := ?= += !=
    value: Text
    conditional: bool  # set in a branch, or for some targets alone
    exported: bool = False


class Recipe(Struct, frozen=True):
    """A command line of a rule, as make hands it to a shell but for its variables, or what makes rules."""

    script: Text
    rule: Text = field(default_factory=Text)


class Rule(Struct, frozen=True):
    """What a rule makes and what that needs: `web api: base`, `%-image: %.go`."""

    head: Text


class Include(Struct, frozen=True):
    """Other makefiles that are read in place."""

    files: Text


class Export(Struct, frozen=True):
    """Variables that commands find in their environment; all of them where none is named."""

    names: tuple[str, ...]


Statement = Assignment | Recipe | Rule | Include | Export


def statements(text: str) -> Iterator[Statement]:
    """Yield what a makefile says, in order. Never raises."""
    position, branches, in_rule = 0, 0, False
    head = Text()
    while position < len(text):
        line = _LINE.match(text, position)
        stop = line.end() if line else len(text)
        start, position = position, max(stop, position + 1)
        if text[start] == "\t" and in_rule:
            yield Recipe(_script(text, start + 1, stop), head)
            continue
        if not text[start:stop].strip() or text[start:stop].lstrip().startswith("#"):
            continue
        if condition := _CONDITION.match(text, start, stop):
            branches = max(branches + {"else": 0, "endif": -1}.get(condition["word"], 1), 0)
        elif definition := _DEFINE.match(text, start, stop):
            end = _ENDEF.search(text, stop)
            body = (stop, end.start() if end else len(text))
            yield Assignment(definition["name"], "=", _script(text, *body), branches > 0)
            position = end.end() if end else len(text)
        elif include := _INCLUDE.match(text, start, stop):
            yield Include(Text.at(include.start("files"), include["files"]))
        elif export := _EXPORT.match(text, start, stop):
            yield Export(tuple(export["names"].split()))
        elif _EVALUATED.match(text, start, stop):
            yield Recipe(_joined(text, start, stop))
        elif assignment := _assignment(text, start, stop, branches > 0):
            yield assignment
            in_rule = in_rule and assignment.conditional
        elif rule := _RULE.match(text, start, stop):
            in_rule = True
            inline = text.find(";", rule.end(), stop)
            head = _joined(text, start, inline if inline >= 0 else stop)
            yield Rule(head)
            if inline >= 0:
                yield Recipe(_script(text, inline + 1, stop), head)


def _assignment(text: str, start: int, stop: int, conditional: bool) -> Assignment | None:
    target = _TARGET.match(text, start, stop)
    found = _ASSIGNMENT.match(text, target.end() if target else start, stop)
    if found is None:
        return None
    value = _joined(text, found.end(), stop)
    comment = _COMMENT.search(str(value))
    value = (value.cut(0, comment.start()) if comment else value).strip()
    operator = "=" if found["operator"].endswith(":=") else found["operator"]
    return Assignment(
        found["name"], operator, value, conditional or target is not None, found["export"] is not None
    )


def _joined(text: str, start: int, stop: int) -> Text:
    """Return a value whose lines are joined by a space."""
    if text.find("\\", start, stop) < 0:  # nearly always
        return Text.at(start, text[start:stop])
    pieces: list[Text] = []
    for match in _CONTINUED.finditer(text, start, stop):
        pieces += Text.at(start, text[start : match.start()]), Text.of(" ")
        start = match.end()
    return Text.join((*pieces, Text.at(start, text[start:stop])))


def _script(text: str, start: int, stop: int) -> Text:
    """Return command lines without the signs for make before them and the tabs of continued lines."""
    pieces: list[Text] = []
    continued = False
    while start < stop:
        end = text.find("\n", start, stop) + 1 or stop
        lead = _LEAD_CONTINUED.match(text, start, end) if continued else _LEAD.match(text, start, end)
        begin = lead.end() if lead else start
        pieces.append(Text.at(begin, text[begin:end]))
        continued = text[start:end].rstrip("\r\n").endswith("\\")
        start = end
    return Text.join(pieces)
