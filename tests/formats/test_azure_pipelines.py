"""Azure Pipelines: containers and their aliases, expressions, templates, tasks and scripts."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Binding, Candidate

PATH = "azure-pipelines.yml"


def read(text, path=PATH, **variables):
    return extracted("azure_pipelines", text, path, **variables)


def job(text):
    return f"jobs:\n- job: a\n  {text}\n"


def step(text):
    return job(f"steps: [{{{text}}}]")


def full(*names):
    return [f"docker.io/library/{name}" for name in names]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("resources: {containers: [{container: a, image: 'x:1'}]}", "step"),
        ("resources: {containers: [{container: a, image: 'x:1'}]}\njobs: [{job: j, container: a}]", "step"),
        ("resources: {containers: [{container: a, image: 'x:1'}]}\njobs: [{job: j, container: A}]", "step"),
        (
            "resources: {containers: [{container: a, image: 'x:1'}]}\njobs: [{job: j, services: {s: a}}]",
            "service",
        ),
        (
            "resources: {containers: [{container: a, image: 'x:1'}]}\nsteps: [{script: make, target: a}]",
            "step",
        ),
        ("container: x:1\nsteps: [{script: make}]", "step"),
        (job("container: x:1"), "step"),
        (job("container: {image: 'x:1', endpoint: hub}"), "step"),
        (job("services: {db: 'x:1'}"), "service"),
        (job("services: {db: {image: 'x:1'}}"), "service"),
        ("stages: [{stage: s, jobs: [{job: a, container: 'x:1'}]}]", "step"),
        ("jobs: [{deployment: d, container: 'x:1'}]", "step"),
        ("jobs: [{'${{ if eq(a, b) }}': {job: a, container: 'x:1'}}]", "step"),
        ("jobs:\n- ${{ if eq(a, b) }}:\n  - job: a\n    container: x:1", "step"),
        (job("${{ if eq(a, b) }}: {container: 'x:1'}"), "step"),
        (job("container: {'${{ if eq(a, b) }}': {image: 'x:1'}}"), "step"),
        (job("container: {'${{ if eq(a, b) }}': 'x:1'}"), "step"),
    ],
)
def test_image(text, role):
    assert read(text).roles == [("docker.io/library/x:1", role)]


@pytest.mark.parametrize(
    "text",
    [
        "pool: {vmImage: ubuntu-22.04}\nsteps: [{script: make}]",
        job("container: ''"),
        "parameters: {c: ''}\n" + job("container: ${{ parameters.c }}"),
        "resources: {containers: [{container: a, type: ACR, registry: r, repository: app}]}",
        "resources: {repositories: [{repository: a, name: x/y}]}",
        step("script: make, target: host"),
        step("task: UsePythonVersion@0, inputs: {versionSpec: '3.12'}"),
    ],
)
def test_no_image(text):
    assert read(text).found == []


def test_name_that_is_no_alias_and_has_no_tag_is_not_known():
    assert [spelled for spelled, _ in read(job("services: {db: pg}")).unresolved] == ["pg"]


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("jobs: [{job: a, container: 'x:1'}]", "ci/build.yml", 1),
        ("steps: [{script: docker pull x:1}]", "steps.yml", 1),
        ("stages: [{stage: a, jobs: [{job: b, container: 'x:1'}]}]", "s.yml", 1),
        ("jobs: {a: {container: 'x:1'}}", "ci.yml", 0),
        ("stages: [build]\na: {image: 'x:1'}", "ci.yml", 0),
        ("steps: [{name: a, image: 'x:1'}]", "ci.yml", 0),
        ("apiVersion: v1\nsteps: [{script: docker pull x:1}]", "ci.yml", 0),
    ],
)
def test_file_of_any_name_is_told_by_its_lists(text, path, expected):
    assert len(read(text, path).pulled) == expected


@pytest.mark.parametrize(
    ("variables", "spelled"),
    [
        ("{V: '1'}", "x:$(V)"),
        ("{V: '1'}", "x:$(v)"),
        ("[{name: V, value: '1'}]", "x:$(V)"),
        ("{V: '1'}", "x:${{ variables.V }}"),
        ("{V: '1'}", "x:${{ variables['V'] }}"),
        ("{I: 'x:1'}", "$[ variables['I'] ]"),
        ("{I: 'x:$(V)', V: '1'}", "$(I)"),
        ("{a.b: '1'}", "x:$(a.b)"),
    ],
)
def test_variable(variables, spelled):
    assert read(f"variables: {variables}\n" + job(f'container: "{spelled}"')).pulled == full("x:1")


def test_variable_of_a_job_goes_before_that_of_the_file():
    text = "variables: {V: '1'}\n" + job("variables: {V: '2'}\n  container: x:$(V)")
    assert read(text).pulled == full("x:2")


def test_variable_that_conditions_set_has_every_value():
    one, other = "{name: V, value: '1'}", "{name: V, value: '2'}"
    text = f"variables:\n- ${{{{ if eq(a, b) }}}}:\n  - {one}\n- ${{{{ else }}}}:\n  - {other}\n"
    assert read(text + job("container: x:$(V)")).pulled == full("x:1", "x:2")


@pytest.mark.parametrize(
    ("parameters", "spelled", "expected"),
    [
        ("[{name: i, default: 'x:1'}]", "${{ parameters.i }}", ["x:1"]),
        ("{i: 'x:1'}", "${{ parameters.i }}", ["x:1"]),
        # Once for each place that says it: all of them have to be edited.
        ("[{name: i, default: 'x:1', values: ['x:1', 'x:2']}]", "${{ parameters.i }}", ["x:1", "x:1", "x:2"]),
        ("[{name: i, default: {image: 'x:1'}}]", "${{ parameters.i.image }}", ["x:1"]),
        ("[{name: i, default: {image: 'x:1'}}]", "${{ parameters.i }}", ["x:1"]),
        ("[{name: i, default: ''}]", "${{ coalesce(parameters.i, 'x:1') }}", ["x:1"]),
        ("[]", "${{ iif(eq(a, 'b'), 'x:1', 'x:2') }}", ["x:1", "x:2"]),
    ],
)
def test_parameter(parameters, spelled, expected):
    assert read(f"parameters: {parameters}\n" + job(f'container: "{spelled}"')).pulled == full(*expected)


@pytest.mark.parametrize(
    ("default", "spelled", "expected"),
    [
        ("['x:1', 'x:2']", "${{ i }}", ["x:1", "x:2"]),
        ("[{n: x, t: '1'}, {n: y, t: '2'}]", "${{ i.n }}:${{ i.t }}", ["x:1", "y:2"]),
        ("{a: 'x:1'}", "${{ i.value }}", ["x:1"]),
        ("{x: '1'}", "${{ i.key }}:${{ i.value }}", ["x:1"]),
    ],
)
def test_loop(default, spelled, expected):
    text = (
        f"parameters: [{{name: all, default: {default}}}]\n"
        f"jobs:\n- ${{{{ each i in parameters.all }}}}:\n  - job: a\n    container: {spelled}\n"
    )
    assert read(text).pulled == full(*expected)


@pytest.mark.parametrize(
    ("matrix", "spelled", "expected"),
    [
        ("{a: {v: '1'}, b: {v: '2'}}", "x:$(v)", ["x:1", "x:2"]),
        ("{a: {i: x, v: '1'}, b: {i: y, v: '2'}}", "$(i):$(v)", ["x:1", "y:2"]),
        ("{a: {i: 'x:1'}}", "$[ variables['i'] ]", ["x:1"]),
    ],
)
def test_matrix(matrix, spelled, expected):
    text = job(f'strategy: {{matrix: {matrix}}}\n  container: "{spelled}"')
    assert read(text).pulled == full(*expected)


def test_matrix_may_be_a_parameter():
    text = "parameters: [{name: m, default: {a: {v: '1'}, b: {v: '2'}}}]\n"
    text += job("strategy: {matrix: '${{ parameters.m }}'}\n  container: x:$(v)")
    assert read(text).pulled == full("x:1", "x:2")


@pytest.mark.parametrize("key", ["script", "bash", "pwsh", "powershell"])
def test_script(key):
    assert read(step(f"{key}: docker pull x:1")).roles == [("docker.io/library/x:1", "script")]


@pytest.mark.parametrize(
    "text",
    [
        step("script: docker pull x:$(V)"),
        step("script: docker pull x:$V"),
        step("script: 'docker pull x:${{ variables.V }}'"),
        step("script: docker pull $I, env: {I: 'x:$(V)'}"),
        step("task: Bash@3, inputs: {targetType: inline, script: docker pull x:$(V)}"),
        step("task: AzureCLI@2, inputs: {inlineScript: docker pull x:$(V)}"),
        "jobs: [{deployment: d, strategy: {runOnce: {deploy: {steps: [{script: docker pull x:$(V)}]}}}}]",
        "jobs: [{deployment: d, strategy: {canary: {on: {failure: {steps: [{bash: docker pull x:$(V)}]}}}}}]",
    ],
)
def test_script_sees_variables(text):
    assert read("variables: {V: '1'}\n" + text).pulled == full("x:1")


def test_variable_of_powershell():
    assert read("variables: {V: '1'}\n" + step("pwsh: docker pull x:$env:V")).pulled == full("x:1")


def test_substitution_of_the_shell_is_no_macro():
    ((spelled, reason),) = read(step("bash: docker pull x:$(date)")).unresolved
    assert (spelled, "computed when the script runs" in reason) == ("x:$(date)", True)


@pytest.mark.parametrize(
    ("task", "inputs", "expected"),
    [
        ("Docker@2", "command: buildAndPush, repository: acme/app, tags: v1", [("acme/app:v1", "output")]),
        ("Docker@2", "repository: acme/app, tags: $(Build.BuildId)", [("acme/app", "output")]),
        (
            "Docker@2",
            'repository: acme/app, tags: "1\\n2"',
            [("acme/app:1", "output"), ("acme/app:2", "output")],
        ),
        ("Docker@1", "command: Build an image, imageName: 'acme/app:1'", [("acme/app:1", "output")]),
        ("Docker@0", "action: Run an image, imageName: 'acme/app:1'", [("acme/app:1", "script")]),
        ("AzureWebAppContainer@1", "appName: a, containers: 'acme/app:1'", [("acme/app:1", "workload")]),
        ("KubernetesManifest@1", "action: deploy, containers: 'acme/app:$(Build.BuildId)'", []),
    ],
)
def test_task(task, inputs, expected):
    found = read(step(f"task: {task}, inputs: {{{inputs}}}"))
    assert found.roles == [(f"docker.io/{name}", role) for name, role in expected]
    assert found.unresolved == []


def test_task_gives_its_arguments_to_the_dockerfile():
    file = "$(Build.SourcesDirectory)/src/Dockerfile"
    text = step(
        f"task: Docker@2, inputs: {{command: build, Dockerfile: {file}, arguments: --build-arg V=1 --pull}}"
    )
    assert read(text).bindings == [("src/Dockerfile", "dockerfile", {"V": "1"})]


def test_dockerfile_that_is_looked_for_is_given_nothing():
    assert (
        read(
            step("task: Docker@2, inputs: {Dockerfile: '**/Dockerfile', arguments: --build-arg V=1}")
        ).bindings
        == []
    )


@pytest.mark.parametrize(
    ("path", "template", "target"),
    [
        (PATH, "t/a.yml", "t/a.yml"),
        ("ci/azure-pipelines.yml", "a.yml", "ci/a.yml"),
        ("ci/azure-pipelines.yml", "/a.yml", "a.yml"),
        ("ci/azure-pipelines.yml", "../a.yml@self", "a.yml"),
    ],
)
@pytest.mark.parametrize("kind", ["jobs", "steps", "stages"])
def test_template_is_given_parameters(kind, path, template, target):
    text = f"{kind}: [{{template: {template}, parameters: {{image: 'x:1', c: {{image: 'y:1'}}}}}}]"
    values = {"parameters.image": "x:1", "parameters.c.image": "y:1"}
    assert read(text, path).bindings == [(target, "azure_pipelines", values)]


def test_template_is_given_a_whole_object():
    text = (
        "parameters: [{name: all, default: [{image: 'x:1'}, {image: 'x:2'}]}]\n"
        "jobs:\n- ${{ each p in parameters.all }}:\n"
        "  - template: a.yml\n    parameters: {platform: '${{ p }}'}\n"
    )
    assert [values for _, _, values in read(text).bindings] == [
        {"parameters.platform.image": "x:1"},
        {"parameters.platform.image": "x:2"},
    ]


def test_template_of_another_repository_is_given_nothing():
    assert read("steps: [{template: a.yml@shared, parameters: {image: 'x:1'}}]").bindings == []


def test_template_sees_variables_and_containers():
    text = (
        "resources: {containers: [{container: Lin, image: 'x:1'}]}\nvariables: {V: '1'}\n"
        "extends: {template: a.yml}"
    )
    assert read(text).bindings == [
        ("a.yml", "azure_pipelines", {"variables.v": "1", "containers.lin": "x:1"})
    ]


@pytest.mark.parametrize(
    ("spelled", "given_"),
    [
        ("${{ parameters.i }}", {"parameters.i": "x:1"}),
        ("${{ parameters.i }}", {"parameters.i.image": "x:1"}),
        ("x:$(V)", {"variables.v": "1"}),
        ("lin", {"containers.lin": "x:1"}),
    ],
)
def test_value_of_the_including_file(spelled, given_):
    text = "parameters: {i: 'y:2'}\n" + job(f"container: {spelled}")
    assert read(text, "a.yml", **given_).pulled == full("x:1")


def test_containers_that_a_template_is_given_are_declared():
    text = (
        "extends:\n  template: v1.yml@templates\n  parameters:\n    containers: {lin: {image: 'x:1'}}\n"
        "    stages: [{stage: s, jobs: [{job: j, container: lin}, {template: t.yml, parameters: {a: b}}]}]\n"
    )
    assert read(text).pulled == full("x:1")
    assert read(text).bindings[-1][2]["containers.lin"] == "x:1"


def test_steps_that_a_template_is_given_are_read_where_they_stand():
    text = "jobs: [{template: a.yml, parameters: {steps: [{script: docker pull x:1}]}}]"
    assert read(text).pulled == full("x:1")


def test_steps_that_are_a_default_are_read():
    text = "parameters: [{name: s, type: stepList, default: [{script: docker pull x:1}]}]\nsteps: []"
    assert read(text).pulled == full("x:1")


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ("[{template: v.yml}]", "returns.always"),
        ("[{'${{ if eq(a, b) }}': [{template: v.yml}]}]", "returns.perhaps"),
    ],
)
def test_file_of_variables_is_told_who_takes_them(variables, name):
    assert read(f"variables: {variables}").bindings == [("v.yml", "azure_pipelines", {name: PATH})]


@pytest.mark.parametrize(("name", "always"), [("returns.always", True), ("returns.perhaps", False)])
def test_file_of_variables_gives_them_back(name, always):
    (item,) = read("variables: {V: '1'}", "v.yml", **{name: PATH}).items
    assert isinstance(item, Binding)
    assert (item.target, item.always, str(item.variables["variables.v"])) == (PATH, always, "1")


def test_value_is_edited_where_it_is_set():
    text = "variables: {V: '1'}\n" + job("container: x:$(V)")
    (item,) = read(text).occurrences
    assert [part.start for part in item.fragments] == [text.index("x:"), text.index("1'")]
    assert item.trail == ("V=1",)


@pytest.mark.parametrize(
    "text",
    [
        "steps: &s [{template: a.yml, parameters: {a: *s}}]",
        "jobs: &j [{'${{ if a }}': *j}]",
        "parameters: &p [{name: a, default: *p}]\nsteps: []",
        "variables: {A: $(B), B: $(A)}\njobs: [{job: a, container: $(A)}]",
    ],
)
def test_what_holds_itself_ends(text):
    assert read(text).pulled == []


_PARTS = st.sampled_from(
    ["jobs:\n", "- job: a\n", "  container: ", "x:1", "\n", "$(V)", "${{ parameters.i }}", "${{", "}}", "$[",
     "variables: ", "{V: '1'}", "  steps: [", "{script: docker run ", "}", "]", "template: a.yml", "&a ",
     "*a", "- ${{ each i in parameters.p }}:\n", "parameters: ", "é", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
