"""What formats tell one another from file to file."""

import msgspec
import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._messages import decode, encode

TEXTS = st.text(st.characters(exclude_categories=())) | st.binary(max_size=9).map(
    lambda written: written.decode("utf-8", "surrogateescape")
)


class Thing(msgspec.Struct, frozen=True):
    path: str
    parts: tuple[str, ...] = ()


@given(TEXTS, st.lists(TEXTS, max_size=3).map(tuple), st.integers(-1, 2**40))
def test_what_is_told_is_understood(path, parts, number):
    assert decode(encode((Thing(path, parts), number)), tuple[Thing, int]) == (Thing(path, parts), number)


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [{0}.yaml]\n"
        "replacements: [{{source: {{kind: ConfigMap, name: {0}}}, targets: []}}]\n"
        "images: [{{name: {0}, newName: a/b}}]\n",
        "{0}: x\nglobal:\n  imageRegistry: '{0}'\nimage: {{registry: x.io, repository: a/b, tag: '1'}}\n",
        "services:\n  {0}:\n    build: {{context: {0}}}\n    image: '{0}'\n",
    ],
)
@pytest.mark.parametrize("name", ["kustomize", "helm_values", "compose"])
def test_bytes_that_are_no_utf_8_stop_no_format(name, text):
    paths = {"kustomize": "kustomization.yaml", "helm_values": "values.yaml", "compose": "compose.yaml"}
    extracted(name, text.format("a\udcff"), paths[name])
