"""Files that only describe others name no image."""

import hashlib

import pytest
from counted import calls
from hypothesis import given
from hypothesis import strategies as st

from planner.scan import scan
from planner.scanning.catalog import chosen
from planner.scanning.reading import File, read, read_nameless
from planner.scanning.schemas import undescribed

CRD = (
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n"
    "  properties:\n    image:\n      description: 'The image: as docker.io/a/b:1 says'\n      type: string\n"
)
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1\n"
KUBERNETES = ("kubernetes", "plain_yaml")
DRAFT = "http://json-schema.org/draft-07/schema#"


def describes(name: str, content: bytes) -> bool:
    """Whether nothing is left of a file."""
    return not undescribed(name, content) and content != b""


def images(text: str, name: str = "a.yaml") -> list[str]:
    """Return what is found in a text, as it is written."""
    found = read(File(name, name), text.encode(), KUBERNETES, chosen()).findings
    return [item.found.text for item in found]


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
def test_text_that_only_describes_others_is_known_as_a_schema(text):
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


@pytest.mark.parametrize(
    "field",
    [
        "default: quay.io/acme/web:1",
        'default: "example.com:5000/a/b@sha256:0"',
        "default: acme/web",
        "x-image: nginx:1",
        "example: {image: nginx:1}",
        "WEB_IMAGE: 'nginx'",
        "repository: nginx",
        "description: |\n        quay.io/acme/web:1",
        "image: >-\n        nginx",
        "image: '{{ .Values.image }}'",
        "type: string  # renovate: datasource=docker",
    ],
)
def test_definition_that_may_name_an_image_is_read(field):
    text = f"{CRD}      {field}\n"
    assert undescribed("a.yaml", text.encode()) == text.encode()


@pytest.mark.parametrize("default", ["0", "nginx", "http://a.b/c:1/", "'10.0.0.1:80'", "/etc/a", "a: b"])
def test_definition_with_other_defaults_is_not_read(default):
    assert describes("a.yaml", f"{CRD}      default: {default}\n".encode())


@pytest.mark.parametrize("mark", ["", "---\n", "--- # of the resource\n"])
@pytest.mark.parametrize("description", ["a", "eñ 日本 🐳", "a\r"])
def test_definition_among_others_is_a_comment_of_its_length(mark, description):
    definition = f"{CRD}      description: {description}\n"
    text = f"{POD}---\n{definition}---\n{POD}"
    left = undescribed("a.yaml", f"{mark}{text}".encode()).decode()
    assert len(left) == len(mark + text)
    assert [line for line in left.splitlines() if "#" not in line] == [
        *f"{mark}{POD}---\n{POD}".splitlines()
    ]["#" in mark :]
    assert images(f"{mark}{text}") == ["nginx:1", "nginx:1"]


def test_definition_that_a_template_controls_stays_among_others():
    text = f"{{{{- if .Values.a }}}}\n{CRD}---\n{POD}{{{{- end }}}}\n".encode()
    assert undescribed("a.yaml", text) == text


def test_definition_that_is_no_text_stays_among_others():
    text = f"{CRD}---\n{POD}".encode().replace(b"The", b"\xff")
    assert undescribed("a.yaml", text) == text


def test_places_behind_a_definition_are_those_of_the_file():
    text = f"{CRD}      description: é\n---\n{POD}"
    reading = read(File("a.yaml", "a.yaml"), text.encode(), ("kubernetes",), chosen())
    (finding,) = reading.findings
    (fragment, *_) = finding.found.fragments
    assert text[fragment.start : fragment.end] == fragment.text == "nginx"
    assert reading.digest == hashlib.sha256(text.encode()).hexdigest()


def test_script_with_a_definition_is_read():
    script = f"cat <<E | kubectl apply -f -\n{CRD}E\ndocker pull nginx:1\n"
    assert undescribed("a.yaml", script.encode()) == script.encode()


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


def test_fields_of_a_definition_among_others_cost_no_work():
    fields = "".join(f"      field{number}:\n        type: string\n" for number in range(1000))
    images(f"{CRD}---\n{POD}")
    short, long = (calls(lambda text=text: images(f"{text}---\n{POD}")) for text in (CRD, CRD + fields))
    assert long < 2 * short  # each of the 1,000 fields would cost dozens of calls


def test_definition_in_a_text_of_another_file_is_no_work():
    script = f"cat <<'E' | kubectl apply -f -\n{CRD}---\n{POD}E\n"
    (finding,) = read(File("a.sh", "a.sh"), script.encode(), ("shell",), chosen()).findings
    assert (finding.found.text, finding.found.line) == ("nginx:1", script.count("\n") - 1)


def test_definition_from_standard_input_is_not_read():
    file = File("-", "-")
    (finding,) = read_nameless(file, f"{CRD}---\n{POD}".encode(), chosen()).findings
    assert finding.found.text == "nginx:1"
