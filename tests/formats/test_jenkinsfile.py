"""Jenkins: agents, containers, pods and scripts of pipelines."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "pipeline {", "agent {", "docker 'a:1'", "image 'x:${V}'", "docker.image(", "docker.build('a')",
    ".inside {",
    "sh '''", '"""', "'", '"', "${", "}", ")", "]", "yaml ", "environment {", "X = 'y'", "\n", " ", ",",
    "image: a", "containers:", "withEnv(['A=b'])", "axis {", "values 'a', 'b'", "name 'A'", "\\", "/*", "$/",
)  # fmt: skip


def pipeline(text, path="Jenkinsfile"):
    return extracted("jenkinsfile", text, path)


@pytest.mark.parametrize(
    "text",
    [
        "agent { docker 'a/b:1' }",
        "agent { docker { image 'a/b:1'; args '-v x:y' } }",
        "agent {\n docker {\n  label 'x'\n  image('a/b:1')\n }\n}",
        "agent { docker image: 'a/b:1', args: '-u root' }",
        "agent { dockerContainer { image 'a/b:1' } }",
        "agent { kubernetes { containerTemplate { name 'x'; image 'a/b:1' } } }",
        "podTemplate(containers: [containerTemplate(name: 'x', image: 'a/b:1')]) {}",
        "dockerNode('a/b:1') { sh 'make' }",
        "dockerNode(image: 'a/b:1') { sh 'make' }",
        "docker.image('a/b:1').inside { sh 'make' }",
        "this.script.docker.image('a/b:1').inside('-u root') { }",
        "job('x') { wrappers { buildInDocker { image('a/b:1') } } }",
        "def v = '1'\nagent { docker \"a/b:${v}\" }",
        "environment { V = '1' }\nagent { docker \"a/b:${env.V}\" }",
        "parameters { string(name: 'V', defaultValue: '1') }\nagent { docker 'a/b:' + params.V }",
        "docker.image(config.image ?: 'a/b:1').inside { }",
    ],
)
def test_image_that_steps_run_in(text):
    assert pipeline(text).roles == [("docker.io/a/b:1", "step")]


@pytest.mark.parametrize(
    ("call", "role"),
    [(".withRun('-p 80:80') { c -> }", "service"), (".run()", "service"), (".pull()", "script")],
)
def test_role_is_told_by_what_is_done_with_the_image(call, role):
    assert pipeline(f"docker.image('a/b:1'){call}").roles == [("docker.io/a/b:1", role)]


@pytest.mark.parametrize(
    "text",
    [
        "docker.build('a/b:1')",
        "def app = docker.build('a/b:1', '-f x/Dockerfile .')\napp.push()",
        "docker.image('a/b:1').push('latest')",
        "def app = docker.image('a/b:1')\napp.push()\napp.push('latest')",
    ],
)
def test_what_is_built_or_pushed_is_an_output(text):
    assert pipeline(text).roles == [("docker.io/a/b:1", "output")]


def test_image_that_is_built_here_is_not_pulled():
    assert pipeline("docker.build('a/b:1')\ndocker.image('a/b:1').inside { }").pulled == []


@pytest.mark.parametrize(
    "text",
    [
        "agent { docker { image 'a/b:1'; registryUrl 'https://r.io/' } }",
        "docker.withRegistry('https://r.io', 'x') { stage('y') { docker.image('a/b:1').inside { } } }",
        "docker.withRegistry('https://r.io') { docker.image('r.io/a/b:1').inside { } }",
    ],
)
def test_registry_is_put_before_a_name_without_it(text):
    assert pipeline(text).pulled == ["r.io/a/b:1"]


def test_registry_that_is_not_known_leaves_the_image_open():
    found = pipeline('docker.withRegistry("https://${REG}") { docker.image("a/b:1").inside { } }')
    assert [text for text, _ in found.unresolved] == ["a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        "sh 'docker pull a/b:1'",
        "sh(script: 'docker pull a/b:1', returnStdout: true)",
        "def x = sh script: '''\n docker pull a/b:1\n''', returnStdout: true",
        'sh returnStatus: true,\n   script: "docker pull a/b:1"',
        "environment { V = '1' }\nsh 'docker pull a/b:$V'",
        "withEnv(['V=1']) { sh \"docker pull a/b:\\$V\" }",
        "'docker pull a/b:1'.execute()",
    ],
)
def test_script_is_read(text):
    assert pipeline(text).roles == [("docker.io/a/b:1", "script")]


@pytest.mark.parametrize(("step", "name"), [("bat", "batch"), ("pwsh", "powershell")])
def test_scripts_of_windows_are_left_to_their_formats(step, name):
    assert [item.formats for item in pipeline(f"{step} 'docker pull a'").embedded] == [(name,)]


def test_every_value_of_an_axis_counts():
    text = "axis { name 'V'; values '1', '2' }\nagent { docker \"a/b:${V}\" }"
    assert pipeline(text).pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_every_choice_of_a_parameter_counts():
    text = "choice(name: 'V', choices: ['1', '2'])\nsh \"docker pull a/b:${params.V}\""
    assert pipeline(text).pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_value_of_several_assignments_at_once():
    text = "environment { A = B = 'a/b:1' }\nagent { docker \"$B\" }"
    assert pipeline(text).pulled == ["docker.io/a/b:1"]


def test_comparison_sets_nothing():
    text = "environment { A = X == 'a/b:1' ? 'c/d:1' : 'e/f:1' }\nagent { docker \"$A\" }"
    assert pipeline(text).pulled == ["docker.io/c/d:1", "docker.io/e/f:1"]


def test_pod_in_a_string():
    text = 'def v = \'2\'\nkubernetes { yaml """\nspec:\n  containers:\n  - image: a/b:${v}\n""" }'
    assert pipeline(text).roles == [("docker.io/a/b:2", "step")]


@pytest.mark.parametrize("container", ["{name: c, image: a/b:1}", '{"image": "a/b:1"}'])
def test_pod_on_one_line(container):
    text = f"kubernetes {{ yaml '''\nspec: {{containers: [{container}]}}\n''' }}"
    assert pipeline(text).roles == [("docker.io/a/b:1", "step")]


def test_margin_of_a_pod_is_taken_off():
    text = "yaml '''\n  |spec:\n  |  containers:\n  |  - image: a/b:1\n'''.stripMargin()"
    assert pipeline(text).pulled == ["docker.io/a/b:1"]


def test_arguments_of_a_dockerfile_are_given_to_it():
    text = "agent { dockerfile { filename 'x.Dockerfile'; dir 'ci'; additionalBuildArgs '--build-arg A=b' } }"
    assert ("ci/x.Dockerfile", "dockerfile", {"A": "b"}) in pipeline(text).bindings


def test_what_is_not_set_is_told():
    assert [text for text, _ in pipeline('docker.image("a/b:${V}").inside { }').unresolved] == ["a/b:${V}"]


@pytest.mark.parametrize(
    "text",
    [
        "def call(String image) { docker.image(image).inside { } }",
        "agent { dockerfile true }",
        "// docker.image('a/b:1')",
        "echo 'docker pull a/b:1'",
        "options { image 'a/b:1' }",
        "def image = 'a/b:1'",
    ],
)
def test_text_that_names_no_image(text):
    assert (pipeline(text).pulled, pipeline(text).unresolved) == ([], [])


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_can_be_read(text):
    assert all(0 <= item.start <= len(text) for item in pipeline(text).items if hasattr(item, "start"))


@pytest.mark.parametrize(
    "opener",
    [
        "docker.image(",
        "sh '",
        'sh "${',
        "agent { docker { ",
        "x = docker.image('a')\n",
        "image a + ",
        "yaml '''",
        "a=",
        "env.A = ",
        "environment { A = (",
        "/\\",
    ],
)
def test_reading_a_hostile_text_ends(opener):
    pipeline(opener * (200_000 // len(opener)))  # a reading whose time grows with the square never ends here


@pytest.mark.parametrize("path", ["ci/release.jenkinsFile", "Jenkinsfile.release", "deploy.jenkinsfile"])
def test_pipeline_is_told_by_its_name(path):
    assert pipeline("agent { docker 'a/b:1' }", path).pulled == ["docker.io/a/b:1"]
