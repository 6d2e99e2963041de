"""Names that branches set, entries of collections, and defaults in strings."""

import pytest
from extracted import extracted

GO = 'import "github.com/testcontainers/testcontainers-go"\n'
JS = 'import { GenericContainer } from "testcontainers";\n'
PY = "from testcontainers.core.container import DockerContainer\n"
JVM = "import org.testcontainers.containers.*\n"
REQUEST = "testcontainers.ContainerRequest{Image: %s}\n"


def pulled(text, path):
    return [
        each.removeprefix("docker.io/library/") for each in extracted("testcontainers", text, path).pulled
    ]


@pytest.mark.parametrize(
    ("path", "text", "images"),
    [
        ("a_test.go",
         GO + f'func a() {{\n v := os.Getenv("X")\n if v == "" {{\n v = "mysql:9"\n }}\n {REQUEST % "v"}}}\n',
         ["mysql:9"]),
        ("a_test.go",
         GO + 'func a() {\n v := "mysql:8"\n if b {\n  v = "mysql:9"\n }\n ' + REQUEST % "v" + "}\n",
         ["mysql:8", "mysql:9"]),
        ("a_test.go",
         GO + "".join(f'func {v}() {{\n i := "mysql:{v}"\n {REQUEST % "i"}}}\n' for v in "89"),
         ["mysql:8", "mysql:9"]),
        ("test_a.py",
         PY + "".join(f'def a{v}():\n    i = "mysql:{v}"\n    DockerContainer(i)\n' for v in "89"),
         ["mysql:8", "mysql:9"]),
        ("test_a.py", PY + 'if a:\n    I = "mysql:8"\nelse:\n    I = "mysql:9"\nDockerContainer(I)\n',
         ["mysql:8", "mysql:9"]),
    ],
)  # fmt: skip
def test_every_branch_that_sets_a_name_in_reach_counts(path, text, images):
    assert pulled(text, path) == images


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a_test.go", GO + 'var images = map[string]string{"db": "mysql:8"}\n' + REQUEST % 'images["db"]'),
        ("test_a.py", PY + 'IMAGES = {"db": "mysql:8", "other": "redis:7"}\nDockerContainer(IMAGES["db"])\n'),
        ("a.test.ts", JS + 'const I = { db: "mysql:8" } as const;\nnew GenericContainer(I.db).start();\n'),
        ("a.test.js", JS + 'const I = { "db": "mysql:8" };\nnew GenericContainer(I["db"]).start();\n'),
    ],
)  # fmt: skip
def test_entry_of_a_collection(path, text):
    assert pulled(text, path) == ["mysql:8"]


def test_entry_by_a_name_is_any_image_of_the_collection():
    text = (
        PY + 'IMAGES = {"db": "mysql:8", "cache": "redis:7", "title": "all"}\nDockerContainer(IMAGES[kind])\n'
    )
    assert pulled(text, "test_a.py") == ["mysql:8", "redis:7"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("test_a.py", PY + "DockerContainer(f\"mysql:{os.getenv('V', '8')}\")\n"),
        ("test_a.py", PY + "DockerContainer(f\"mysql:{os.environ.get('V') or '8'}\")\n"),
        ("a.test.ts", JS + 'new GenericContainer(`mysql:${process.env.V ?? "8"}`).start();\n'),
        ("a.test.ts", JS + "new GenericContainer(`mysql:${process.env.V || '8'}`).start();\n"),
        ("A.kt", JVM + 'val a = MySQLContainer("mysql:${System.getProperty("v", "8")}")\n'),
        ("A.kt", JVM + 'val a = MySQLContainer("mysql:${System.getenv("V") ?: "8"}")\n'),
    ],
)
def test_default_in_a_string(path, text):
    assert pulled(text, path) == ["mysql:8"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("test_a.py", PY + "DockerContainer(f\"mysql:{join('a', 'b')}\")\n"),
        ("a.test.ts", JS + 'const I = { title: "my image" };\nnew GenericContainer(I.title).start();\n'),
        ("a_test.go",
         GO + 'func a() {\n i := "mysql:8"\n i = i + f()\n}\nfunc b(i string) {\n ' + REQUEST % "i" + "}\n"),
    ],
)  # fmt: skip
def test_what_is_not_known_stays_so(path, text):
    assert pulled(text, path) == []


@pytest.mark.parametrize(
    "text", ["i = 'a:1'\n", "i = {'a': i}\n", "f'{a(\"b\", ' ", "i[", "i = i + i[i.i]\n"]
)
def test_reading_a_hostile_text_ends(text):
    body = text * (20_000 // len(text))
    extracted("testcontainers", PY + body + "DockerContainer(i['x'], i, i.i)\n" + body, "test_a.py")
