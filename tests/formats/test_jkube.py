"""JKube and docker-maven-plugin: what is built on, run and built."""

import pytest
from extracted import extracted


def pom(configuration, artifact="docker-maven-plugin", rest=""):
    plugin = (
        f"<plugin><artifactId>{artifact}</artifactId><configuration>{configuration}</configuration></plugin>"
    )
    return extracted("jkube", f"<project>{plugin}{rest}</project>", "app/pom.xml")


def image(inner, before=""):
    return pom(f"{before}<images><image>{inner}</image></images>")


def test_image_with_a_build_is_built():
    found = image("<name>a/app</name><build><from>a/base:1</from></build>")
    assert found.roles == [("docker.io/a/app", "output"), ("docker.io/a/base:1", "base")]


def test_image_without_a_build_is_run():
    assert image("<name>postgres:16</name><run/>").roles == [("docker.io/library/postgres:16", "service")]


def test_image_that_is_described_elsewhere_is_left_alone():
    assert image("<name>a/b</name><external><type>compose</type></external>").items == ()


def test_registry_goes_before_names_without_one():
    found = image("<name>postgres:16</name>", "<registry>r.example.com</registry>")
    assert found.pulled == ["r.example.com/postgres:16"]


def test_registry_does_not_go_before_another():
    found = image("<name>quay.io/a/b:1</name>", "<pullRegistry>r.example.com</pullRegistry>")
    assert found.pulled == ["quay.io/a/b:1"]


def test_placeholders_of_the_plugin_stay_in_the_name():
    assert image("<name>a/%a:%l</name><build/>").outputs == ["a/%a:%l"]


@pytest.mark.parametrize(
    ("build", "file"),
    [
        ("<contextDir>${project.basedir}/web</contextDir>", "app/web/Dockerfile"),
        ("<dockerFileDir>docker</dockerFileDir>", "app/docker/Dockerfile"),
        ("<dockerFile>Dockerfile.jvm</dockerFile>", "app/src/main/docker/Dockerfile.jvm"),
        ("<contextDir>c</contextDir><dockerFile>D</dockerFile>", "app/c/D"),
    ],
)
def test_arguments_reach_the_dockerfile(build, file):
    found = image(f"<build>{build}<args><V>1</V></args></build>")
    assert found.bindings == [(file, "dockerfile", {"V": "1"})]


def test_base_of_a_generator():
    configuration = "<generator><config><java-exec><from>a/b:1</from></java-exec></config></generator>"
    assert pom(configuration, "kubernetes-maven-plugin").pulled == ["docker.io/a/b:1"]


def test_image_stream_is_no_image():
    inner = "<java-exec><from>x:1</from><fromMode>istag</fromMode></java-exec>"
    configuration = f"<generator><config>{inner}</config></generator>"
    assert pom(configuration, "openshift-maven-plugin").items == ()


@pytest.mark.parametrize("name", ["jkube.generator.from", "jkube.generator.spring-boot.from", "docker.from"])
def test_property_that_names_a_base(name):
    rest = f"<properties><{name}>a/b:1</{name}></properties>"
    assert pom("", "kubernetes-maven-plugin", rest).pulled == ["docker.io/a/b:1"]


def test_plugins_of_spotify():
    found = pom("<imageName>a/app</imageName><baseImage>java:8</baseImage>")
    assert found.roles == [("docker.io/library/java:8", "base"), ("docker.io/a/app", "output")]


def test_base_in_gradle():
    text = "kubernetes { images { image { name = 'a/app'\n build { from = 'a/b:1' } } } }"
    found = extracted("jkube", text, "build.gradle")
    assert found.roles == [("docker.io/a/b:1", "base"), ("docker.io/a/app", "output")]


def test_reading_a_long_name_under_a_registry_ends():
    found = image(f"<name>{'nginx:1 ' * 100_000}</name>", "<registry>r.example.com</registry>")
    assert found.pulled == []
