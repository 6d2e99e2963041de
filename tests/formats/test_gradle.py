"""Gradle: plugins for Docker, commands, and values of gradle.properties."""

import pytest
from extracted import extracted


def groovy(text, path="build.gradle"):
    return extracted("gradle", text, path)


def kotlin(text):
    return groovy(text, "build.gradle.kts")


@pytest.mark.parametrize(
    "text",
    [
        "task x(type: Dockerfile) { from 'a/b:1' }",
        "tasks.register('x', Dockerfile) {\n  from('a/b:1')\n}",
        "docker { javaApplication { baseImage = 'a/b:1' } }",
        "dockerfile { baseImage 'a/b:1' }",
        "tasks.create('x', Dockerfile) { from(new Dockerfile.From('a/b:1').withStage('s')) }",
    ],
)
def test_base(text):
    assert groovy(text).roles == [("docker.io/a/b:1", "base")]


def test_base_with_a_stage_is_an_instruction():
    found = groovy("task x(type: Dockerfile) { from 'a/b:1 AS s' }")
    assert [str(item.text) for item in found.embedded] == ["FROM a/b:1 AS s"]


def test_what_is_copied_is_no_base():
    assert groovy("task x(type: Copy) { from 'src/docker' }").items == ()


@pytest.mark.parametrize(
    "text",
    [
        "task x(type: DockerPullImage) { image = 'a/b:1' }",
        "tasks.register('x', DockerCreateContainer) { targetImageId 'a/b:1' }",
        "dockerRun { image 'a/b:1' }",
        "task x(type: Exec) { commandLine 'docker', 'run', 'a/b:1' }",
        "exec { commandLine = ['docker', 'pull', 'a/b:1'] }",
        "'docker pull a/b:1'.execute()",
    ],
)
def test_image_that_is_pulled(text):
    assert groovy(text).roles == [("docker.io/a/b:1", "script")]


@pytest.mark.parametrize(
    "text",
    [
        "tasks.register('x', DockerCreateContainer) { targetImageId y.getImageId() }",
        "exec { commandLine 'echo', 'docker', 'pull', 'a/b:1' }",
        "jib { from { image = 'a/b:1' } }",
        "/* docker { baseImage = 'a/b:1' } */",
    ],
)
def test_what_is_not_pulled_here(text):
    assert groovy(text).items == ()


@pytest.mark.parametrize(
    "text",
    [
        "task x(type: DockerBuildImage) { images.add('a/b:1') }",
        "task x(type: DockerBuildImage) { images = ['a/b:1'] }",
        "docker { name 'a/b:1' }",
        "docker { tag 'hub', 'a/b:1' }",
    ],
)
def test_name_that_is_built(text):
    assert groovy(text).outputs == ["docker.io/a/b:1"]


def test_micronaut_in_kotlin():
    text = 'tasks.named<MicronautDockerfile>("dockerfile") { baseImage.set("a/b:1") }'
    assert kotlin(text).pulled == ["docker.io/a/b:1"]


def test_variable_of_a_loop_has_several_values():
    text = 'listOf("1", "2").forEach { v -> exec { commandLine("docker", "pull", "a/b:$v") } }'
    assert kotlin(text).pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_arguments_reach_the_dockerfile():
    text = "task x(type: DockerBuildImage) { inputDir = file('web')\n buildArgs = ['V': '1'] }"
    assert groovy(text, "app/build.gradle").bindings == [("app/web/Dockerfile", "dockerfile", {"V": "1"})]


def test_setting_of_tests():
    assert groovy("test { systemProperty 'db.image', 'postgres:16' }").roles == [
        ("docker.io/library/postgres:16", "test")
    ]


def test_properties_are_told_to_the_scripts_below():
    found = extracted("gradle", "# x\nv = 1\n", "app/gradle.properties")
    assert ("app/**", "jib", {"gradle.properties\napp\nv": "1"}) in found.bindings


def test_property_of_the_nearest_folder_counts():
    given = {"gradle.properties\n\nv": "1", "gradle.properties\napp\nv": "2"}
    found = extracted("gradle", 'docker { name "a/b:${v}" }', "app/build.gradle", **given)
    assert found.outputs == ["docker.io/a/b:2"]


def test_reading_a_variable_that_is_set_by_way_of_itself_very_often_ends():
    text = "".join(
        f'val {name} = find("{other}").getOrElse("x:{number}")\n'
        for number in range(64)
        for name, other in ("ab", "ba")
    )
    extracted("jib", f"{text}jib {{ from {{ image = a }} }}", "build.gradle.kts")


def test_versions_of_a_catalog_are_given_to_the_scripts_below_its_project():
    text = '[versions]\npg-db = "17"\njava = {strictly = "21"}\n[libraries]\na = "b:c:1"\n'
    found = extracted("gradle", text, "app/gradle/libs.versions.toml")
    known = {"libs.versions.pg.db": "17", "libs.versions.java": "21"}
    given = {f"gradle.properties\napp\n{name}": value for name, value in known.items()}
    assert ("app/**", "jib", given) in found.bindings


@pytest.mark.parametrize("path", ["app/build.gradle", "app/build.gradle.kts"])
def test_version_of_a_catalog_in_a_string(path):
    given = {"gradle.properties\napp\nlibs.versions.pg.db": "17"}
    text = 'commandLine("docker", "run", "postgres:${libs.versions.pg.db.get()}")\n'
    assert extracted("gradle", text, path, **given).pulled == ["docker.io/library/postgres:17"]
