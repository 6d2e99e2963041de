"""Command lines in YAML: the mirrors among the words of what an image is started with.

A container is a mapping with an image or a name that says what it is; its words are a list, or a text.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planner.model.source import SourceFile
from planner.runtimes._base import Mirror, place, present
from planner.runtimes._options import OPTION, options
from planner.runtimes._yaml import Node, Scalar, child, documents, is_null, items, mappings, text_of
from planner.runtimes._yaml_edit import not_added, replaced, with_element, with_entry


@dataclass(frozen=True, slots=True)
class Kind:
    """Which containers are meant, and how a mirror is set for them."""

    image: Callable[[str], bool]
    key: str  # of their words: `command`, `args`
    spelled: Callable[[Mirror], str]  # what follows the option


def merge(file: SourceFile, mirror: Mirror, kind: Kind) -> str:
    """Return the file with the mirror among the words of every such container that does not have it."""
    while (container := _without(file, mirror, kind)) is not None:
        file = SourceFile(file.path, _with_mirror(file, container, mirror, kind))
    return file.text


def mirrors(file: SourceFile, kind: Kind) -> tuple[str, ...]:
    """Return the mirrors of the first such container in the order they are asked."""
    return next((_named(each, kind) for each in containers(file, kind)), ())


def containers(file: SourceFile, kind: Kind) -> Iterator[Node]:
    """Yield the mappings of such containers in the order of the text."""
    for document in documents(file):
        for mapping in mappings(document):
            if any(kind.image(text_of(child(mapping, key))) for key in ("image", "name")):
                yield mapping


def _without(file: SourceFile, mirror: Mirror, kind: Kind) -> Node | None:
    return next((each for each in containers(file, kind) if not present(_named(each, kind), mirror)), None)


def _named(container: Node, kind: Kind) -> tuple[str, ...]:
    node = child(container, kind.key)
    words = text_of(node).split() if isinstance(node, Scalar) else [text_of(each) for each in items(node)]
    return tuple(option.value for option in options(words))


def _with_mirror(file: SourceFile, container: Node, mirror: Mirror, kind: Kind) -> str:
    word = f"{OPTION}={kind.spelled(mirror)}"
    node = child(container, kind.key)
    if node is None:
        return with_entry(file, container, kind.key, [word])
    if is_null(node):
        return replaced(file, node, [word])
    if isinstance(node, Scalar):
        return _in_text(file, node, mirror, kind)
    found = options([text_of(each) for each in items(node)])
    index = place([option.value for option in found], mirror)
    return with_element(file, node, found[index].index if index < len(found) else len(items(node)), word)


def _in_text(file: SourceFile, node: Scalar, mirror: Mirror, kind: Kind) -> str:
    """Return the text with one more word at the end of a command that is a text on one line."""
    start, stop = node.start_mark.index, node.end_mark.index
    spelled = file.text[start:stop]
    if "\n" in spelled or place(_named_in(node), mirror) < len(_named_in(node)):
        raise not_added(file, node)
    quote = spelled[-1] if node.style else ""
    body = spelled.removesuffix(quote) if quote else spelled
    return file.text[:start] + f"{body} {OPTION}={kind.spelled(mirror)}{quote}" + file.text[stop:]


def _named_in(node: Scalar) -> list[str]:
    return [option.value for option in options(text_of(node).split())]
