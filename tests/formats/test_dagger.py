"""Dagger: the base images of containers."""

import pytest
from extracted import extracted


def read(path, text):
    return extracted("dagger", ("# " if path.endswith(".py") else "// ") + "dagger\n" + text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.go", 'dag.Container().From("redis:7").WithExec([]string{"x"})'),
        ("main.go", 'client.\n\tContainer(dagger.ContainerOpts{}).\n\tFrom("redis:" + v)\nconst v = "7"'),
        ("main.go", 'base.From("redis:7")'),
        ("main.py", 'dag.container().from_("redis:7")'),
        ("main.py", 'dag.container().from_(address="redis:7")'),
        ("index.ts", "dag.container().from('redis:7')"),
        ("Main.java", 'dag().container().from("redis:7")'),
    ],
)
def test_base_of_a_container(path, text):
    assert read(path, text).roles == [("docker.io/library/redis:7", "base")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("index.ts", "Array.from('redis:7'); Buffer.from('a/b:1')"),
        ("main.go", 'sq.Select("a").From("images")'),
        ("main.go", "func f(image string) { dag.Container().From(image) }"),
    ],
)
def test_what_makes_no_container_is_no_image(path, text):
    found = read(path, text)
    assert (found.pulled, found.unresolved) == ([], [])


def test_name_that_is_published_is_an_output():
    assert read("main.go", 'c.Publish(ctx, "ghcr.io/a/b:1")').outputs == ["ghcr.io/a/b:1"]
