import pytest

from planner.cli.main import run

CONFIG = '[scan]\nselect = ["dockerfile", "compose", "shell"]\n'


@pytest.fixture
def explained(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hub2ar.toml").write_text(CONFIG)

    def ask(place, **files):
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_text(content)
        code = run(["explain", place])
        out = capsys.readouterr()
        return code, out.out + out.err

    return ask


def test_reference_is_explained_with_where_its_parts_come_from(explained):
    _, said = explained("Dockerfile:2", Dockerfile="ARG V=1.27\nFROM nginx:${V}\n")
    assert "line 2: docker.io/library/nginx:1.27" in said
    assert "V=1.27" in said
    assert "tag '1.27' stands in Dockerfile:1:7" in said


def test_part_that_another_file_gives_is_placed_in_that_file(explained):
    compose = "services:\n  a: {build: {context: ., args: {BASE: 'nginx:1.27'}}}\n"
    _, said = explained("Dockerfile:2", Dockerfile="ARG BASE\nFROM $BASE\n", compose__yaml=compose)
    assert "tag '1.27' stands in compose.yaml:2:47" in said


@pytest.mark.parametrize("line", [0, 3])
def test_line_that_a_file_does_not_have_is_no_input(explained, line):
    code, said = explained(f"Dockerfile:{line}", Dockerfile="FROM nginx\nFROM redis\n")
    assert (code, f"Dockerfile has no line {line}" in said, "it has 2 lines" in said) == (3, True, True)


def test_line_without_an_image_is_explained(explained):
    _, said = explained("Dockerfile:2", Dockerfile="FROM nginx\nRUN true\n")
    assert "nothing here stands where dockerfile would name an image" in said


def test_only_the_line_that_was_asked_for_is_explained(explained):
    _, said = explained("Dockerfile:1", Dockerfile="FROM nginx\nFROM redis\n")
    assert "redis" not in said


def test_without_a_line_everything_in_the_file_is_explained(explained):
    _, said = explained("Dockerfile", Dockerfile="FROM nginx\nFROM redis\n")
    assert ("nginx" in said, "redis" in said) == (True, True)


def test_comment_that_leaves_a_line_out_is_named(explained):
    _, said = explained("Dockerfile:1", Dockerfile="FROM nginx # hub2ar: ignore\n")
    assert "hub2ar: ignore" in said


def test_file_that_no_format_reads_is_explained(explained):
    _, said = explained("notes.txt:1", notes__txt="FROM nginx\n")
    assert "no format reads files of this name" in said


def test_file_without_the_words_of_its_format_is_explained(explained):
    _, said = explained("compose.yaml:1", compose__yaml="a: b\n")
    assert "is not read as compose: it lacks" in said


def test_unknown_value_says_what_to_do(explained):
    _, said = explained("Dockerfile:1", Dockerfile="FROM $BASE\n")
    assert "hub2ar: image=REFERENCE" in said


def test_file_that_is_not_there_is_no_input(explained):
    code, said = explained("nowhere:3")
    assert (code, "'nowhere' is no file" in said) == (3, True)


def test_line_of_a_definition_beside_other_documents_is_said_to_be_of_a_schema(explained, tmp_path):
    (tmp_path / "hub2ar.toml").write_text('[scan]\nselect = ["kubernetes"]\n')
    text = "kind: CustomResourceDefinition\nspec:\n  image:\n---\napiVersion: v1\nkind: Pod\nimage: a/b:1\n"
    _, said = explained("all.yaml:3", all__yaml=text)
    assert "line 3 of all.yaml is part of a schema" in said
    _, said = explained("all.yaml:7")
    assert "line 7: docker.io/a/b:1" in said


def test_schema_is_said_to_be_one(explained):
    _, said = explained(
        "values.json", values__json='{"$schema": "http://json-schema.org/draft-07/schema#", "image": "nginx"}'
    )
    assert "values.json is a schema" in said
