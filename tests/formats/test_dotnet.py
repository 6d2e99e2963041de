""".NET: containers of the SDK."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st


def found(properties, path="web.csproj", **values):
    text = f'<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup>{properties}</PropertyGroup></Project>'
    return extracted("dotnet", text, path, **values)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("<ContainerBaseImage>a/b:1</ContainerBaseImage>", ["docker.io/a/b:1"]),
        ("<ContainerBaseImage>\n  a/b:1\n</ContainerBaseImage>", ["docker.io/a/b:1"]),
        ("<!-- <ContainerBaseImage>a/b:1</ContainerBaseImage> -->", []),
        ("<ContainerBaseImage></ContainerBaseImage>", []),
        ("<ContainerFamily>alpine</ContainerFamily>", []),
        ("<V>1</V><ContainerBaseImage>a/b:$(V)</ContainerBaseImage>", ["docker.io/a/b:1"]),
        ("<v>1</v><ContainerBaseImage>a/b:$(V)</ContainerBaseImage>", ["docker.io/a/b:1"]),
        ("<V>1</V><V>2</V><ContainerBaseImage>a/b:$(V)</ContainerBaseImage>", ["docker.io/a/b:2"]),
        (
            "<V>1</V><V Condition=\"'$(X)' == 'y'\">2</V><ContainerBaseImage>a/b:$(V)</ContainerBaseImage>",
            ["docker.io/a/b:1", "docker.io/a/b:2"],
        ),
        (
            "<V>1</V><V Condition=\"'$(V)' == ''\">2</V><ContainerBaseImage>a/b:$(V)</ContainerBaseImage>",
            ["docker.io/a/b:1"],
        ),
    ],
)
def test_base_image_with_its_properties(properties, expected):
    assert found(properties).pulled == expected


def test_property_that_nobody_sets_is_not_known():
    item = found("<ContainerBaseImage>a/b:$(V)</ContainerBaseImage>")
    assert [text for text, _ in item.unresolved] == ["a/b:$(V)"]


def test_own_property_wins_over_that_of_the_folder():
    text = "<V Condition=\"'$(V)' == ''\">1</V><ContainerBaseImage>a/b:$(V)-$(W)</ContainerBaseImage><W>3</W>"
    assert found(text, V="2", W="4").pulled == ["docker.io/a/b:2-4"]


def test_folder_gives_its_properties_to_all_projects_below():
    item = found("<V>1</V><W>$(V).2</W>", "src/Directory.Build.props")
    assert item.bindings == [("src/**", "dotnet", {"V": "1", "W": "1.2"})]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("<ContainerRepository>shop/web</ContainerRepository>", ["docker.io/shop/web"]),
        (
            "<ContainerRegistry>ghcr.io</ContainerRegistry><ContainerRepository>a/b</ContainerRepository>"
            "<ContainerImageTags>1;2</ContainerImageTags>",
            ["ghcr.io/a/b:1", "ghcr.io/a/b:2"],
        ),
        ("<ContainerImageName>a/$(Name)</ContainerImageName>", ["a/$(Name)"]),
    ],
)
def test_names_of_the_container_are_outputs(properties, expected):
    assert found(properties).outputs == expected


@pytest.mark.parametrize(
    "text",
    [
        "dotnet publish -p:ContainerBaseImage=a/b:1 -c Release",
        "dotnet publish /t:PublishContainer /p:ContainerBaseImage='a/b:1'",
        'dotnet publish --property:ContainerBaseImage="a/b:1"',
    ],
)
def test_base_image_of_a_command_line(text):
    assert extracted("dotnet", text, "build.sh").pulled == ["docker.io/a/b:1"]


def test_broken_project_is_read_to_where_it_breaks():
    text = "<Project><PropertyGroup><ContainerBaseImage>a:1</ContainerBaseImage></Oops>"
    item = extracted("dotnet", text, "a.csproj")
    assert (item.pulled, len(item.unresolved)) == (["docker.io/library/a:1"], 1)


PARTS = (
    "<Project>", "<PropertyGroup>", "</PropertyGroup>", "<ContainerBaseImage>", "</ContainerBaseImage>", "1",
    "$(", "V", ")", "<V>", "</V>", "<!--", "-->", "&lt;", "&x;", "<V Condition=\"'$(V)' == ''\">", "é",
    "<ContainerRepository>", "</ContainerRepository>", "</Project>", "-p:ContainerBaseImage=",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS)), st.sampled_from(["a.csproj", "x.sh"]))
def test_any_text_is_read(parts, path):
    text = "".join(parts)
    for item in extracted("dotnet", text, path).items:
        assert 0 <= item.start <= len(text)
