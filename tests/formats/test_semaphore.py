"""Semaphore: containers of agents, commands of jobs, variables and the matrix."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate

PATH = ".semaphore/semaphore.yml"


def read(text, path=PATH, **variables):
    return extracted("semaphore", text, path, **variables)


def job(commands, more=""):
    return f"blocks: [{{task: {{{more} jobs: [{{commands: {commands}}}]}}}}]"


@pytest.mark.parametrize(
    "text",
    [
        "agent: {containers: [{name: a, image: x:1}, {name: b, image: y:1}]}",
        "blocks: [{task: {agent: {containers: [{image: x:1}, {image: y:1}]}}}]",
        "after_pipeline: {task: {agent: {containers: [{image: x:1}, {image: y:1}]}}}",
    ],
)
def test_container(text):
    assert read(text).roles == [("docker.io/library/x:1", "step"), ("docker.io/library/y:1", "service")]


def test_machine_is_no_image():
    assert read("agent: {machine: {type: e1-standard-2, os_image: ubuntu2204}}").found == []


@pytest.mark.parametrize(
    "text",
    [
        job("[docker pull x:1]"),
        job("[docker pull x:$V]", "env_vars: [{name: V, value: '1'}],"),
        job("['docker pull $I']", "prologue: {commands: ['export I=x:1']},"),
        job("[make]", "epilogue: {always: {commands: [docker pull x:1]}},"),
        "global_job_config: {env_vars: [{name: V, value: '1'}]}\n" + job("[docker pull x:$V]"),
        "blocks: [{task: {jobs: [{env_vars: [{name: V, value: '1'}], commands: [docker pull x:$V]}]}}]",
    ],
)
def test_commands(text):
    assert read(text).roles == [("docker.io/library/x:1", "script")]


def test_jobs_without_a_word_of_their_own_run_what_they_share():
    text = "blocks: [{task: {prologue: {commands: [docker pull x:1]}, jobs: [{name: a}, {name: b}]}}]"
    assert read(text).pulled == ["docker.io/library/x:1"]


def test_more_jobs_with_the_same_prologue_than_anyone_writes_are_told():
    jobs = ", ".join(f"{{commands: ['docker pull y:{number}']}}" for number in range(3000))
    text = f"blocks: [{{task: {{prologue: {{commands: [docker pull x:1, {'a' * 300}]}}, jobs: [{jobs}]}}}}]"
    assert "not all of them are read" in str(read(text).unresolved)


def test_matrix_makes_a_job_of_every_combination():
    matrix = "[{env_var: I, values: [a, b]}, {env_var: V, values: ['1', '2']}]"
    text = f"blocks: [{{task: {{jobs: [{{matrix: {matrix}, commands: ['docker pull $I:$V']}}]}}}}]"
    assert read(text).pulled == [f"docker.io/library/{name}" for name in ("a:1", "a:2", "b:1", "b:2")]


def test_promotion_gives_its_parameters_to_a_pipeline():
    text = (
        "promotions: [{pipeline_file: deploy.yml, parameters: {env_vars: [{name: V, default_value: '1'}]}}]"
    )
    assert read(text).bindings == [(".semaphore/deploy.yml", "semaphore", {"V": "1"})]
    assert read(job("[docker pull x:$V]"), V="2").pulled == ["docker.io/library/x:2"]


_PARTS = st.sampled_from(
    ["agent: ", "{containers: [", "{image: ", "x:1", "]", "}", "blocks: [", "{task: ", "jobs: [",
     "{commands: [", "docker run ", "matrix: ", "\n", "$V", "é", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
