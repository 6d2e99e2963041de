"""Task: variables, calls, loops and what other Taskfiles are given."""

import pytest
from extracted import extracted


def found(text, path="Taskfile.yml", **given):
    return extracted("taskfile", f"version: '3'\n{text}", path, **given)


@pytest.mark.parametrize(
    "text",
    [
        "tasks: {a: docker pull x:1}",
        "tasks: {a: [docker pull x:1]}",
        "tasks: {a: {cmds: [docker pull x:1]}}",
        "tasks: {a: {cmd: docker pull x:1}}",
        "tasks: {a: {cmds: [{cmd: docker pull x:1, silent: true}]}}",
        "tasks: {a: {cmds: [{defer: docker pull x:1}]}}",
        "tasks: {a: {preconditions: [{sh: docker run x:1}], cmds: [ls]}}",
        "vars: {I: 'x:1'}\ntasks: {a: 'docker pull {{.I}}'}",
        "vars: {V: 1}\ntasks: {a: 'docker pull x:{{.V}}'}",
        "env: {I: 'x:1'}\ntasks: {a: docker pull $I}",
        "tasks: {a: {vars: {I: 'x:1'}, cmds: ['docker pull {{ .I }}']}}",
        "vars: {I: '{{.J | default \"x:1\"}}'}\ntasks: {a: 'docker pull {{.I}}'}",
        "tasks: {a: 'docker pull {{default \"x:1\" .J}}'}",
        "vars: {S: {sh: docker run x:1}}\ntasks: {a: ls}",
        "tasks: {a: {cmds: [{for: ['x:1'], cmd: 'docker pull {{.ITEM}}'}]}}",
        "tasks: {a: {cmds: [{task: b, vars: {I: 'x:1'}}]}, b: 'docker pull {{.I}}'}",
        "vars: {R: docker run --rm}\ntasks: {a: '{{.R}} x:1 ls'}",
        "tasks: {a: '{{if .X}}docker pull x:1{{end}}'}",
    ],
)
def test_image_of_a_task(text):
    assert found(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text", ["tasks: {a: {desc: docker run x}}", "vars: {I: 'x:1'}\ntasks: {a: echo docker}"]
)
def test_no_image(text):
    assert found(text).items == ()


def test_what_is_not_known_says_why():
    ((text, reason),) = found("tasks: {a: 'docker pull {{.I}}'}").unresolved
    assert (text, "I is not set in Taskfile.yml" in reason) == ("{{.I}}", True)


def test_variables_are_handed_to_what_is_included():
    taskfile = found(
        "vars: {I: 'x:1'}\nincludes: {d: ./docs, e: e/Taskfile.yml}\ntasks: {}", "sub/Taskfile.yml"
    )
    assert ("sub/docs/Taskfile.yml", "taskfile", {"I": "x:1"}) in taskfile.bindings
    assert ("sub/e/Taskfile.yml", "taskfile", {"I": "x:1"}) in taskfile.bindings


def test_variables_of_another_file_are_known():
    assert found("tasks: {a: 'docker pull {{.I}}'}", I="x:1").pulled == ["docker.io/library/x:1"]


def test_arguments_are_given_to_the_dockerfile_of_the_folder():
    taskfile = found("tasks: {a: {dir: web, cmds: ['docker build --build-arg V=1 .']}}", "sub/Taskfile.yml")
    assert taskfile.bindings == [("sub/web/Dockerfile", "dockerfile", {"V": "1"})]


def test_environment_holds_what_a_variable_of_it_asks_for():
    text = "env: {I: 'x:1', C: 'docker pull $I'}\ntasks: {a: {cmds: ['sh -c \"$C\"']}}"
    assert found(text).pulled == ["docker.io/library/x:1"]


def test_more_than_anyone_fills_in_is_told():
    value = "{{.I}} " * 1_000
    reasons = {
        reason
        for _, reason in found(
            f"vars: {{I: x}}\ntasks: {{a: [{('docker pull ' + value + ',') * 60}]}}"
        ).unresolved
    }
    assert "more is filled in here than anyone writes: not read" in reasons


@pytest.mark.parametrize(
    "text",
    [
        f"vars: {{A: '{'{{.A}}' * 1_000}'}}\ntasks: {{a: ['docker pull {{{{.A}}}}']}}",
        "vars: {A: x}\ntasks:\n" + "  a: [docker pull x]\n" * 10_000,
        "vars:\n"
        + "".join(f"  A{number}: x\n" for number in range(10_000))
        + "tasks:\n"
        + "".join(f"  a{number}: {{vars: {{B: c}}, cmds: [docker pull $A1]}}\n" for number in range(5_000)),
    ],
)
def test_reading_a_hostile_text_ends(text):
    found(text)  # a reading whose time grows with the square or faster never ends here
