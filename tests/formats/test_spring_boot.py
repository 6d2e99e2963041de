"""Spring Boot: images that `build-image` is told, in Maven and in Gradle."""

import pytest
from extracted import extracted


def pom(image):
    configuration = f"<configuration><image>{image}</image></configuration>"
    plugin = f"<plugin><artifactId>spring-boot-maven-plugin</artifactId>{configuration}</plugin>"
    text = f"<project>{plugin}</project>"
    return extracted("spring_boot", text, "pom.xml")


def gradle(text, path="build.gradle"):
    return extracted("spring_boot", text, path)


def test_builder_run_image_and_name():
    found = pom("<name>a/app</name><builder>a/builder:1</builder><runImage>a/run:1</runImage>")
    assert found.roles == [
        ("docker.io/a/builder:1", "base"),
        ("docker.io/a/run:1", "base"),
        ("docker.io/a/app", "output"),
    ]


@pytest.mark.parametrize(
    ("uri", "pulled"),
    [
        ("docker://a/b:1", ["docker.io/a/b:1"]),
        ("gcr.io/a/b:1", ["gcr.io/a/b:1"]),
        ("urn:cnb:builder:a/b", []),
        ("file:///x/y.tgz", []),
        ("paketo-buildpacks/java", []),
    ],
)
def test_buildpack_may_be_an_image(uri, pulled):
    assert pom(f"<buildpacks><buildpack>{uri}</buildpack></buildpacks>").pulled == pulled


def test_property_that_the_plugin_heeds():
    name = "spring-boot.build-image.builder"
    text = f"<project><properties><{name}>a/b:1</{name}></properties></project>"
    assert extracted("spring_boot", text, "pom.xml").pulled == ["docker.io/a/b:1"]


def test_broken_file_is_told():
    text = "<project><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin>"
    assert [reason for _, reason in extracted("spring_boot", text, "pom.xml").unresolved] == [
        "not valid XML at line 1 (no element found)"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "bootBuildImage { builder = 'a/b:1' }",
        "tasks.named('bootBuildImage') { builder = 'a/b:1' }",
        "bootBuildImage.builder = 'a/b:1'",
        "tasks.withType(BootBuildImage) { builder 'a/b:1' }",
    ],
)
def test_builder_in_groovy(text):
    assert gradle(text).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        'tasks.named<BootBuildImage>("bootBuildImage") { builder.set("a/b:1") }',
        'tasks.getByName<BootBuildImage>("x") {\n builder = "a/b:1"\n}',
        'tasks { bootBuildImage { builder.set("a/b:1") } }',
        'tasks.withType<BootBuildImage>().configureEach { builder.set("a/b:1") }',
    ],
)
def test_builder_in_kotlin(text):
    assert gradle(text, "build.gradle.kts").pulled == ["docker.io/a/b:1"]


def test_other_tasks_are_left_alone():
    assert gradle("bootJar { builder = 'a/b:1' }").items == ()


def test_both_branches_count():
    text = 'bootBuildImage { builder.set(if (x) "a/b:1" else "a/b:2") }'
    assert gradle(text, "build.gradle.kts").pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_buildpacks_are_a_list():
    text = "bootBuildImage { buildpacks = ['docker://a/b:1', 'urn:cnb:builder:x'] }"
    assert gradle(text).pulled == ["docker.io/a/b:1"]
