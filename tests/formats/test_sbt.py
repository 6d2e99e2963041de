"""sbt: base images of builds."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st


def found(text, path="build.sbt", **values):
    return extracted("sbt", text, path, **values)


@pytest.mark.parametrize(
    "text",
    [
        'dockerBaseImage := "a/b:1"',
        'Docker / dockerBaseImage := "a/b:1"\nversion := "2"',
        'dockerBaseImage in Docker := "a/b:1"',
        'dockerBaseImage.in(Docker) := "a/b:1"',
        'lazy val x = project.settings(dockerBaseImage := "a/b:1", version := "2")',
        'val base = "a/b:1"\ndockerBaseImage := base',
        'val v = 1\nval tag = "1"\ndockerBaseImage := s"a/b:$tag"',
        'dockerBaseImage :=\n  "a/b" +\n    ":1"',
        'dockerBaseImage := sys.env.getOrElse("BASE", "a/b:1")',
        'dockerBaseImage := Option(System.getenv("BASE")).getOrElse("a/b:1")',
        'jibBaseImage := "a/b:1"',
        'GraalVMNativeImage / containerBuildImage := Some("a/b:1")',
        'containerBuildImage := GraalVMNativeImagePlugin.generateContainerBuildImage("a/b:1").value',
        'dockerCommands := Seq(Cmd("FROM", "a/b:1"), Cmd("USER", "root"))',
        'docker / dockerfile := new Dockerfile { from("a/b:1") }',
        'docker / dockerfile := Dockerfile.empty.from("a/b:1")',
        'docker / dockerfile := new Dockerfile { from(ImageName("a/b:1")) }',
        'Dockerfile.empty.from("a/b:1 as x").run("y").from("x")',
        'def f(image: String, base: String = "a/b:1") = Dockerfile.empty.from(base).from(image)',
    ],
)
def test_base_image(text):
    assert found(text).roles == [("docker.io/a/b:1", "base")]


@pytest.mark.parametrize(
    "text",
    [
        '// dockerBaseImage := "a/b:1"',
        'dockerBaseImage == "a/b:1"',
        'libraryDependencies += "a" % "b" % "1" // image',
        'val q = table.from("a/b:1")',
        'packageName := "image"',
        'Cmd("FROM", "scratch")',
    ],
)
def test_what_is_no_base_image(text):
    assert not found(text).items


def test_both_branches_count():
    text = 'dockerBaseImage := { if (isArm) "a/b:1" else "c/d:1" }'
    assert found(text).pulled == ["docker.io/a/b:1", "docker.io/c/d:1"]


def test_stage_is_no_image():
    text = 'Cmd("FROM", "a/b:1", "as", "x")\nCmd("FROM", "x")\nCmd("COPY", "--from=x", "--from=c/d:1", "/a")'
    assert found(text).roles == [("docker.io/a/b:1", "base"), ("docker.io/c/d:1", "copy-from")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Docker / packageName := "shop/web"', ["docker.io/shop/web"]),
        (
            'packageName in Docker := "web"\nversion in Docker := "1"\ndockerUsername := Some("shop")\n'
            'dockerRepository := Some("ghcr.io")',
            ["ghcr.io/shop/web:1"],
        ),
        ('docker / imageNames := Seq(ImageName("shop/web:1"))', ["docker.io/shop/web:1"]),
        (
            'ImageName(namespace = Some("shop"), repository = "web", tag = Some(version.value))',
            ["shop/web:version.value"],
        ),
    ],
)
def test_names_of_images_are_outputs(text, expected):
    assert found(text).outputs == expected


def test_project_gives_its_constants_to_the_build():
    item = found('object Images { val base = "a/b:1" }', "project/Images.scala")
    assert item.bindings == [("**", "sbt", {"base": "a/b:1"})]
    assert found("dockerBaseImage := Images.base", base="a/b:1").pulled == ["docker.io/a/b:1"]


def test_value_of_another_setting_is_not_known():
    assert len(found("dockerBaseImage := baseImage.value").unresolved) == 1


PARTS = (
    "dockerBaseImage", " := ", '"a/b:1"', "Cmd(", '"FROM", ', ")", "{", "}", "\n", "ImageName(", "from(",
    "Some(", ".getOrElse(", "Docker / packageName", "+", ",", 's"', "$x", "//", "new Dockerfile ", "if (x) ",
    " else ", "Dockerfile.empty.from(",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS)))
def test_any_text_is_read(parts):
    text = "".join(parts)
    for item in found(text).items:
        assert 0 <= item.start <= len(text)
