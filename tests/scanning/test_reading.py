import pytest
from msgspec.structs import replace

from planner.config import ScanSettings
from planner.formats import dockerfile
from planner.formats._base import Candidate, Definition, Embedded
from planner.model.inventory import Role
from planner.model.source import Text
from planner.scan import scan
from planner.scanning.catalog import chosen

ONLY = ScanSettings(select=("dockerfile", "compose", "shell"))


def extracting(monkeypatch, extract):
    own = replace(dockerfile.FORMAT, extract=extract)
    monkeypatch.setitem(chosen(ONLY.select)._formats, "dockerfile", own)


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM nginx\n")
    (tmp_path / "compose.yaml").write_text("services: {a: {image: redis}}\n")
    return tmp_path


def test_format_that_fails_on_a_file_costs_that_file_only(tree, monkeypatch):
    def extract(source, given):
        yield Candidate.of(Text.at(5, "nginx"), Role.BASE)
        raise ZeroDivisionError("by zero")

    extracting(monkeypatch, extract)
    found = scan([tree], ONLY)
    assert [str(item.reference) for item in found.occurrences] == [
        "docker.io/library/nginx",
        "docker.io/library/redis",
    ]
    ((problem),) = found.unresolved
    assert (problem.path, "ZeroDivisionError: by zero" in problem.reason) == ("Dockerfile", True)


@pytest.mark.parametrize("inside", [Embedded(Text.at(0, "FROM a\nRUN x\n"), name="compose.yaml")])
def test_embedded_text_without_the_words_of_a_format_is_not_read(tree, monkeypatch, inside):
    extracting(monkeypatch, lambda *_: iter([inside]))
    assert [item.path for item in scan([tree], ONLY).occurrences] == ["compose.yaml"]


def test_embedded_text_is_read_with_its_places_and_its_role(tree, monkeypatch):
    text = "#!/bin/sh\ndocker pull alpine:3\n"
    (tree / "Dockerfile").write_text("FROM x\n" + text)
    inside = Embedded(Text.at(7, text), formats=("shell",), role=Role.DOCUMENTATION)
    extracting(monkeypatch, lambda *_: iter([inside, Definition("nothing")]))
    (item, _) = scan([tree], ONLY).occurrences
    assert (item.line, item.role, item.format, item.fragments[0].start) == (3, "documentation", "shell", 29)


def test_embedded_script_is_told_by_its_own_name(tree):
    text = "kind: ConfigMap\napiVersion: v1\ndata:\n  setup.sh: |\n    set -e\n    docker pull alpine:3\n"
    (tree / "map.yaml").write_text(text)
    (item,) = (each for each in scan([tree]).occurrences if each.path == "map.yaml")
    assert (item.line, item.format, str(item.reference)) == (6, "shell", "docker.io/library/alpine:3")


def test_text_that_holds_itself_ends(tree, monkeypatch):
    own = Embedded(Text.at(0, "FROM nginx\n"), name="Dockerfile")
    extracting(monkeypatch, lambda *_: iter([own]))
    assert scan([tree], ONLY).unresolved == ()


@pytest.mark.parametrize("end", ["\n", ";"])
def test_program_that_is_very_long_is_read_in_stretches_with_its_places(tmp_path, end):
    lines = [
        f'const xImage = "acme/app:{number}"{end}const y{number} = {{z: [1, "{"b" * 300}"]}}{end}'
        for number in range(4000)
    ]
    text = "".join(lines)
    (tmp_path / "bundle.js").write_text(text)
    found = scan([tmp_path], ScanSettings(select=("image_constants",))).occurrences
    assert len(found) == 4000
    for each in found:
        for fragment in each.fragments:
            assert text[fragment.start : fragment.end] == fragment.text
