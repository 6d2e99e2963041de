"""JSON of no kind that is known."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats import plain_json
from planner.formats._base import NOTHING
from planner.formats.plain_json import extract
from planner.model.source import SourceFile


def pulled(text, path="ops/catalogue.json"):
    return extracted("plain_json", text, path).pulled


@pytest.mark.parametrize(
    "text",
    [
        '{"baseImage": "acme/web:1"}',
        '[{"name": "a", "nodeImage": "docker.io/acme/web:1"}]',
        '{"image": {"repository": "acme/web", "tag": "1"}}',
        '{"image": "acme/web", "image_tag": "1"}',
        '{"anything": "docker.io/acme/web:1"}',
        '{"choices": ["docker.io/acme/web:1"]}',
    ],
)
def test_image_of_settings(text):
    assert pulled(text) == ["docker.io/acme/web:1"]


@pytest.mark.parametrize(
    "head",
    [
        '"kind": "Plan"',
        '"kind": "Inventory"',
        '"report": "Plan", "tables": {}',
        '"bomFormat": "CycloneDX"',
        '"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX"',
        '"spdxVersion": "SPDX-2.3"',
        '"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0"',
        '"SchemaVersion": 2, "ArtifactType": "container_image"',
    ],
)
def test_report_only_tells_of_images(head):
    assert pulled(f'{{{head}, "name": "docker.io/acme/web:1"}}') == []
    assert pulled('{"kind": "plan", "name": "docker.io/acme/web:1"}') == ["docker.io/acme/web:1"]


@pytest.mark.parametrize("field", ['"ports": [80]', '"environment": {}', '"command": "run"'])
def test_name_beside_what_only_containers_have(field):
    assert pulled(f'{{"image": "web", {field}}}') == ["docker.io/library/web"]
    assert pulled('{"image": "web", "size": 3}') == []


@pytest.mark.parametrize(
    "text",
    [
        '{"image": "ubuntu-2404:2025.1"}',
        '{"image": "acme/web"}',
        '{"image": "posts/cover:1"}',
        '{"steps": [{"args": ["quay.io/acme/web:1"]}]}',
        '{"image": "img/hero.png", "ports": []}',
        '{"image": "${WEB}", "ports": []}',
        '{"text": "take quay.io/acme/web:1"}',
        '{"deniedImages": ["quay.io/acme/web:1"]}',
        '{"push": {"image": "quay.io/acme/web:1"}}',
        '{"tags": ["quay.io/acme/web:1"]}',
        '{"properties": {"image": {"default": "quay.io/acme/web:1"}}}',
        '{"apiVersion": "v1", "kind": "Thing", "image": "quay.io/acme/web:1"}',
    ],
)
def test_what_is_no_image(text):
    assert pulled(text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", '{"image": "quay.io/acme/web:1"}'),
        ("a/deps.lock.json", '{"image": "quay.io/acme/web:1"}'),
        ("a.json", '{"image": "logo.png", "url": "https://a.example/b:1"}'),
    ],
)
def test_what_cannot_hold_any_is_not_parsed(monkeypatch, path, text):
    monkeypatch.setattr(plain_json, "parse", lambda _: pytest.fail("parsed"))
    assert list(extract(SourceFile(path, text), NOTHING)) == []


@given(st.text(alphabet='"image": {}[],quay.io/a:1\n-\\u', max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_text_makes_it_raise_and_pieces_stand_where_they_say(text):
    text = f'{{"x": "quay.io/a/b:1", {text}'
    for item in extract(SourceFile("a.json", text), NOTHING):
        for run in item.value.runs:
            assert run.start < 0 or text[run.start : run.start + len(run.text)] == run.text


def test_description_of_settings_is_no_setting():
    text = '{"properties": [{"name": "x.image", "defaultValue": "docker.io/acme/web:1"}]}'
    path = "src/main/resources/META-INF/additional-spring-configuration-metadata.json"
    assert pulled(text, path) == []
