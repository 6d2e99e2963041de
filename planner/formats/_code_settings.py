"""Settings in source code: what looks them up by name, and what is taken where one is not set."""

import re
from itertools import pairwise

from planner.formats._code_calls import Group, groups
from planner.formats._code_tokens import Kind, Token
from planner.model.source import Text

_MOST_PARAMETERS = 12  # tokens before what a function returns
_LOOKUPS = re.compile(  # what a setting is looked up by; its second argument stands for one that is not set
    r"(?i)(?:[\w.]*\.)?(?:(?:env|environ|config|settings|properties|props|viper)\.(?:get|fetch|get_?string)"
    r"|\w*?(?:env(?:iron(?:ment)?)?|property|setting)(?:_?var(?:iable)?)?(?:_?string|_?str)?"
    r"|\w*(?:or|with)_?(?:default|else|fallback)|env_?or)\Z"
)
# What a variable of the environment is looked up by, which no file of the code sets.
_ENVIRONMENT = re.compile(r"(?i)(?:[\w.]*\.)?\w*?env(?:iron(?:ment)?)?(?:_?var(?:iable)?)?(?:\.get)?\Z")
_FIRST_SET = frozenset(
    {"or", "coalesce", "firstnonnull", "requirenonnullelse", "firstnonempty", "firstnotnull"}
)
_FALLBACKS = frozenset(  # methods of a value that may be missing, with what is taken then
    {"orElse", "orElseGet", "getOrElse", "unwrap_or", "unwrap_or_else", "or_else", "valueOr", "value_or",
     "orDefault", "defaultTo", "GetValueOrDefault", "ifEmpty", "ifBlank"}
)  # fmt: skip
_IN_STRING = re.compile(
    r"\$?\{\s*+(?P<name>(?P<lookup>[\w.]++)\(\s*+[\"'][\w.-]++[\"'](?=\s*+,)|[\w.]++(?:\([\"'][\w.-]++[\"']\))?+(?!\())"
    r"\s*+(?:,|\?\?|\|\||\?:|\bor\b)\s*+(?P<quote>[\"'`])(?P<value>\w[\w./:+-]*+)(?P=quote)\s*+\)?+\s*+\}\Z"
)
_ARROWS = ("->", "=>")


def is_environment(tokens: list[Token]) -> bool:
    """Whether an expression is a variable of the environment: `os.environ["X"]`, `getenv("X")`."""
    found = [each for each in groups(tokens) if each.parent < 0][-1:]
    return bool(found and found[0].closed == len(tokens) - 1 and _ENVIRONMENT.match(found[0].name))


def default(call: Group) -> list[Token]:
    """Return what a call comes to where a setting has no value: `os.getenv("X", "a")`, `x.orElse("a")`."""
    given = call.arguments
    if len(given) == 2 and (_LOOKUPS.match(call.name) or call.method.lower() in _FIRST_SET):
        return list(given[1].tokens)
    if len(given) == 1 and call.method in _FALLBACKS and call.name.startswith("."):
        return _returned(list(given[0].tokens))
    return []


def default_in(expression: Text) -> tuple[str, Text] | None:
    """Return what is looked up in a string, and what it comes to where it is not set: `${X ?? "a"}`."""
    found = _IN_STRING.match(str(expression))
    if found is None or (found["lookup"] and not _LOOKUPS.match(found["lookup"])):
        return None
    return found["name"], expression.cut(*found.span("value"))


def _returned(tokens: list[Token]) -> list[Token]:
    """Return what a function of one expression returns, `() -> x` or `|_| x`; other tokens as they are."""
    bars = [index for index, token in enumerate(tokens[:_MOST_PARAMETERS]) if token.text == "|"]
    if len(bars) > 1 and not bars[0]:
        return tokens[bars[1] + 1 :]
    for index, pair in enumerate(pairwise(tokens[:_MOST_PARAMETERS])):
        if "".join(token.text for token in pair) in _ARROWS and pair[0].kind is Kind.MARK:
            return tokens[index + 2 :]
    return tokens
