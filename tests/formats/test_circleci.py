"""CircleCI: executors, jobs, commands, orbs of the file, parameters and what gives them values."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate

PATH = ".circleci/config.yml"


def read(text, path=PATH, **variables):
    return extracted("circleci", text, path, **variables)


def config(jobs, more=""):
    return f"version: 2.1\n{more}\njobs: {jobs}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jobs: {j: {docker: [{image: x:1}]}}", [("x:1", "step")]),
        (
            "jobs: {j: {docker: [{image: x:1}, {image: y:1, name: db}]}}",
            [("x:1", "step"), ("y:1", "service")],
        ),
        ("executors: {e: {docker: [{image: x:1}]}}", [("x:1", "step")]),
        ("orbs: {o: {executors: {e: {docker: [{image: x:1}]}}}}", [("x:1", "step")]),
        ("orbs: {o: {orbs: {p: {jobs: {j: {docker: [{image: x:1}]}}}}}}", [("x:1", "step")]),
        ("aliases: [&d {docker: [{image: x:1}]}]\njobs: {j: {<<: *d}}", [("x:1", "step")]),
        ("jobs: {j: {steps: [{run: docker pull x:1}]}}", [("x:1", "script")]),
        ("jobs: {j: {steps: [{run: {name: n, command: docker pull x:1}}]}}", [("x:1", "script")]),
        (
            "jobs: {j: {steps: [{when: {condition: c, steps: [{run: docker pull x:1}]}}]}}",
            [("x:1", "script")],
        ),
        ("jobs: {j: {steps: [{o/c: {after: [{run: docker pull x:1}]}}]}}", [("x:1", "script")]),
        ("commands: {c: {steps: [{run: docker pull x:1}]}}", [("x:1", "script")]),
        ("workflows: {w: {jobs: [{o/j: {pre-steps: [{run: docker pull x:1}]}}]}}", [("x:1", "script")]),
        ("jobs: {j: {environment: {I: x:1}, steps: [{run: docker pull $I}]}}", [("x:1", "script")]),
    ],
)
def test_image(text, expected):
    assert read(text).roles == [(f"docker.io/library/{name}", role) for name, role in expected]


@pytest.mark.parametrize(
    "text",
    [
        "jobs: {j: {machine: {image: 'ubuntu-2204:current'}}}",
        "jobs: {j: {machine: true, steps: [checkout, setup_remote_docker: {version: docker24}]}}",
        "jobs: {j: {macos: {xcode: 15.0.0}}}",
        "orbs: {node: circleci/node@5.1.0}",
        "jobs: {j: {steps: [{run: {shell: powershell.exe, command: docker pull x:1}}]}}",
        "aliases: [{image: x:1}]",
        "workflows: {w: {jobs: [{hold: {type: approval}}]}}",
    ],
)
def test_no_image(text):
    assert read(text).found == []


@pytest.mark.parametrize("spelled", ["<< pipeline.parameters.v >>", "<<pipeline.parameters.v>>"])
def test_parameter_of_the_pipeline_has_its_default(spelled):
    text = config(
        f"{{j: {{docker: [{{image: 'x:{spelled}'}}]}}}}", "parameters: {v: {type: string, default: '1'}}"
    )
    assert read(text).pulled == ["docker.io/library/x:1"]


_JOB = "{j: {parameters: {v: {type: string, default: '0'}}, docker: [{image: 'x:<< parameters.v >>'}]}}"
_BARE = "{j: {parameters: {v: {type: string}}, docker: [{image: 'x:<< parameters.v >>'}]}}"


@pytest.mark.parametrize(
    ("job", "calls", "tags"),
    [
        (_JOB, "[]", ["0"]),
        (_JOB, "[j]", ["0"]),
        (_JOB, "[{j: {v: '1'}}]", ["1"]),
        (_JOB, "[j, {j: {v: '1'}}]", ["0", "1"]),
        (_BARE, "[{j: {v: '1'}}, {j: {v: '2', name: k}}]", ["1", "2"]),
        (_BARE, "[{j: {matrix: {parameters: {v: ['1', '2']}}}}]", ["1", "2"]),
        (_BARE, "[{j: {v: << matrix.w >>, matrix: {parameters: {w: ['1', '2']}}}}]", ["1", "2"]),
        (_BARE, "[{j: {matrix: {parameters: {v: ['1', '2']}, exclude: [{v: '1'}]}}}]", ["2"]),
    ],
)
def test_job_has_the_values_that_workflows_give(job, calls, tags):
    text = config(job, f"workflows: {{w: {{jobs: {calls}}}}}")
    assert sorted(read(text).pulled) == [f"docker.io/library/x:{tag}" for tag in tags]


def test_executor_has_the_values_that_jobs_give():
    text = config(
        "{a: {executor: {name: e, v: '1'}}, b: {executor: e}, c: {executor: {name: e, v: '3'}}}",
        "executors: {e: {parameters: {v: {default: '2'}}, docker: [{image: 'x:<< parameters.v >>'}]}}",
    )
    assert sorted(read(text).pulled) == [f"docker.io/library/x:{tag}" for tag in "123"]


def test_executor_may_be_a_parameter():
    text = config(
        "{j: {parameters: {e: {type: executor, default: f}}, executor: << parameters.e >>}}",
        "executors: {f: {parameters: {v: {default: '1'}}, docker: [{image: 'x:<< parameters.v >>'}]}}",
    )
    assert read(text).pulled == ["docker.io/library/x:1"]


def test_value_travels_from_workflow_to_job_to_command():
    text = config(
        "{j: {parameters: {v: {type: string}}, steps: [{c: {i: 'x:<< parameters.v >>'}}]}}",
        "commands: {c: {parameters: {i: {type: string}}, steps: [{run: 'docker pull << parameters.i >>'}]}}\n"
        "workflows: {w: {jobs: [{j: {v: '1'}}]}}",
    )
    (item,) = read(text).occurrences
    assert str(item.reference) == "docker.io/library/x:1"
    assert [text[part.start : part.end] for part in item.fragments] == ["x", "1", "<< parameters.i >>"]


def test_command_of_an_orb_is_called_by_its_full_name_outside():
    text = config(
        "{j: {steps: [{o/c: {i: x:1}}]}}",
        "orbs: {o: {commands: {c: {parameters: {i: {type: string}}, "
        "steps: [{run: 'docker pull << parameters.i >>'}]}}}}",
    )
    assert read(text).pulled == ["docker.io/library/x:1"]


def test_parameter_that_nothing_gives_says_so():
    assert read(config(_BARE)).unresolved == [
        (
            "x:<< parameters.v >>",
            "parameters.v is not set in .circleci/config.yml; set it as a default, or where it is used",
        )
    ]


def test_source_of_an_orb_is_a_definition():
    text = "parameters: {v: {default: '1'}}\ndocker: [{image: 'x:<< parameters.v >>'}]"
    assert read(text, "src/executors/default.yml").pulled == ["docker.io/library/x:1"]


def test_build_gives_its_arguments_to_the_dockerfile():
    text = config(
        "{j: {steps: [{run: {command: docker build --build-arg V=1 ., working_directory: ~/project/web}}]}}"
    )
    assert read(text).bindings == [("web/Dockerfile", "dockerfile", {"V": "1"})]


def test_words_of_a_command_are_no_settings_of_its_step():
    text = config("{j: {steps: [{run: docker build --build-arg V=1 -t python .}]}}")
    assert read(text).bindings == [("Dockerfile", "dockerfile", {"V": "1"})]


@pytest.mark.parametrize("loop", ["{c: {steps: [c]}}", "{c: {steps: [d]}, d: {steps: [c]}}"])
def test_commands_that_call_themselves_end(loop):
    assert read(f"commands: {loop}").found == []


def test_steps_of_steps_through_aliases_end():
    levels = "".join(f"s{i}: &s{i} [{{when: {{a: *s{i - 1}, b: *s{i - 1}}}}}]\n" for i in range(1, 30))
    assert read(f"s0: &s0 [{{run: docker pull x:1}}]\n{levels}jobs: {{j: {{steps: *s18}}}}").pulled != ["y"]


_PARTS = st.sampled_from(
    ["jobs:\n", "  j:\n", "    docker: [", "{image: ", "<< parameters.v >>", "<<", ">>",
     "    steps: [", "{run: ", "]", "}", "executors: ", "workflows: ", "matrix: ", "x:1", "\n", "&a ",
     "*a", "é", "docker run ", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_steps_that_parameters_run_again_and_again_are_told():
    rows = ", ".join(f"v{row}" for row in range(60))
    steps = "".join(f"    - run: docker pull a{step}:<< parameters.t >>\n" for step in range(200))
    text = (
        "version: 2.1\njobs:\n  a:\n    parameters:\n      t: {type: string}\n    docker:\n    - image: x:1\n"
        f"    steps:\n{steps}workflows:\n  w:\n    jobs:\n    - a:\n        matrix:\n          parameters:\n"
        f"            t: [{rows}]\n"
    )
    problems = [
        item.problem for item in extracted("circleci", text, ".circleci/config.yml").items if item.problem
    ]
    assert problems == ["more than 10000 steps are run again with other parameters: the rest is not read"]
