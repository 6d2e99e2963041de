"""Builds in commands and settings: which Dockerfile they mean, and what they give to it."""

import pytest
from extracted import extracted

from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._shell_words import Word
from planner.model.source import Text

BUILD = "docker build --build-arg V=1 -t acme/x app"
V = {"V": "1"}
BASE = {"--build-context base": "./base"}


def given(script, path="build.sh"):
    return [(target, values) for target, _, values in extracted("shell", script, path).bindings]


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        ("bamboo", "bamboo-specs/bamboo.yml", f"job:\n  tasks:\n  - script: {BUILD}\n"),
        ("buddy", "buddy.yml", f"- actions:\n  - execute_commands:\n    - {BUILD}\n"),
        ("ddev", ".ddev/config.yaml", f"hooks: {{post-start: [{{exec-host: '{BUILD}'}}]}}"),
        (
            "devspace",
            "devspace.yaml",
            f"commands: {{x: {{command: {BUILD}}}}}\nhooks: [{{command: {BUILD}}}]",
        ),
        ("drone", ".drone.yml", f"kind: pipeline\nsteps: [{{name: x, image: a, commands: [{BUILD}]}}]"),
        ("drone", ".drone.star", f'def main(c): return {{"steps": [{{"commands": ["{BUILD}"]}}]}}'),
        ("gocd", "x.gocd.yaml", f"pipelines: {{x: {{stages: [{{s: {{tasks: [{{script: {BUILD}}}]}}}}]}}}}"),
        ("gitlab_ci", ".gitlab-ci.yml", f"x: {{script: [{BUILD}]}}"),
        ("justfile", "justfile", f"x:\n  {BUILD}\n"),
        ("makefile", "Makefile", f"x:\n\t{BUILD}\n"),
        ("okteto", "okteto.yml", f"deploy: [{BUILD}]"),
        ("package_json", "package.json", f'{{"scripts": {{"x": "{BUILD}"}}}}'),
        ("screwdriver", "screwdriver.yaml", f"jobs: {{main: {{image: a, steps: [{{x: {BUILD}}}]}}}}"),
        ("taskfile", "Taskfile.yml", f"version: 3\ntasks: {{x: {{cmds: [{BUILD}]}}}}"),
        ("teamcity", ".teamcity/settings.kts", f'script {{ scriptContent = "{BUILD}" }}'),
        ("woodpecker", ".woodpecker.yml", f"steps: {{x: {{image: a, commands: [{BUILD}]}}}}"),
    ],
)
def test_build_in_a_script_gives_its_arguments_to_the_dockerfile(name, path, text):
    bindings = extracted(name, text, path).bindings
    assert ("app/Dockerfile", "dockerfile", V) in bindings


@pytest.mark.parametrize("command", ["docker build", "docker buildx build", "podman build", "buildah bud"])
def test_context_of_a_command_is_given_to_the_dockerfile(command):
    assert given(f"{command} --build-context base=./base .") == [("Dockerfile", {}), ("Dockerfile", BASE)]


def test_script_runs_beside_itself_or_at_the_root():
    assert given(BUILD, "scripts/build.sh") == [("scripts/app/Dockerfile", V), ("app/Dockerfile", V)]


@pytest.mark.parametrize(
    ("command", "target"),
    [
        ("cd web && docker build --build-arg V=1 .", "web/Dockerfile"),
        ('docker build --build-arg V=1 -f web/D "$PWD"', "web/D"),
        ("/kaniko/executor --context dir://web --build-arg V=1", "web/Dockerfile"),
    ],
)
def test_dockerfile_of_a_command(command, target):
    assert given(command) == [(target, V)]


@pytest.mark.parametrize("operand", ["https://x.io/r.git", "/srv", "../x", "-", '"$1"', "~/x", "C:/x"])
def test_dockerfile_that_is_not_in_the_tree_or_not_known(operand):
    assert given(f"docker build --build-arg V=1 {operand}") == []


def test_context_that_one_build_of_a_script_lacks_is_not_always_there():
    script = "docker build --build-context base=./base .\ndocker build --build-arg V=1 .\n"
    assert given(script) == [("Dockerfile", BASE), ("Dockerfile", V)]


def test_argument_of_several_values_is_several_uses():
    assert given('for v in 1 2; do docker build --build-arg "V=$v" .; done') == [
        ("Dockerfile", {"V": "1"}),
        ("Dockerfile", {"V": "2"}),
    ]


@pytest.mark.parametrize(
    ("root", "context", "dockerfile", "target"),
    [
        ("a", ".", "", "a/Dockerfile"),
        ("a", "b", "D", "a/D"),
        ("a", "../b", "", "b/Dockerfile"),
        ("", "https://x.io/r", "", ""),
        ("", "..", "", ""),
        ("", "/srv", "", ""),
    ],
)
def test_dockerfile_of_settings(root, context, dockerfile, target):
    found = dockerfile_use(root, context, dockerfile, {"V": Word.literal(Text.of("1"))})
    assert [binding.target for binding in found] == [target][: bool(target)]
