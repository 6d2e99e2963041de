"""Argo Workflows and Events: templates, parameters, loops and calls across files, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.argo import extract
from planner.model.source import SourceFile

IMAGE = "{container: {image: '{{inputs.parameters.i}}'}, name: t, inputs: {parameters: [{name: i%s}]}}"


def read(*objects, **more):
    return extracted("argo", "\n---\n".join(objects), "workflows/ci.yaml", **more)


def of(spec, kind="Workflow", name="w"):
    return f"apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def workflow(*templates, arguments="[]"):
    listed = ", ".join(templates)
    return of(f"{{entrypoint: main, arguments: {{parameters: {arguments}}}, templates: [{listed}]}}")


def calling(step):
    return f"{{name: main, steps: [[{step}]]}}"


def found(*templates, **more):
    return [name.removeprefix("docker.io/library/") for name in read(workflow(*templates, **more)).pulled]


@pytest.mark.parametrize(
    "template",
    [
        "{container: {image: a:1}}",
        "{script: {image: a:1, command: [python], source: 'docker pull b:1'}}",
        "{initContainers: [{image: a:1}]}",
        "{sidecars: [{image: a:1}]}",
        "{containerSet: {containers: [{image: a:1}]}}",
        "{container: {env: [{name: SIDE_IMAGE, value: a:1}]}}",
        "{resource: {manifest: \"apiVersion: v1\\nkind: Pod\\nspec: {containers: [{image: a:1}]}\"}}",
        "{podSpecPatch: \"containers:\\n- name: main\\n  image: a:1\\n\"}",
        "{name: main, steps: [[{inline: {container: {image: a:1}}}]]}",
        "{plugin: {x: {image: 'a:1'}}}",
    ],
)  # fmt: skip
def test_place_of_an_image(template):
    assert read(workflow(template)).roles == [("docker.io/library/a:1", "workload")]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Workflow", "{templates: [{container: {image: a:1}}]}"),
        ("WorkflowTemplate", "{templates: [{container: {image: a:1}}]}"),
        ("ClusterWorkflowTemplate", "{templateDefaults: {container: {image: a:1}}}"),
        ("CronWorkflow", "{workflowSpec: {templates: [{container: {image: a:1}}]}}"),
        ("Workflow", "{executorPlugins: [{spec: {sidecar: {container: {image: a:1}}}}]}"),
        (
            "Sensor",
            "{triggers: [{template: {argoWorkflow: {source: {resource: {apiVersion: argoproj.io/v1alpha1,"
            " kind: Workflow, spec: {templates: [{container: {image: a:1}}]}}}}}}]}",
        ),
    ],
)
def test_kind_that_holds_templates(kind, spec):
    assert read(of(spec, kind)).pulled == ["docker.io/library/a:1"]


@pytest.mark.parametrize(
    "container",
    [
        "{script: {command: [bash], source: docker pull b:1}}",
        "{script: {source: docker pull b:1}}",
        "{container: {command: [sh, -c], args: [docker pull b:1]}}",
        "{container: {image: docker, args: [pull, b:1]}}",
    ],
)
def test_command_that_pulls(container):
    assert ("docker.io/library/b:1", "script") in read(workflow(container)).roles


def test_parameter_of_the_workflow():
    arguments = "[{name: v, value: '1'}]"
    assert found("{container: {image: 'a:{{workflow.parameters.v}}'}}", arguments=arguments) == ["a:1"]


def test_choices_of_a_parameter_are_all_found():
    arguments = "[{name: v, value: '1', enum: ['1', '2']}]"
    assert found("{container: {image: 'a:{{workflow.parameters.v}}'}}", arguments=arguments) == ["a:1", "a:2"]


@pytest.mark.parametrize("given_", [", value: a:1", ", default: a:1", ", valueFrom: {default: a:1}"])
def test_default_of_an_input(given_):
    assert found(IMAGE % given_) == ["a:1"]


@pytest.mark.parametrize("spelled", ["{{=inputs.parameters.i}}", "{{ inputs.parameters['i'] }}"])
def test_expression_that_is_a_name(spelled):
    template = f'{{container: {{image: "{spelled}"}}, inputs: {{parameters: [{{name: i, value: a:1}}]}}}}'
    assert found(template) == ["a:1"]


def test_input_that_nobody_gives_is_told():
    assert read(workflow(IMAGE % "")).unresolved == [
        ("{{inputs.parameters.i}}", "parameter i is given when it runs: give it a default")
    ]


@pytest.mark.parametrize(
    "caller",
    [
        calling("{template: t, arguments: {parameters: [{name: i, value: a:2}]}}"),
        "{name: main, dag: {tasks: [{template: t, arguments: {parameters: [{name: i, value: a:2}]}}]}}",
    ],
)
def test_what_a_call_gives_wins_over_the_default(caller):
    assert found(caller, IMAGE % ", value: a:1") == ["a:2"]


def test_call_that_leaves_a_parameter_out_gets_the_default():
    step = "{template: t, arguments: {parameters: [{name: i, value: a:2}]}}, {template: t}"
    assert found(calling(step), IMAGE % ", value: a:1") == ["a:2", "a:1"]


def test_entrypoint_is_given_the_arguments_of_the_workflow():
    own = (IMAGE % "").replace("name: t", "name: main")
    assert found(own, arguments="[{name: i, value: a:1}]") == ["a:1"]


@pytest.mark.parametrize(
    "loop",
    [
        "withItems: [{n: a, v: '1'}, {n: b, v: '2'}]",
        "withParam: '[{\"n\": \"a\", \"v\": \"1\"}, {\"n\": \"b\", \"v\": \"2\"}]'",
    ],
)  # fmt: skip
def test_fields_of_an_item_belong_together(loop):
    value = "'{{item.n}}:{{item.v}}'"
    step = f"{{template: t, arguments: {{parameters: [{{name: i, value: {value}}}]}}, {loop}}}"
    assert found(calling(step), IMAGE % "") == ["a:1", "b:2"]


def test_plain_items_of_a_loop():
    step = "{template: t, arguments: {parameters: [{name: i, value: '{{item}}'}]}, withItems: [a:1, a:2]}"
    assert found(calling(step), IMAGE % "") == ["a:1", "a:2"]


def test_values_travel_through_templates():
    middle = (
        "{name: m, inputs: {parameters: [{name: v}]}, steps: [[{template: t,"
        " arguments: {parameters: [{name: i, value: 'a:{{inputs.parameters.v}}'}]}}]]}"
    )
    first = calling("{template: m, arguments: {parameters: [{name: v, value: '1'}]}}")
    assert found(first, middle, IMAGE % "") == ["a:1"]


def test_templates_that_call_each_other_come_to_an_end():
    step = "{template: t, arguments: {parameters: [{name: i, value: 'a{{inputs.parameters.i}}'}]}}"
    template = f"{{name: t, inputs: {{parameters: [{{name: i, value: a}}]}}, steps: [[{step}]]}}"
    assert read(workflow(template)).pulled == []


def test_template_of_another_file_is_given_what_a_step_gives():
    step = "{templateRef: {name: lib, template: t}, arguments: {parameters: [{name: i, value: a:2}]}}"
    ((target, name, variables),) = read(workflow(calling(step))).bindings
    assert (target, name, list(variables.values())) == ("**", "argo", ["a:2"])


def test_what_other_files_give_is_found_beside_the_default():
    library = of(f"{{templates: [{IMAGE % ', value: a:1'}]}}", "WorkflowTemplate", "lib")
    assert read(library, **{"call\nlib/t\nx.yaml#1\ni\n0": "a:2"}).pulled == [
        "docker.io/library/a:1",
        "docker.io/library/a:2",
    ]


def test_workflow_gives_its_arguments_to_the_workflow_template_it_runs():
    run = of("{workflowTemplateRef: {name: lib}, arguments: {parameters: [{name: v, value: '2'}]}}")
    spec = (
        "{arguments: {parameters: [{name: v, value: '1'}]},"
        " templates: [{container: {image: 'a:{{workflow.parameters.v}}'}}]}"
    )
    assert read(of(spec, "WorkflowTemplate", "lib"), run).pulled == [
        "docker.io/library/a:1",
        "docker.io/library/a:2",
    ]


def test_default_is_the_place_to_edit():
    text = workflow(IMAGE % ", value: a:1")
    (each,) = read(text).occurrences
    starts = [fragment.start for fragment in each.fragments if fragment.part != "whole"]
    assert starts == [text.index("a:1"), text.index("a:1") + 2]


def test_template_of_a_chart_is_left_to_the_chart():
    text = workflow("{container: {image: '{{ .Values.image }}'}}")
    assert extracted("argo", text, "chart/templates/w.yaml").found == []


TOKENS = (
    "apiVersion: argoproj.io/v1alpha1\n",
    "kind: Workflow\n",
    "kind: WorkflowTemplate\n",
    "---\n",
    "spec:\n",
    "\n",
    "  templates:\n",
    "  - name: t\n",
    "    container: {image: ",
    "{{inputs.parameters.",
    "{{item",
    "}}",
    "}",
    "x",
    "    steps: [[{template: t, withItems: [",
    "]}]]",
    "  entrypoint: t\n",
    "    inputs: {parameters: [{name: x, value: ",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("w.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_hostile_text_is_read_in_a_moment():
    steps = ", ".join("{template: t, withItems: [a, b, {n: c}]}" for _ in range(2000))
    read(workflow(f"{{name: t, steps: [[{steps}]]}}", "{container: {image: '" + "{{" * 50_000 + "'}}"))
