"""Mill: the base image and the names of what its Docker plugin builds.

Where a module sets no base image, the plugin takes one that is not on Docker Hub.
"""

from collections.abc import Iterator, Sequence

from planner.formats._base import Candidate, Format, Given
from planner.formats._code import SCALA, Token, constants, word
from planner.formats._groovy import Script
from planner.model.inventory import Role
from planner.model.source import SourceFile

_TASKS = frozenset({"T", "Task"})  # `T { … }` is a value that is computed once
_LISTS = frozenset({"Seq", "List", "Vector"})
_LONGEST_TYPE = 8  # tokens of `: T[Seq[String]]`
_ROLES = {"baseImage": Role.BASE, "tags": Role.OUTPUT}


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield what the objects that configure the plugin define."""
    script = Script.read(source.text, SCALA)
    found = [
        (expression, role)
        for name, role in _ROLES.items()
        for index in script.places("DockerConfig", name)
        if index and script.tokens[index - 1].text in ("def", "val")
        for expression in _values(script, index)
    ]
    known = constants(script.tokens, script.groups) if found else {}
    for expression, role in found:
        yield from word(expression, known).candidates(role)


def _values(script: Script, index: int) -> Iterator[Sequence[Token]]:
    """Yield the expression that a name is defined as, or each item of a list."""
    tokens = script.tokens
    for place in range(index + 1, min(index + _LONGEST_TYPE, len(tokens) - 1)):
        if tokens[place].text == "=":
            begin, stop = _body(script, place + 1)
            if begin == len(tokens):
                return  # the file ends here
            if tokens[begin].text in _LISTS and (group := script.opened(begin + 1)) is not None:
                yield from (each.tokens for each in group.arguments)
            elif begin < stop:
                yield tokens[begin:stop]
            return


def _body(script: Script, begin: int) -> tuple[int, int]:
    """Return where an expression begins and ends, without the `T { … }` around it."""
    group = script.opened(begin + 1) if script.tokens[begin].text in _TASKS else None
    if group is not None:
        return group.opened + 1, group.closed
    found = script.arguments(begin - 2)
    return (begin, begin + len(found[0].tokens)) if found else (begin, begin)


FORMAT = Format(
    name="mill",
    patterns=("*.mill", "build.sc", "*.mill.scala"),
    words=((b"DockerConfig",),),
    extract=extract,
    specification="https://mill-build.org/mill/contrib/docker.html",
)
