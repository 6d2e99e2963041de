"""Maven: commands and settings of a build, and properties for the POMs below."""

import pytest
from extracted import extracted


def project(text, path="pom.xml"):
    return extracted("maven", f"<project>{text}</project>", path)


def executed(configuration):
    return project(
        f"<plugin><artifactId>exec-maven-plugin</artifactId><configuration>{configuration}</configuration></plugin>"
    )


def test_command_with_arguments():
    found = executed(
        "<executable>docker</executable><arguments><argument>pull</argument><argument>a/b:1</argument></arguments>"
    )
    assert found.roles == [("docker.io/a/b:1", "script")]


def test_command_as_a_line():
    found = executed("<executable>docker</executable><commandlineArgs>run --rm a/b:1 x</commandlineArgs>")
    assert found.pulled == ["docker.io/a/b:1"]


def test_task_of_ant():
    text = '<exec executable="docker"><arg value="pull"/><arg value="a/b:1"/></exec>'
    assert project(text).pulled == ["docker.io/a/b:1"]


def test_task_of_ant_with_a_line():
    assert project("<exec executable='docker'><arg line='pull a/b:1'/></exec>").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize("section", ["systemPropertyVariables", "environmentVariables"])
def test_setting_of_tests_that_is_named_after_an_image(section):
    found = project(f"<{section}><db.image>postgres:16</db.image></{section}>")
    assert found.roles == [("docker.io/library/postgres:16", "test")]


@pytest.mark.parametrize("value", ["images/logo.png", "true", "postgres", "${unknown}:1"])
def test_setting_that_is_no_reference(value):
    assert project(f"<properties><x.image>{value}</x.image></properties>").found == []


def test_property_that_the_file_uses_is_read_where_it_is_used():
    text = "<properties><x.image>a/b:1</x.image></properties><y>${x.image}</y>"
    assert project(text).items == ()


def test_modules_are_told_the_properties():
    found = project("<modules><module>a</module></modules><properties><v>1</v></properties>", "top/pom.xml")
    variables = {"top/pom.xml\n": "\n", "top/pom.xml\nv": "1"}
    assert ("top/**", "jib", variables) in found.bindings


def test_parent_beside_its_children_tells_them_too():
    found = project("<packaging>pom</packaging><properties><v>1</v></properties>", "top/parent/pom.xml")
    assert {target for target, _, _ in found.bindings} == {"top/**"}


def test_project_that_nobody_inherits_from_tells_nothing():
    assert project("<properties><v>1</v></properties>").bindings == []


def test_reading_a_property_that_is_set_very_often_ends():
    project("<properties>" + "<a.image>x/y:1</a.image>" * 20_000 + "</properties>")


@pytest.mark.parametrize("name", ["docker.image.mysql", "image.replica"])
def test_property_that_names_an_image_in_any_place(name):
    found = project(f"<properties><{name}>quay.io/a/b:1</{name}></properties>")
    assert found.roles == [("quay.io/a/b:1", "workload")]


@pytest.mark.parametrize("name", ["image.name.prefix", "image.version", "docker.url"])
def test_property_about_an_image_is_none(name):
    assert project(f"<properties><{name}>a:1</{name}></properties>").pulled == []
