"""How much work a text can ask for, counted in calls and not in seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats import (
    _bake_targets,
    _ci,
    _ci_environment,
    _code_constants,
    _github_expressions,
    _gitlab_variables,
    _maven,
    argo,
    azure_pipelines,
    cloud_build,
    github_actions,
    gitlab_ci,
)
from planner.formats._base import NOTHING, Candidate
from planner.formats._bounded import AXES
from planner.formats._code import JAVA, constants, tokens
from planner.formats._scopes import DOLLAR, Scope, texts
from planner.formats._shell_words import LONGEST, MOST_CHOICES, MOST_PIECES, Piece, Value, Word, join, named
from planner.formats._yaml import parse
from planner.formats._yaml_nodes import MERGED
from planner.model import source as model_source
from planner.model.inventory import Role
from planner.model.source import Run, SourceFile, Text
from planner.scanning.catalog import chosen


class Counted:
    """A function that counts how often it is called."""

    def __init__(self, function):
        self.function = function
        self.calls = 0

    def __call__(self, *arguments, **named):
        self.calls += 1
        return self.function(*arguments, **named)


@pytest.fixture
def counted(monkeypatch):
    def count(module, name):
        counter = Counted(getattr(module, name))
        monkeypatch.setattr(module, name, counter)
        return counter

    return count


def test_expression_of_code_is_evaluated_once_however_often_it_is_used(counted):
    evaluated = counted(_code_constants, "word")
    text = "".join(f"a{number} = a{number - 1} + a{number - 1};\n" for number in range(1, 1000))
    assert constants(tokens(text, JAVA)) == {}
    assert evaluated.calls <= 999  # once for each, though each stands in the next one twice


def test_names_of_strings_and_functions_that_return_them_are_evaluated():
    text = 'def f(): return "nginx"\na = f()\nb = a + ":1"\nc = d\nd = b\n'
    found = constants(tokens(text, JAVA))
    assert {name: str(value) for name, value in found.items()} == {
        "f()": "nginx", "a": "nginx", "b": "nginx:1", "c": "nginx:1", "d": "nginx:1",
    }  # fmt: skip


def candidates(format_, path, text):
    """Return what a format finds in a file."""
    extract = chosen((format_,)).format(format_).extract
    return [item for item in extract(SourceFile(path, text), NOTHING) if isinstance(item, Candidate)]


WORDS = st.lists(st.tuples(st.booleans(), st.text("ab ", max_size=4)), max_size=6).map(
    lambda parts: Word(
        tuple(
            Piece(Text.of("$x"), (Value(Text.of(text)), Value(Text.of("y"))), "x")
            if variable
            else Piece.literal(Text.at(9, text))
            for variable, text in parts
        )
    )
)


@given(WORDS, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=5))
def test_parts_of_a_word_are_the_same_however_many_are_cut(word, spans):
    assert word.cuts(spans) == [word.cut(*span) for span in spans]


def test_long_value_is_measured_once_for_all_its_cuts(counted):
    measured = counted(model_source, "accumulate")
    text = Text(tuple(Run("ab", 4 * number) for number in range(1000)))
    assert [str(text.cut(place, place + 3)) for place in range(0, 900, 3)] == ["aba", "bab"] * 150
    assert measured.calls == 1


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-1, 9), st.text("ab", min_size=1, max_size=2)), max_size=40),
        max_size=4,
    )
)
def test_values_that_are_joined_say_what_they_said(pieces):
    texts_ = [Text(tuple(Run(text, start) for start, text in runs)) for runs in pieces]
    assert str(Text.join(texts_)) == "".join(map(str, texts_))


def test_value_of_more_pieces_than_any_reference_is_told_and_not_copied():
    pieces = [Value(Text.at(2 * number, "a")) for number in range(MOST_PIECES)]
    assert len(str(join(pieces).text)) == MOST_PIECES
    assert join([*pieces, Value(Text.of("b"))]) == Value(Text(), (), "longer than any reference")


def test_choices_of_a_word_of_many_pieces_are_few_and_the_rest_told():
    several = tuple(Value(Text.of(letter)) for letter in "abcd")
    word = Word(tuple(Piece(Text.of("$x"), several, f"x{number}") for number in range(200)))
    found = list(word.choices())
    assert len(found) < 100
    assert found[-1].problem == "longer than any reference"
    assert not any(value.problem for value in found[:-1])


def test_trail_shows_the_beginning_of_a_long_value():
    (line,) = named("A", Value(Text.of("x" * LONGEST))).trail
    assert line == f"A={'x' * 300}…"


CHAIN = 200
POM = """<project><properties>{chain}</properties><build><plugins><plugin>
<artifactId>spring-boot-maven-plugin</artifactId><configuration><image>
<builder>${{A{last}}}</builder><runImage>${{A0}}</runImage></image></configuration></plugin></plugins></build></project>
"""
CHAINS = {
    "gitlab_ci": (
        _gitlab_variables, ".gitlab-ci.yml", "  A0: nginx\n", "  A{n}: $A{p}$A{p}\n",
        "variables:\n{chain}a:\n  image: $A{last}\n  script: [a]\nb:\n  image: $A0\n  script: [a]\n",
    ),
    "cloud_build": (
        cloud_build, "cloudbuild.yaml", "  _A0: nginx\n", "  _A{n}: $_A{p}$_A{p}\n",
        "substitutions:\n{chain}steps:\n- name: $_A{last}\n  args: [a]\n- name: $_A0\n  args: [a]\n",
    ),
    "spring_boot": (_maven, "pom.xml", "<A0>nginx</A0>", "<A{n}>${{A{p}}}${{A{p}}}</A{n}>", POM),
    "buildkite": (
        _ci_environment, ".buildkite/pipeline.yml", "  A0: nginx\n", "  A{n}: $A{p}$A{p}\n",
        "env:\n{chain}steps:\n- command: docker pull $A{last}\n- command: docker pull $A0\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("format_", CHAINS)
def test_variable_is_expanded_once_however_often_and_deep_it_is_used(counted, format_):
    module, path, first, line, text = CHAINS[format_]
    chain = first + "".join(line.format(n=number, p=number - 1) for number in range(1, CHAIN))
    expanded = counted(module, "expand")
    found = candidates(format_, path, text.format(chain=chain, last=CHAIN - 1))
    assert expanded.calls < 3 * CHAIN
    assert "nginx" in [str(item.value) for item in found if not item.problem]
    assert any(item.problem for item in found)


def test_value_of_any_length_is_filled_in():
    scope = Scope(DOLLAR, texts({"A": Text.of("nginx")}))
    word = scope.word(Text.at(0, "x " * LONGEST + "${A}"))
    assert str(word).endswith(" nginx")


def test_image_behind_a_long_value_is_found_and_the_long_one_told():
    filler = "x" * LONGEST
    text = (
        f"substitutions:\n  _TAG: '1.27'\n  _LONG: {filler}$_TAG\n"
        "steps:\n- name: nginx:$_TAG\n  args: [a]\n- name: $_LONG\n  args: [a]\n"
    )
    found = candidates("cloud_build", "cloudbuild.yaml", text)
    assert [(str(item.value), item.problem) for item in found if item.role is Role.STEP] == [
        ("nginx:1.27", ""),
        ("", "longer than any reference"),
    ]


def test_targets_that_inherit_along_a_chain_are_evaluated_once_and_told_where_it_is_too_much(counted):
    evaluated = counted(_bake_targets, "evaluate")
    count = 400
    text = 'target "t0" {\n  args = { A0 = "nginx:0" }\n}\n' + "".join(
        f'target "t{n}" {{\n  inherits = ["t{n - 1}"]\n  args = {{ A{n} = "nginx:{n}" }}\n}}\n'
        for n in range(1, count)
    )
    found = candidates("docker_bake", "docker-bake.hcl", text)
    assert evaluated.calls <= 2 * count
    assert {str(item.value) for item in found} >= {f"nginx:{n}" for n in range(count)}
    assert [item.problem for item in found if item.problem] == [
        "targets inherit more than 10,000 values: of others, only their own are read"
    ]


def test_values_that_branches_give_a_variable_are_as_many_as_are_read():
    found = {}
    for number in range(MOST_CHOICES * 4):
        azure_pipelines._add(found, {"A": (Text.of(str(number)),)})
    assert len(found["A"]) == MOST_CHOICES


def test_templates_of_one_name_that_call_each_other_are_read_so_often_and_then_told(counted):
    read = counted(argo, "parameters")
    text = "".join(
        "---\napiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata: {name: t}\nspec:\n"
        "  templates:\n  - name: a\n    inputs: {parameters: [{name: v}]}\n"
        "    container: {image: 'nginx:{{inputs.parameters.v}}'}\n"
        "  - name: b\n    steps:\n    - - {name: x, templateRef: {name: t, template: a}, "
        f"arguments: {{parameters: [{{name: v, value: '{number}'}}]}}}}\n"
        for number in range(200)
    )
    found = candidates("argo", "w.yaml", text)
    assert read.calls < 30_000
    assert any(str(item.value) == "nginx:0" for item in found)
    assert [item.problem for item in found if "arguments" in item.problem] == [
        "steps are called with more than 3,000 arguments: not all calls are read"
    ]


def test_mapping_that_is_merged_from_more_than_anyone_writes_is_told():
    chain = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: v}}\n" for n in range(1, 100))
    read = parse(SourceFile("a.yaml", chain))
    assert [reason for _, reason in read.problems] == [
        "merged (`<<`) from more than 31 mappings: those that are farther are not heeded"
    ]
    assert len(read.documents[0].get("a99").sources) == MERGED
    assert read.documents[0].get("a30", "k").value == "v"


def test_matrix_of_more_lists_than_anyone_writes_has_few_of_them():
    lists = "".join(f"  A{n}: [x{n}, y]\n" for n in range(AXES * 10))
    matrix = parse(SourceFile("a.yaml", f"matrix:\n{lists}")).documents[0].get("matrix")
    assert {len(job) for job in _gitlab_variables.combinations(matrix)} == {AXES}
    rows = _ci_environment.crossed({name: node.items for name, node in _ci.entries(matrix)})
    assert {len(row) for row in rows} == {AXES}


def test_rows_of_a_matrix_are_compared_with_what_is_excluded_and_included_by_value(counted):
    compared = counted(_github_expressions, "_identity")
    lists = ", ".join(map(str, range(16)))
    entries = "".join(f"  - {{a: {n % 16}, b: z{n}}}\n" for n in range(500))
    text = f"a: [{lists}]\nb: [{lists}]\nexclude:\n{entries}include:\n{entries}"
    (matrix,) = parse(SourceFile("a.yaml", text)).documents
    jobs = _github_expressions.combinations(matrix)
    assert len(jobs) == 256
    assert compared.calls <= 4 * 256 + 2 * 2 * 500


def test_variables_of_a_pipeline_are_not_gone_through_for_each_job(counted):
    shown = counted(_gitlab_variables, "value")
    count = 300
    text = "variables:\n" + "".join(f"  V{n}: x{n}\n" for n in range(count))
    text += "".join(
        f"j{n}:\n  image: a:$A\n  parallel: {{matrix: [{{A: [v{n}, w{n}]}}]}}\n  script: [docker pull $A]\n"
        for n in range(count)
    )
    found = candidates("gitlab_ci", ".gitlab-ci.yml", text)
    assert {str(item.value) for item in found} >= {f"a:v{n}" for n in range(count)}
    assert shown.calls < 10 * count


def test_steps_of_a_workflow_are_not_read_for_every_job_of_a_large_matrix(counted):
    read = counted(github_actions, "scripted")
    matrix = ", ".join(f"v{number}" for number in range(256))
    steps = "    - run: docker ps ${{ matrix.a }}\n" * 1000
    text = f"jobs:\n  a:\n    strategy: {{matrix: {{a: [{matrix}]}}}}\n    steps:\n{steps}"
    found = list(github_actions.extract(SourceFile(".github/workflows/a.yml", text), NOTHING))
    problems = [item.problem for item in found if isinstance(item, Candidate)]
    assert read.calls <= 3_000  # a reading of each, and what the file may ask for beside
    assert problems == ["matrices and jobs ask for more than 2000 readings: what follows is read once"]


def test_jobs_that_extend_one_another_are_read_as_deep_as_gitlab_reads_them(counted):
    read = counted(_gitlab_variables, "assigned")
    text = "".join(f"j{number}: {{extends: j{number - 1}, image: 'a:{number}'}}\n" for number in range(1000))
    found = list(gitlab_ci.extract(SourceFile(".gitlab-ci.yml", text), NOTHING))
    assert (len(found), read.calls <= 12_100) == (1000, True)
