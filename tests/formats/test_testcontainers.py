"""Testcontainers in the languages it is written for."""

import pytest
from extracted import extracted


def found(text, path="src/test/java/T.java", **given):
    return extracted("testcontainers", text, path, **given)


NGINX = "docker.io/library/nginx:1"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("T.java", 'import org.testcontainers.X;\nvar c = new GenericContainer<>("nginx:1");\n'),
        (
            "T.java",
            'import org.testcontainers.X;\nvar c = new XContainer<>(DockerImageName.parse("nginx:1"));\n',
        ),
        ("T.java", 'import org.testcontainers.X;\nDockerImageName.parse("nginx").withTag("1");\n'),
        ("T.kt", 'import org.testcontainers.X\nval c = GenericContainer("nginx:1")\n'),
        (
            "a_test.go",
            'import "github.com/testcontainers/testcontainers-go"\n'
            'var r = testcontainers.ContainerRequest{Image: "nginx:1"}\n',
        ),
        (
            "test_a.py",
            'from testcontainers.core.container import DockerContainer\nDockerContainer("nginx:1")\n',
        ),
        (
            "a.test.ts",
            'import { GenericContainer } from "testcontainers";\nnew GenericContainer("nginx:1");\n',
        ),
        ("T.cs", 'using DotNet.Testcontainers;\nnew ContainerBuilder().WithImage("nginx:1").Build();\n'),
        ("a.rs", 'use testcontainers::GenericImage;\nlet i = GenericImage::new("nginx", "1");\n'),
    ],
)
def test_image_of_a_container(path, text):
    assert found(text, path).roles == [(NGINX, "test")]


def test_constant_of_the_file_is_filled_in():
    text = (
        "import org.testcontainers.X;\n"
        'static final String I = "nginx:1";\nvar c = new GenericContainer<>(I);\n'
    )
    assert found(text).pulled == [NGINX]


def test_substitute_is_no_pull():
    text = (
        "import org.testcontainers.X;\n"
        'DockerImageName.parse("ghcr.io/a/b:1").asCompatibleSubstituteFor("postgres");\n'
    )
    assert found(text).pulled == ["ghcr.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        'import org.testcontainers.X;\n// new GenericContainer<>("nginx:1")\n',
        'import org.testcontainers.X;\nlog.info("nginx:1");\n',
    ],
)
def test_other_texts_name_nothing(text):
    assert found(text).found == []
