"""Testcontainers in Elixir: `Container.new("a:1")`, `%Container{image: "a:1"}`, `with_image("a:1")`."""

from collections.abc import Iterator

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code_file import CodeFile
from planner.model.inventory import Role

_OWN = frozenset({"__MODULE__", "Container"})
_CLASS = "Container"
_IMPORTED = ("Testcontainers", ".", "Container")


def images(file: CodeFile) -> Iterator[Candidate]:
    """Yield what containers are made of, what takes the place of that, and what is pulled by itself."""
    imported = _imports(file)
    for group in file.groups:
        if group.bracket == "{" and (group.method in _OWN or group.method.endswith(_CLASS)):
            if not _is_pattern(file, group):
                yield from file.images(group.keyword("image"), Role.TEST)
        elif group.bracket == "(" and (_makes(group) or (imported and _is_new(file, group))):
            yield from _literal(file, group.positional(0))
        elif group.bracket == "(" and group.method == "with_image":
            yield from _literal(file, group.positional(1) or group.positional(0))
    yield from _without_parentheses(file, imported)


def _without_parentheses(file: CodeFile, imported: bool) -> Iterator[Candidate]:
    """Yield the image of `Container.new "a:1"` and `with_image "a:1"`, calls that Elixir reads as well."""
    tokens = file.tokens
    for index, token in enumerate(tokens):
        if token.kind is not code.Kind.STRING or index < 2 or tokens[index - 1].kind is not code.Kind.NAME:
            continue
        method, before = tokens[index - 1].text, [each.text for each in tokens[max(index - 3, 0) : index - 1]]
        qualified = len(before) == 2 and before[1] == "." and before[0].endswith(_CLASS)
        if (method == "new" and (qualified or (imported and before[1:] != ["."]))) or (
            method in ("with_image", "pull_image") and not tokens[index - 1].first
        ):
            yield from file.candidates(tokens[index : index + 1], Role.TEST)


def _makes(call: code.Call) -> bool:
    return call.name.endswith(f"{_CLASS}.new") or call.method == "pull_image"


def _imports(file: CodeFile) -> bool:
    """Whether `new` is that of Testcontainers: `import Testcontainers.Container`."""
    texts = [token.text for token in file.tokens]
    places = (index for index, text in enumerate(texts) if text == "import")
    return any(tuple(texts[index + 1 : index + 4]) == _IMPORTED for index in places)


def _is_new(file: CodeFile, group: code.Group) -> bool:
    """Whether a call is `new(` by itself."""
    return not group.name and group.opened > 0 and file.tokens[group.opened - 1].text == "new"


def _is_pattern(file: CodeFile, group: code.Group) -> bool:
    """Whether a struct is only compared with: `%Container{image: image} = config`, a parameter."""
    after = file.tokens[group.closed + 1].text if group.closed + 1 < len(file.tokens) else ""
    around = next(file.above(group), None)
    return after == "=" or (around is not None and around.method == "match?")


def _literal(file: CodeFile, argument: code.Argument | None) -> Iterator[Candidate]:
    """Yield what an argument spells, here or in an attribute; what a function is given says nothing."""
    if argument is not None and (code.is_literal(argument.tokens) or argument.tokens[0].text[0] == "@"):
        yield from file.images(argument, Role.TEST)
