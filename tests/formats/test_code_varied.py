"""Names that stand for one string after another: every value of them is told, where it is written."""

import pytest
from extracted import extracted

PULLED = ["docker.io/a/b:1", "docker.io/a/b:2"]
PYTHON = "import testcontainers\n"
NODE = 'import { GenericContainer } from "testcontainers";\n'
JAVA = "import org.testcontainers.x;\n"
GO = 'package a\nimport "github.com/testcontainers/testcontainers-go"\n'
CSHARP = "using Testcontainers;\n"


def found(text, path):
    return extracted("testcontainers", text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "a.py",
            PYTHON + '@pytest.mark.parametrize("image", ["a/b:1", pytest.param("a/b:2", id="x")])\n'
            "def test(image):\n    DockerContainer(image)\n",
        ),
        (
            "a.py",
            PYTHON + '@pytest.mark.parametrize("port, tag", [(1, "1"), (2, "2")])\n'
            'def test(port, tag):\n    DockerContainer(f"a/b:{tag}")\n',
        ),
        (
            "a.py",
            PYTHON + '@pytest.fixture(params=["1", "2"])\n'
            'def box(request):\n    return DockerContainer("a/b:" + request.param)\n',
        ),
        ("a.py", PYTHON + 'for image in ("a/b:1", "a/b:2"):\n    DockerContainer(image)\n'),
        (
            "a.ts",
            NODE + 'it.each(["a/b:1", "a/b:2"])("%s", async (image) => { new GenericContainer(image) });',
        ),
        (
            "a.ts",
            NODE
            + 'const all = ["a/b:1", "a/b:2"];\nall.forEach((image) => { new GenericContainer(image) });',
        ),
        ("a.ts", NODE + 'for (const image of ["a/b:1", "a/b:2"]) { new GenericContainer(image) }'),
        (
            "A.java",
            JAVA + 'class A { @ParameterizedTest @ValueSource(strings = {"a/b:1", "a/b:2"})'
            " void t(String image) { new GenericContainer<>(image); } }",
        ),
        (
            "A.java",
            JAVA + "class A { void t() {"
            ' for (String image : List.of("a/b:1", "a/b:2")) { new GenericContainer<>(image); } } }',
        ),
        (
            "A.cs",
            CSHARP + 'class A { [Theory] [InlineData(1, "a/b:1")] [InlineData(2, "a/b:2")]'
            " public void T(int x, string image) { new ContainerBuilder().WithImage(image); } }",
        ),
        (
            "a_test.go",
            GO + "func T(t *testing.T) {\n cases := []struct{ name, image string }{\n"
            '  {name: "x", image: "a/b:1"},\n  {name: "y", image: "a/b:2"},\n }\n'
            " for _, tc := range cases {\n  testcontainers.Run(ctx, tc.image)\n }\n}\n",
        ),
        (
            "a_test.go",
            GO + 'func T() {\n for _, image := range []string{"a/b:1", "a/b:2"} {\n'
            "  testcontainers.Run(ctx, image)\n }\n}\n",
        ),
        ("a.kt", JAVA + 'fun t() { for (image in listOf("a/b:1", "a/b:2")) { GenericContainer(image) } }'),
    ],
)
def test_every_value_is_told(path, text):
    assert found(text, path).pulled == PULLED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "a.py",
            PYTHON + '@pytest.mark.parametrize("title", ["a/b:1"])\n'
            "def test(title, image):\n    DockerContainer(image)\n",
        ),
        ("a.py", PYTHON + "for image in images():\n    DockerContainer(image)\n"),
        ("a.ts", NODE + 'log(["a/b:1"], (image) => { new GenericContainer(image) });'),
        ("a_test.go", GO + 'func T() {\n x := Case{image: "a/b:1"}\n testcontainers.Run(ctx, tc.image)\n}\n'),
    ],
)
def test_lists_of_other_things_are_not_taken(path, text):
    assert found(text, path).pulled == []


def test_values_are_edited_where_they_are_written():
    text = PYTHON + 'for image in ["a/b:1", "a/b:2"]:\n    DockerContainer(image)\n'
    starts = [min(fragment.start for fragment in each.fragments) for each in found(text, "a.py").occurrences]
    assert starts == [text.index("a/b:1"), text.index("a/b:2")]


def test_list_that_names_itself_ends():
    assert found(PYTHON + "x = x\nfor image in x:\n    DockerContainer(image)\n", "a.py").pulled == []


def test_made_up_names_of_a_table_of_cases_are_no_images():
    text = GO + (
        'func Test(t *testing.T) {\n\tcases := []struct{ image string }{{image: "a/b:1"}, {image: "foo"}, '
        '{image: "redis"}}\n\tfor _, tc := range cases {\n'
        "\t\ttestcontainers.Run(ctx, tc.image)\n\t}\n}\n"
    )
    assert found(text, "a_test.go").pulled == ["docker.io/a/b:1", "docker.io/library/redis"]
