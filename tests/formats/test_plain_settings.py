"""Settings of no kind that is known."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.plain_settings import FORMAT
from planner.model.source import SourceFile

POM = "<project><properties>{0}</properties></project>"


def found(text, path):
    return extracted("plain_settings", text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("proxy.properties", "proxy.image=a/b:1\n"),
        ("proxy.properties", "proxy.imageName : a/b:1\r\n"),
        ("proxy.properties", "proxy.image=docker.io/a/b\\:1\n"),
        ("versions.env", "export PROXY_IMAGE=a/b:1  # why\n"),
        ("versions.env", 'PROXY_IMAGE="a/b:1"\n'),
        ("Cross.toml", '[target.x86_64]\nimage = "a/b:1"\n'),
        ("Cross.toml", '[target.x86_64]\nimage.name = "a/b:1"\n'),
        ("config.toml", "[runners.docker]\nimage = 'a/b:1'\n"),
        ("runtime.ini", "[pause]\nimage = a/b:1\n"),
        ("reference.conf", '  proxy-image = "a/b:1"\n'),
        ("pinned.cfg", "[x86_64]\nproxy = docker.io/a/b:1\n"),
        ("pom.xml", POM.format("<proxy.container.image>\n a/b:1 </proxy.container.image>")),
        ("pom.xml", POM.format("<!-- <x.image>c/d:2</x.image> --><proxy.image>a/b:1</proxy.image>")),
    ],
)
def test_image_of_a_setting(path, text):
    assert found(text, path).roles == [("docker.io/a/b:1", "workload")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.properties", "proxy.image=a/b\n"),
        ("a.properties", "proxy.image=web:1\n"),
        ("a.properties", "# proxy.image=a/b:1\n"),
        ("a.properties", "proxy.url=a/b:1\n"),
        ("a.properties", "spring-boot.build-image.imageName=a/b:1\n"),
        ("a.properties", "proxy.image=${REGISTRY}/b:1\n"),
        ("a.toml", 'image = "https://a.example/b.png:1"\n'),
        ("a.toml", 'tags = ["docker.io/a/b:1"]\n'),
        ("fly.toml", '[env]\nPROXY_IMAGE = "a/b:1"\n'),
        ("a.toml", 'tasks.x = { environment = { IMAGE = "docker.io/a/b:1" } }\n'),
        ("pom.xml", POM.format("<base.java>docker.io/a/b:1</base.java>")),
        ("a.toml", '[push]\nimage = "a/b:1"\n'),
        ("a.ini", "host = registry.example.com:5000\n"),
        ("a.env", "DATABASE_URL=redis:6379\n"),
        (".env", "PROXY_IMAGE=a/b:1\n"),
        (".env.example", "PROXY_IMAGE=a/b:1\n"),
        ("gradle.properties", "dockerImage=a/b:1\n"),
        ("pom.xml", POM.format("<!-- <proxy.image>a/b:1</proxy.image> -->")),
        ("pom.xml", "<project><configuration><to.image>a/b:1</to.image></configuration></project>"),
    ],
)
def test_other_settings_are_none(path, text):
    assert found(text, path).found == []


def test_settings_of_tests_are_for_tests():
    assert found("x.image=redis:7\n", "src/test/resources/x.properties").roles == [
        ("docker.io/library/redis:7", "test")
    ]


@given(
    st.sampled_from(["a.toml", "a.ini", "pom.xml"]),
    st.lists(
        st.sampled_from(
            ["image", "=", "a/b:1", '"', "\n", "[", "]", "#", "<properties>", "<!--", "<x.image>", "</"]
        )
    ),
)
def test_any_text_is_read(path, parts):
    text = "".join(parts)
    for candidate in FORMAT.extract(SourceFile(path, text), {}):
        for run in candidate.value.runs:
            assert text[run.start : run.start + len(run.text)] == run.text
