"""Files that only describe others name no image."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.scan import scan
from planner.scanning.schemas import describes

CRD = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  image: nginx:1\n"
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1\n"
DRAFT = "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize(
    "text",
    [
        f'{{"$schema": "{DRAFT}", "properties": {{}}}}',
        f'{{\n  "type": "object", "n": 1,\n  "anyOf": [{{"$ref": "#/x"}}],\n  "$schema": "{DRAFT}"\n}}',
        f"# of values\n$schema: {DRAFT}\ntype: object\n",
        f'---\n"$schema": "{DRAFT}"\n',
        '{"swagger": "2.0", "paths": {}}',
        "openapi: 3.1.0\npaths: {}\n",
        '{\n  "baseUrl": "https://a.googleapis.com/",\n  "kind": "discovery#restDescription"\n}',
        '{"kind":"discovery#restDescription","schemas":{}}',
        CRD,
        f"---\n{CRD}---\n# nothing\n---\n{CRD}",
        f"{{{{- if .Values.crds }}}}\n{CRD}{{{{- end }}}}\n",
        CRD.replace("\n", "\r\n"),
    ],
)
def test_schema_describes(text):
    assert describes("a.yaml", text.encode())


@pytest.mark.parametrize(
    "text",
    [
        POD,
        f"{CRD}---\n{POD}",
        f"{POD}---\n{CRD}",
        f"{CRD}---\nimage: nginx:1\n",  # of no kind
        f"kind: List\nitems:\n  - kind: {'CustomResourceDefinition'}\n",
        f'{{"checks": {{"schema": {{"$schema": "{DRAFT}"}}}}, "image": "nginx:1"}}',
        f"checks:\n  $schema: {DRAFT}\nimage: nginx:1\n",
        '{"$schema": "https://json.schemastore.org/taskfile.json", "image": "nginx:1"}',
        "services:\n  openapi: 3.1.0\n",
        '{\n  "image": "nginx:1",\n  "of": {\n    "kind": "discovery#restDescription"\n  }\n}',
        "",
    ],
)
def test_other_file_describes_nothing(text):
    assert not describes("a.yaml", text.encode())


@pytest.mark.parametrize("image", ["quay.io/acme/web:1", '"example.com:5000/a/b@sha256:0"'])
def test_definition_that_gives_an_image_by_default_is_read(image):
    field = f"  properties:\n    webImage:\n      type: string\n      default: {image}\n"
    assert describes("a.yaml", CRD.encode())
    assert not describes("a.yaml", (CRD + field).encode())


@pytest.mark.parametrize("default", ["0", "nginx", "a.b/c", "http://a.b/c:1", "'10.0.0.1:80'", "a: b.c/d:1"])
def test_definition_with_other_defaults_is_not_read(default):
    assert describes("a.yaml", f"{CRD}      default: {default}\n".encode())


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(content):
    describes("a.json", content)
    describes("a.yaml", b'{"swagger": "' + content)
    describes("a.yaml", b"CustomResourceDefinition\n---\n" + content)


def test_program_that_holds_a_definition_is_none():
    assert not describes("main.go", f"const crd = `\n{CRD}`\n".encode())


def test_schema_is_not_read(tmp_path):
    (tmp_path / "crd.yaml").write_text(CRD)
    (tmp_path / "pod.yaml").write_text(POD)
    assert [item.path for item in scan([tmp_path]).found] == ["pod.yaml"]
