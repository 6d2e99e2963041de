"""Releases of Helm in Terraform: charts in OCI registries, and images in the values that are set."""

import re
from collections.abc import Iterator
from itertools import islice

from planner.formats import _helm_fields
from planner.formats._base import NOTHING, Candidate
from planner.formats._chart_settings import in_settings, overlaid
from planner.formats._charts import SCHEME, address, chart
from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import Fields, Items, Result, words
from planner.formats._placeholders import settled
from planner.formats._terraform_blocks import blocks, fields
from planner.formats._terraform_images import field, structure
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.source import SourceFile, Text

_SETTINGS = ("set", "set_sensitive")
_DEPTH = 30  # of maps in maps
_MOST = 200  # settings of one release
_DOT = re.compile(r"(?<!\\)\.")


def release(body: Body, scope: Scope, source: SourceFile) -> Iterator[Candidate]:
    """Yield the chart and the images of a `helm_release` or `helm_template`."""
    yield from _chart(body, scope)
    values: Node | None = None
    for_images = islice(_settings(body, scope), _MOST)
    for result in fields(body, "values", scope):
        for value in structure(result):
            values = overlaid(values, node(value)) if isinstance(value, Fields) else values
    for name, text in for_images:
        values = overlaid(values, _setting(name, text))
    yield from _settled(_helm_fields.images(values, source) if values is not None else iter(()))


def _setting(name: str, text: Text) -> Node:
    """Return `image.tag` with its value as `{image: {tag: …}}`."""
    found: Node = _scalar(text)
    for key in reversed(_DOT.split(name)[:_DEPTH]):
        found = Mapping(-1, "", [(_scalar(Text.of(key.replace("\\.", "."))), found)])
    return found


def application(body: Body, scope: Scope, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of the Helm values of an `argocd_application`."""
    for place in ("spec.source", "spec.sources"):
        for block, within in _below(body, place.split("."), scope):
            yield from _chart(block, within, ("repo_url", "chart", "target_revision"))
    for place in ("spec.source.helm", "spec.sources.helm"):
        for result in fields(body, f"{place}.values", scope):
            yield from in_texts(result, source)
        for block, within in _below(body, place.split("."), scope):
            yield from _settled(in_settings(_of_blocks(block, within, "parameter"), source))


def in_texts(result: Result, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of values that are a text or an object."""
    for value in structure(result):
        if isinstance(value, Fields):
            yield from _settled(_helm_fields.images(node(value), source))


def node(result: Result, depth: int = _DEPTH) -> Node:
    """Return a value as a node of YAML, what is not known in it as it is written."""
    match result:
        case Fields(entries) if depth:
            pairs: list[tuple[Node, Node]] = [
                (_scalar(Text.of(key)), node(value, depth - 1)) for key, value in entries
            ]
            return Mapping(-1, "", pairs)
        case Items(items) if depth:
            return Sequence(-1, "", [node(item, depth - 1) for item in items])
    word = next(words(result), None)
    return _scalar(next((value.text for value in word.choices()), Text()) if word is not None else Text())


def _scalar(text: Text) -> Scalar:
    return Scalar(str(text), text.start, -1, '"', "", text)


def _settled(found: Iterator[Candidate]) -> Iterator[Candidate]:
    yield from (settled(candidate, NOTHING) for candidate in found)


def _chart(
    body: Body, scope: Scope, keys: tuple[str, str, str] = ("repository", "chart", "version")
) -> Iterator[Candidate]:
    repository, name, version = (next(_texts(body, key, scope), None) for key in keys)
    if name is None:
        return
    place = None
    if str(name).startswith(SCHEME):
        place = address(name)
    elif repository is not None:
        place = address(repository, name)
    if place is not None:
        yield settled(chart(place, version), NOTHING)


def _texts(body: Body, key: str, scope: Scope) -> Iterator[Text]:
    for result in fields(body, key, scope):
        for word in words(result):
            yield from (value.text for value in word.choices() if value.text)


def _settings(body: Body, scope: Scope) -> Iterator[tuple[str, Text]]:
    """Yield what is set by name: blocks, or the list of objects that newer versions take."""
    for key in _SETTINGS:
        yield from _of_blocks(body, scope, key)
        for result in fields(body, key, scope):
            name, value = field(result, "name"), field(result, "value")
            if name is not None and value is not None:
                yield from ((str(name), each.text) for each in value.choices())


def _of_blocks(body: Body, scope: Scope, type_: str) -> Iterator[tuple[str, Text]]:
    for block, within in blocks(body, type_, scope):
        names = [str(word) for result in fields(block, "name", within) for word in words(result)]
        for text in _texts(block, "value", within) if names else ():
            yield names[0], text


def _below(body: Body, path: list[str], scope: Scope) -> Iterator[tuple[Body, Scope]]:
    if not path:
        yield body, scope
        return
    for block, within in blocks(body, path[0], scope):
        yield from _below(block, path[1:], within)
