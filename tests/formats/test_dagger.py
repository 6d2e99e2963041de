"""Dagger: the images that functions start from."""

import pytest
from extracted import extracted


def found(text, path="main.go", **given):
    return extracted("dagger", text, path, **given)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.go", 'import "dagger.io/dagger"\nvar c = dag.Container().From("nginx:1")\n'),
        ("main.py", 'import dagger\nfrom dagger import dag\ndag.container().from_("nginx:1")\n'),
        ("index.ts", 'import { dag } from "@dagger.io/dagger"\ndag.container().from("nginx:1")\n'),
    ],
)
def test_image_a_container_starts_from(path, text):
    assert found(text, path).pulled == ["docker.io/library/nginx:1"]


def test_list_that_is_made_from_another_is_none():
    assert found('import "dagger.io/dagger"\n// .From("nginx:1")\n').found == []
