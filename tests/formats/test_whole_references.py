"""Whole references: texts that can be little else than images in a registry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._whole_references import hosted, inside, whole
from planner.model.reference import Reference
from planner.model.source import Text

HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "text",
    [
        "quay.io/acme/web:1", "docker.io/library/nginx:1.27", "registry.k8s.io/pause:3", "localhost:5000/a:b",
        "europe-docker.pkg.dev/p/r/web:v1", f"ghcr.io/acme/web@sha256:{HEX}", f"gcr.io/a/b:1@sha256:{HEX}",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:2", "acme.azurecr.io/a/b/c:1.0_rc",
        "registry.example.com:5000/team/proxy:1.4", "my-registry.example.com/a:1", "public.ecr.aws/x/y:z",
    ],
)  # fmt: skip
def test_whole_reference(text):
    assert whole(text)
    assert str(Reference.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "nginx:1.27", "acme/web:1", "quay.io/acme/web", "quay.io", "quay.io:443", "quay.io/Acme/web:1",
        "https://quay.io/acme/web:1", "see quay.io/acme/web:1", "quay.io/acme/web:1 ", "quay.io/acme/web:",
        "quay.io/acme//web:1", "storage.example.com/bucket:9000", "s3.amazonaws.com/bucket/key:1",
        "github.com/acme/web:1", "quay.io/acme/web:{{ tag }}", "quay.io/acme/web:1:2",
        f"quay.io/a@sha256:{HEX[1:]}",
    ],
)  # fmt: skip
def test_other_texts(text):
    assert not whole(text)


@pytest.mark.parametrize(("depth", "expected"), [(1, True), (2, True), (3, False)])
def test_name_in_a_registry_has_parts(depth, expected):
    assert hosted("ghcr.io/acme/web", depth) is expected


def test_references_inside_a_text_have_their_places():
    text = "1.0=quay.io/acme/app:1.0\n2.0=quay.io/acme/app:2.0-a, see https://quay.io/acme/app:3\n"
    found = [(str(each), each.start) for each in inside(Text.at(10, text))]
    assert found == [("quay.io/acme/app:1.0", 14), ("quay.io/acme/app:2.0-a", 39)]


@given(st.text(alphabet="quay.io/ghcr:5-_@a{1 ", max_size=200))
def test_any_text_has_an_answer(text):
    assert not whole(text) or str(Reference.parse(text))
