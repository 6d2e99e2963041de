import pytest

from planner.config import ScanSettings
from planner.model.inventory import Role
from planner.scan import scan


@pytest.fixture
def found(tmp_path):
    def read(text, name="Dockerfile", *formats):
        (tmp_path / name).write_text(text)
        return scan([tmp_path], ScanSettings(select=formats or ("dockerfile", "compose", "kubernetes")))

    return read


def references(inventory):
    return [str(item.reference) for item in inventory.occurrences]


@pytest.mark.parametrize(
    "mark", ["# hub2ar: ignore", "#hub2ar: ignore", "  # hub2ar:ignore  because it is a test"]
)
def test_comment_on_its_own_line_leaves_out_the_next(found, mark):
    assert references(found(f"FROM a\n{mark}\nFROM b\nFROM c\n")) == [
        "docker.io/library/a",
        "docker.io/library/c",
    ]


def test_comment_behind_a_value_leaves_out_its_line(found):
    text = "services:\n  a:\n    image: x # hub2ar: ignore\n  b:\n    image: y\n"
    assert references(found(text, "compose.yaml")) == ["docker.io/library/y"]


def test_whole_file_is_left_out(found):
    assert found("# hub2ar: ignore-file\nFROM a\nFROM $X\n").found == ()


def test_image_says_what_a_line_names_that_is_not_known(found):
    inventory = found("services:\n  a:\n    image: x:${V} # hub2ar: image=x:1.2\n", "compose.yaml")
    (item,) = inventory.found
    assert (str(item.reference), item.text) == ("docker.io/library/x:1.2", "x:${V}")


def test_image_at_a_line_that_names_nothing_is_pulled_there(found):
    (item,) = found("FROM scratch\n# hub2ar: image=grafana/grafana:11\nRUN ./load\n").occurrences
    assert (str(item.reference), item.role) == ("docker.io/grafana/grafana:11", Role.IMPLICIT)


def test_image_does_not_replace_what_is_known(found):
    assert references(found("# hub2ar: image=b\nFROM a\n")) == ["docker.io/library/a"]


def test_image_that_is_no_reference_is_told(found):
    (item,) = found("FROM scratch\n# hub2ar: image=A/B:\n").unresolved
    assert (item.line, item.text) == (2, "A/B:")


@pytest.mark.parametrize(
    "text", ['LABEL x="hub2ar: ignore"\nFROM a\n', "# see hub2ar: ignored things\nFROM a\n"]
)
def test_text_that_is_no_directive(found, text):
    assert references(found(text)) == ["docker.io/library/a"]


@pytest.mark.parametrize(
    "comment",
    [
        "// hub2ar: ignore",
        "-- hub2ar: ignore",
        "<!-- hub2ar: ignore -->",
        "{{/* hub2ar: ignore */}}",
        "REM hub2ar: ignore",
        "; hub2ar: ignore",
    ],
)
def test_comments_of_many_languages(comment):
    from planner.model.source import SourceFile
    from planner.scanning.directives import directives

    (directive,) = directives(SourceFile("x", f"{comment}\nnext\n"))
    assert (directive.word, directive.line) == ("ignore", 2)
