"""Tekton: steps, parameters, runs, pipelines, triggers and bundles, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.tekton import extract
from planner.model.source import SourceFile

STEP = ("alpine:3", "step")


def read(*objects, **more):
    return extracted("tekton", "\n---\n".join(objects), ".tekton/ci.yaml", **more)


def of(kind, spec, name="x", version="tekton.dev/v1"):
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def task(steps, params="[]", name="x"):
    return of("Task", f"{{params: {params}, steps: {steps}}}", name)


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        ("Task", "{steps: [{image: alpine:3}]}", STEP),
        ("ClusterTask", "{steps: [{image: alpine:3}]}", STEP),
        ("Task", "{stepTemplate: {image: alpine:3}}", STEP),
        ("Task", "{sidecars: [{image: alpine:3}]}", ("alpine:3", "service")),
        ("StepAction", "{image: alpine:3}", STEP),
        ("TaskRun", "{taskSpec: {steps: [{image: alpine:3}]}}", STEP),
        ("Pipeline", "{tasks: [{taskSpec: {steps: [{image: alpine:3}]}}]}", STEP),
        ("Pipeline", "{finally: [{taskSpec: {steps: [{image: alpine:3}]}}]}", STEP),
        ("PipelineRun", "{pipelineSpec: {tasks: [{taskSpec: {steps: [{image: alpine:3}]}}]}}", STEP),
        ("Task", "{volumes: [{name: v, image: {reference: alpine:3}}]}", ("alpine:3", "mount")),
        ("Task", "{steps: [{env: [{name: SIDE_IMAGE, value: alpine:3}]}]}", ("alpine:3", "workload")),
        ("Task", "{steps: [{script: docker pull alpine:3}]}", ("alpine:3", "script")),
        ("Task", "{steps: [{command: [docker], args: [pull, alpine:3]}]}", ("alpine:3", "script")),
        ("Task", "{steps: [{command: [sh, -c], args: ['docker pull alpine:3']}]}", ("alpine:3", "script")),
        ("PipelineRun", "{pipelineRef: {bundle: 'alpine:3', name: p}}", ("alpine:3", "chart")),
        (
            "TaskRun",
            "{taskRef: {resolver: bundles, params: [{name: bundle, value: alpine:3}, {name: kind}]}}",
            ("alpine:3", "chart"),
        ),
    ],
)  # fmt: skip
def test_place_of_an_image(kind, spec, expected):
    assert read(of(kind, spec)).roles == [(f"docker.io/library/{expected[0]}", expected[1])]


@pytest.mark.parametrize("spelled", ["params.i", "params['i']", 'params["i"]', "inputs.params.i"])
def test_spelling_of_a_parameter(spelled):
    found = read(
        task(f"[{{image: '$({spelled.replace(chr(39), chr(39) * 2)})'}}]", "[{name: i, default: a/b:1}]")
    )
    assert found.pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize("spelled", ["params.l[1]", "params.o.image", "params['l'][1]"])
def test_item_of_a_list_and_key_of_an_object(spelled):
    params = "[{name: l, default: [x, a/b:1]}, {name: o, default: {image: a/b:1}}]"
    assert read(task(f'[{{image: "$({spelled})"}}]', params)).pulled == ["docker.io/a/b:1"]


def test_what_nobody_gives_is_told():
    assert read(task("[{image: $(params.i)}]", "[{name: i}]")).unresolved == [
        ("$(params.i)", "parameter i is given when it runs: give it a default")
    ]


def test_result_of_another_task_is_told():
    assert read(task("[{image: $(tasks.a.results.b)}]")).unresolved == [
        ("$(tasks.a.results.b)", "tasks.a.results.b is known only when it runs")
    ]


def test_default_is_the_place_to_edit():
    text = task("[{image: $(params.i)}]", "[{name: i, default: a/b:1}]")
    (found,) = read(text).occurrences
    starts = [fragment.start for fragment in found.fragments if fragment.part != "whole"]
    assert starts == [text.index("a/b"), text.index(":1}") + 1]


def test_run_gives_a_parameter_to_its_own_task():
    inline = "{params: [{name: i, default: a:1}], steps: [{image: $(params.i)}]}"
    spec = f"{{params: [{{name: i, value: a:2}}], taskSpec: {inline}}}"
    assert read(of("TaskRun", spec)).pulled == ["docker.io/library/a:2"]


def test_named_task_is_read_with_its_default_and_with_what_a_run_gives():
    run = of("TaskRun", "{taskRef: {name: t}, params: [{name: i, value: a:2}]}")
    own = task("[{image: $(params.i)}]", "[{name: i, default: a:1}]", "t")
    assert read(run, own).pulled == ["docker.io/library/a:1", "docker.io/library/a:2"]


def test_values_travel_from_a_run_through_a_pipeline_to_a_task():
    run = of("PipelineRun", "{pipelineRef: {name: p}, params: [{name: v, value: '2'}]}")
    spec = "{params: [{name: v}], tasks: [{taskRef: {name: t}, params: [{name: i, value: 'a:$(params.v)'}]}]}"
    own = task("[{image: $(params.i)}]", "[{name: i}]", "t")
    found = read(own, of("Pipeline", spec, "p"), run)
    assert (found.pulled, found.unresolved) == (["docker.io/library/a:2"], [])


def test_arguments_of_one_call_belong_together():
    params = "[{name: n}, {name: v}]"
    calls = [
        f"{{taskRef: {{name: t}}, params: [{{name: n, value: {n}}}, {{name: v, value: '{v}'}}]}}"
        for n, v in ("a1", "b2")
    ]
    pipeline = of("Pipeline", f"{{tasks: [{', '.join(calls)}]}}", "p")
    own = task("[{image: '$(params.n):$(params.v)'}]", params, "t")
    assert read(pipeline, own).pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


@pytest.mark.parametrize(
    "matrix",
    [
        "{params: [{name: i, value: [a:1, a:2]}]}",
        "{include: [{params: [{name: i, value: a:1}]}, {params: [{name: i, value: a:2}]}]}",
    ],
)
def test_matrix_gives_several_values(matrix):
    pipeline = of("Pipeline", f"{{tasks: [{{taskRef: {{name: t}}, matrix: {matrix}}}]}}", "p")
    assert read(pipeline, task("[{image: $(params.i)}]", "[{name: i}]", "t")).pulled == [
        "docker.io/library/a:1",
        "docker.io/library/a:2",
    ]


def test_matrix_over_a_list_that_is_given_on():
    spec = (
        "{params: [{name: all, default: [a:1, a:2]}], tasks: [{taskRef: {name: t},"
        " matrix: {params: [{name: i, value: '$(params.all[*])'}]}}]}"
    )
    assert read(of("Pipeline", spec, "p"), task("[{image: $(params.i)}]", "[{name: i}]", "t")).pulled == [
        "docker.io/library/a:1",
        "docker.io/library/a:2",
    ]


def test_pipeline_gives_values_to_the_task_inside_it():
    spec = "{params: [{name: v, default: '1'}], tasks: [{taskSpec: {steps: [{image: 'a:$(params.v)'}]}}]}"
    assert read(of("Pipeline", spec)).pulled == ["docker.io/library/a:1"]


def test_step_action_is_read_with_what_a_step_gives():
    action = of("StepAction", "{params: [{name: i}], image: $(params.i)}", "s")
    assert read(action, task("[{ref: {name: s}, params: [{name: i, value: a:1}]}]")).pulled == [
        "docker.io/library/a:1"
    ]


def test_trigger_gives_its_defaults_to_what_it_makes():
    spec = (
        "{params: [{name: v, default: '1'}], resourcetemplates: [{apiVersion: tekton.dev/v1, kind: TaskRun,"
        " spec: {taskSpec: {steps: [{image: 'a:$(tt.params.v)'}]}}},"
        " {apiVersion: batch/v1, kind: Job, spec: {containers: [{image: 'b:$(tt.params.v)'}]}}]}"
    )
    trigger = of("TriggerTemplate", spec, version="triggers.tekton.dev/v1beta1")
    assert read(trigger).pulled == ["docker.io/library/a:1", "docker.io/library/b:1"]


def test_objects_of_a_list():
    items = "{apiVersion: tekton.dev/v1, kind: Task, spec: {steps: [{image: a:1}]}}"
    assert read(f"apiVersion: v1\nkind: List\nitems: [{items}]\n").pulled == ["docker.io/library/a:1"]


def test_parameters_in_a_script():
    steps = "[{image: a:1, script: 'docker pull $(params.i) && docker push $(params.o)'}]"
    found = read(task(steps, "[{name: i, default: b:1}, {name: o}]"))
    assert (found.pulled, found.outputs) == (
        ["docker.io/library/a:1", "docker.io/library/b:1"],
        ["$(params.o)"],
    )


def test_variable_of_a_step_in_its_script():
    steps = "[{env: [{name: I, value: $(params.i)}], script: 'docker pull $I'}]"
    assert read(task(steps, "[{name: i, default: b:1}]")).pulled == ["docker.io/library/b:1"]


@pytest.mark.parametrize("first", ["#!/usr/bin/env python3", "#!/usr/bin/python", "#!/usr/bin/env -S node"])
def test_script_of_another_language_is_passed_over(first):
    steps = f'[{{script: "{first}\\ndocker pull a:1"}}]'
    assert read(task(steps)).pulled == []


def test_object_in_a_heredoc_of_a_script_is_read():
    script = "kubectl apply -f - <<EOF\\napiVersion: v1\\nkind: Pod\\nspec: {x: $(params.i)}\\nEOF\\n"
    found = read(task(f'[{{script: "{script}"}}]', "[{name: i, default: b:1}]"))
    assert ["x: b:1" in str(each.text) for each in found.embedded] == [True]


def test_object_in_the_text_of_a_parameter_is_read():
    text = of(
        "TaskRun", "\n  params:\n  - name: manifest\n    value: |\n      apiVersion: v1\n      kind: Pod\n"
    )
    assert [each.formats for each in read(text).embedded] == [("kubernetes",)]


@pytest.mark.parametrize("params", ["[{name: l, type: array}]", "[{name: l, default: [pull, b:1]}]"])
@pytest.mark.parametrize("spelled", ["$(params.l)", "$(params.l[*])"])
def test_list_in_arguments_stands_for_its_items(params, spelled):
    found = read(task(f"[{{command: [docker], args: ['{spelled}']}}]", params))
    assert (found.pulled, found.unresolved) == (["docker.io/library/b:1"] if "b:1" in params else [], [])


def test_kaniko_pushes_its_destination():
    steps = "[{image: gcr.io/kaniko-project/executor:v1, args: ['--destination=$(params.i)', --context=.]}]"
    assert read(task(steps, "[{name: i}]")).outputs == ["$(params.i)"]


def test_task_of_another_file_is_given_what_a_run_gives():
    ((target, name, variables),) = read(
        of("TaskRun", "{taskRef: {name: t}, params: [{name: i, value: a:2}]}")
    ).bindings
    assert (target, name, list(variables.values())) == ("**", "tekton", ["a:2"])


def test_what_other_files_give_is_filled_in():
    own = task("[{image: $(params.i)}]", "[{name: i}]", "t")
    assert read(own, **{"call\nTask t\nrun.yaml#1\ni\n0": "a:2"}).pulled == ["docker.io/library/a:2"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("builder-image", ["docker.io/a/b:1"]),
        ("MAVEN_IMAGE", ["docker.io/a/b:1"]),
        ("image", []),
        ("output-image", []),
        ("version", []),
    ],
)
def test_argument_that_is_named_after_an_image(name, found):
    spec = f"{{pipelineRef: {{resolver: git}}, params: [{{name: {name}, value: 'a/b:1'}}]}}"
    assert read(of("PipelineRun", spec)).pulled == found


def test_template_of_a_chart_is_left_to_the_chart():
    text = task("[{image: '{{ .Values.image }}'}]")
    assert extracted("tekton", text, "chart/templates/task.yaml").found == []


def test_other_kinds_are_left_to_others():
    assert read("apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a:1}]} # tekton.dev/v1\n").items == ()


TOKENS = (
    "apiVersion: tekton.dev/v1\n",
    "kind: Task\n",
    "kind: Pipeline\n",
    "metadata: {name: t}\n",
    "spec:\n",
    "---\n",
    "  steps:\n",
    "  tasks:\n",
    "  - image: ",
    "$(params.",
    "$(params['",
    "x",
    ")",
    "[*]",
    "[0]",
    "\n",
    "}]}",
    "{",
    "}",
    "  params: [{name: x, default: ",
    "  - taskRef: {name: t}\n",
    "    matrix: {params: [{name: x, value: ",
    "[a, b]",
    "    script: |\n",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("t.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_hostile_text_is_read_in_a_moment():
    image = "$(params." * 20_000
    nested = "{pipelineSpec: {tasks: [" * 60
    assert read(task(f"['{image}', {{image: '{image}'}}]")).pulled == []
    read(of("PipelineRun", nested))


def test_options_given_to_a_task_of_another_file_are_its_arguments():
    run = of("TaskRun", "{taskRef: {name: kn}, params: [{name: ARGS, value: [create, x, --image=a/b:1]}]}")
    [(_, _, given)] = read(run).bindings
    steps = (
        "{params: [{name: ARGS, type: array}], steps: [{image: kn:1, command: [kn], args: [$(params.ARGS)]}]}"
    )
    found = read(of("Task", steps, "kn"), **given)
    assert found.roles == [("docker.io/library/kn:1", "step"), ("docker.io/a/b:1", "script")]
