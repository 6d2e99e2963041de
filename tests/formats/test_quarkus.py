"""Quarkus and its like: settings of applications."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

PLACE = "src/main/resources/application.properties"


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("quarkus.jib.base-jvm-image", "base"),
        ("quarkus.native.builder-image", "base"),
        ("%prod.quarkus.buildpack.jvm-builder-image", "base"),
        ("quarkus.datasource.devservices.image-name", "test"),
        ('quarkus.datasource."audit".devservices.image-name', "test"),
        ("quarkus.aws.devservices.localstack.image-name", "test"),
        ("test-resources.containers.kafka.image-name", "test"),
        ("embedded.postgresql.docker-image", "test"),
        ('quarkus.kubernetes.sidecars."log".image', "workload"),
    ],
)
def test_setting_that_names_an_image(key, role):
    assert extracted("quarkus", f"{key}=a/b:1\n", PLACE).roles == [("docker.io/a/b:1", role)]


@pytest.mark.parametrize(
    "line",
    [
        "quarkus.native.builder-image=mandrel",
        "quarkus.native.builder-image=GRAALVM",
        "quarkus.jib.base-jvm-image=docker://a/b:1",
        "# quarkus.jib.base-jvm-image=a/b:1",
        "my.image-name=a/b:1",
        "quarkus.datasource.devservices.image-name=",
    ],
)
def test_what_names_no_image(line):
    assert not extracted("quarkus", line, PLACE).found


def test_value_of_another_setting_is_filled_in():
    text = "v=16\nquarkus.datasource.devservices.image-name=postgres:${v}\n"
    assert extracted("quarkus", text, PLACE).pulled == ["docker.io/library/postgres:16"]


def test_default_of_an_expression_counts():
    text = "quarkus.jib.base-jvm-image=${BASE:a/b:1}\n"
    assert extracted("quarkus", text, PLACE).pulled == ["docker.io/a/b:1"]


def test_each_profile_has_its_value():
    text = "v=1\n%dev.v=2\nquarkus.jib.base-jvm-image=a/b:${v}\n"
    assert extracted("quarkus", text, PLACE).pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_yaml_is_read_like_properties():
    text = '"%dev":\n  quarkus:\n    kafka.devservices:\n      image-name: a/b:1\n'
    assert extracted("quarkus", text, "application.yml").pulled == ["docker.io/a/b:1"]


def test_property_of_a_pom():
    key = "quarkus.jib.base-jvm-image"
    text = f"<project><properties><{key}>a/b:1</{key}></properties></project>"
    assert extracted("quarkus", text, "pom.xml").pulled == ["docker.io/a/b:1"]


def test_name_that_is_built():
    text = "".join(
        f"quarkus.container-image.{key}={value}\n"
        for key, value in {"registry": "ghcr.io", "group": "a", "name": "b", "tag": "1"}.items()
    )
    assert extracted("quarkus", text, PLACE).outputs == ["ghcr.io/a/b:1"]


_TOKENS = [
    "quarkus.jib.base-jvm-image",
    "=",
    ":",
    "${",
    "}",
    "\\",
    "\n",
    "a/b:1",
    "%dev.",
    '"',
    "  ",
    "é",
    "~",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_TOKENS), max_size=40).map("".join), st.sampled_from(["properties", "yml"]))
def test_any_text_is_read(text, ending):
    found = extracted("quarkus", text, f"application.{ending}")
    assert all(0 <= item.start <= len(text) for item in found.items if hasattr(item, "start"))
