"""GitLab CI: images, services and scripts of jobs; variables, matrices, inputs, GitLab's own registries."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Binding, Candidate
from planner.formats._patterns import matcher
from planner.formats.gitlab_ci import FORMAT, extract
from planner.model.inventory import Confidence, Role
from planner.model.source import Run, SourceFile, Text

PATH = ".gitlab-ci.yml"


def candidates(text: str, **variables: str) -> list[Candidate]:
    given_ = {name: Text.at(0, value, "root.yml") for name, value in variables.items()}
    return [item for item in extract(SourceFile(PATH, text), given_) if isinstance(item, Candidate)]


def found(text: str, **variables: str) -> list[str]:
    return [str(item.value) for item in candidates(text, **variables) if not item.problem]


def bindings(text: str, path: str = PATH) -> list[tuple[str, dict[str, str]]]:
    items = [item for item in extract(SourceFile(path, text), {}) if isinstance(item, Binding)]
    return [(item.target, {name: str(value) for name, value in item.variables.items()}) for item in items]


@pytest.mark.parametrize(
    "path",
    [
        ".gitlab-ci.yml",
        "ci/build.gitlab-ci.yml",
        ".gitlab/ci/a.yaml",
        ".gitlab-ci/jobs/a.yml",
        "x/.gitlab-ci.yaml",
        "examples/gitlab-ci.yml",
    ],
)
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)
    assert list(extract(SourceFile(path, "a: {image: x:1}"), {}))


@pytest.mark.parametrize("path", ["ci.yml", "ci/jobs/test.yaml"])
def test_path_that_is_read_where_another_file_includes_it(path):
    source = SourceFile(path, "a: {image: x:1}")
    assert list(extract(source, {})) == []
    assert list(extract(source, {"includer.": Text.of(PATH)}))


@pytest.mark.parametrize(
    "text",
    [
        "image: x:1",
        "image: {name: 'x:1', entrypoint: ['']}",
        "default: {image: x:1}",
        "default: {image: {name: x:1}}",
        "job: {image: x:1, script: make}",
        ".hidden: {image: {name: x:1, pull_policy: always}}",
    ],
)
def test_image(text):
    assert [(str(item.value), item.role) for item in candidates(text)] == [("x:1", Role.STEP)]


@pytest.mark.parametrize(
    "text",
    [
        "services: ['x:1']",
        "services: [{name: x:1, alias: y}]",
        "default: {services: [x:1]}",
        "job: {services: [{name: x:1, command: [z]}]}",
        ".hidden: {services: [x:1]}",
    ],
)
def test_service(text):
    assert [(str(item.value), item.role) for item in candidates(text)] == [("x:1", Role.SERVICE)]


@pytest.mark.parametrize(
    "text",
    [
        "stages: [build]\ncache: {key: image}",
        "job: {variables: {image: x:1}}",
        "job: {environment: {name: x:1}, artifacts: {paths: [image]}}",
        "job: {image: ''}",
        "include: x.yml",
        "job: {trigger: {project: a/b}}",
        "- image: x:1",
    ],
)
def test_no_image(text):
    assert candidates(text) == []


@pytest.mark.parametrize("spelled", ["$V", "${V}"])
def test_variable_is_edited_where_it_is_set(spelled):
    text = f"variables: {{V: '3.12'}}\njob: {{image: 'python:{spelled}'}}"
    (item,) = candidates(text)
    assert item.value.runs == (Run("python:", text.index("python:")), Run("3.12", text.index("3.12")))
    assert (item.spelled, item.confidence, item.trail) == (
        f"python:{spelled}",
        Confidence.RESOLVED,
        ("V=3.12",),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("variables: {I: x:1}\njob: {image: $I}", ["x:1"]),
        ("variables: {I: {value: x:1, description: d}}\njob: {image: $I}", ["x:1"]),
        ("variables: {I: {value: x:1, options: [x:1, x:2]}}\njob: {image: $I}", ["x:1", "x:2"]),
        ("variables: {A: ''}\njob: {image: '${A}x:1'}", ["x:1"]),
        ("variables: {A: x, I: '$A:1'}\njob: {image: $I}", ["x:1"]),
        ("variables: {V: 1}\njob: {variables: {V: 2}, image: x:$V}", ["x:2"]),
        ("image: x:$V\njob: {variables: {V: 2}, script: make}", ["x:2"]),
        ("default: {image: x:$V}\na: {variables: {V: 1}}\nb: {variables: {V: 2}}", ["x:1", "x:2"]),
        (
            ".t: {image: x:$V}\na: {extends: .t, variables: {V: 1}}\nb: {extends: [.t], variables: {V: 2}}",
            ["x:1", "x:2"],
        ),
        (".t: {variables: {V: 1}}\na: {extends: .t, image: x:$V}", ["x:1"]),
        (".t: {variables: {V: 1}}\n.u: {variables: {V: 2}}\na: {extends: [.t, .u], image: x:$V}", ["x:2"]),
        (".t: &t {image: x:$V}\na: {<<: *t, variables: {V: 1}}", ["x:1"]),
        ("a: {rules: [{variables: {V: 1}}, {variables: {V: 2}}], image: x:$V}", ["x:1", "x:2"]),
        ("workflow: {rules: [{variables: {V: 1}}]}\na: {image: x:$V}", ["x:1"]),
        ("a: {parallel: {matrix: [{V: [1, 2]}, {V: 3}]}, image: x:$V}", ["x:1", "x:2", "x:3"]),
        ("a: {parallel: {matrix: [{I: x, V: 1}, {I: y, V: 2}]}, image: '$I:$V'}", ["x:1", "y:2"]),
        (".b: {variables: {W: 1}}\nvariables: {V: !reference [.b, variables, W]}\na: {image: x:$V}", ["x:1"]),
        ("spec: {inputs: {i: {default: x:1}}}\n---\na: {image: '$[[ inputs.i ]]'}", ["x:1"]),
        (
            "spec: {inputs: {i: {options: [x:1, x:2]}}}\n---\na: {image: '$[[ inputs.i | expand_vars ]]'}",
            ["x:1", "x:2"],
        ),
    ],
)
def test_value(text, expected):
    assert sorted(set(found(text))) == expected
    assert not any(item.problem for item in candidates(text))


def test_reference_is_found_where_it_stands():
    used = "a: {image: !reference [.b, image], services: [!reference [.b, services]]}"
    text = f".b: {{image: x:1, services: [y:1]}}\n{used}"
    assert sorted(found(text)) == ["x:1", "y:1"]


@pytest.mark.parametrize(
    "text",
    [
        ".b: {wait: [docker pull x:1]}\na: {script: [!reference [.b, wait], make]}",
        ".b: {wait: docker pull x:1}\na: {script: [!reference [.b, wait]]}",
        ".b: {c: {wait: [docker pull x:1]}}\na: {before_script: !reference [.b, c, wait]}",
        ".b: {script: ['docker pull x:$V']}\na: {variables: {V: 1}, script: [!reference [.b, script]]}",
    ],
)
def test_script_that_is_referred_to(text):
    assert found(text) == ["x:1"]


@pytest.mark.parametrize(
    "used",
    [
        "image: !reference [.b, image]",
        "services: [!reference [.b, image]]",
        "image: {name: !reference [.b, image]}",
    ],
)
def test_image_that_is_referred_to_has_the_variables_of_the_job(used):
    text = f".b: {{image: 'x:$V'}}\na: {{variables: {{V: 1}}, {used}}}"
    assert found(text) == ["x:1"]


@pytest.mark.parametrize(
    "loop", ["a: {script: [!reference [a, script]]}", "a: {image: !reference [a, image]}"]
)
def test_references_that_go_round_in_circles_end(loop):
    assert found(loop) == []


def test_variable_of_the_including_file_goes_before_the_default():
    text = "variables: {V: 1}\na: {image: x:$V}\nb: {variables: {V: 3}, image: y:$V}"
    assert found(text, V="2") == ["x:2", "y:3"]


def test_global_variables_are_for_included_files_of_the_repository():
    includes = "[{local: /ci/a.yml}, ci/b.yml, 'https://x.io/c.yml', {remote: d}]"
    text = f"variables: {{V: 1, I: 'x:$V'}}\ninclude: {includes}"
    values = {"V": "1", "I": "x:1", "includer.": PATH}
    assert bindings(text) == [("ci/a.yml", values), ("ci/b.yml", values)]


def test_file_that_only_includes_others_is_read():
    assert b"include" in FORMAT.words[0]


@pytest.mark.parametrize(
    ("local", "target"),
    [("ci/*.yml", "ci/"), ("/ci/**.yml", "ci/**"), ("ci/**/*.yml", "ci/**"), ("*.yml", "/")],
)
def test_star_includes_the_files_of_a_folder(local, target):
    assert [to for to, _ in bindings(f"include: [{{local: '{local}'}}]")] == [target]


def test_inputs_are_for_the_included_file():
    text = "variables: {V: 1}\ninclude: [{local: a.yml, inputs: {image: 'x:$V'}}]"
    assert bindings(text)[0][1]["inputs.image"] == "x:1"
    inner = "spec: {inputs: {image: {default: y:2}}}\n---\na: {image: '$[[ inputs.image ]]'}"
    assert found(inner, **{"inputs.image": "x:1"}) == ["x:1"]


def test_variables_of_an_included_file_go_back_to_the_file_that_includes_it():
    items = extract(SourceFile("ci/a.yml", "variables: {V: 1}"), {"includer.": Text.of(PATH)})
    ((target, values, always),) = [
        (item.target, {name: str(value) for name, value in item.variables.items()}, item.always)
        for item in items
        if isinstance(item, Binding)
    ]
    assert (target, values, always) == (PATH, {"included.V": "1"}, True)


@pytest.mark.parametrize("include", ["ci/child.yml", "[{local: /ci/child.yml}]", "[ci/child.yml]"])
def test_pipeline_that_a_job_starts_from_a_file_gets_the_variables_of_the_job(include):
    text = f"variables: {{V: 1}}\na: {{variables: {{W: 2}}, trigger: {{include: {include}}}}}"
    assert bindings(text) == [("ci/child.yml", {"V": "1", "W": "2", "parent.": PATH})]
    child = "variables: {V: 3}\nb: {image: 'x:$W'}"
    given = {"W": Text.of("2"), "parent.": Text.of(PATH)}
    items = list(extract(SourceFile("ci/child.yml", child), given))
    assert [str(item.value) for item in items if isinstance(item, Candidate)] == ["x:2"]
    assert not [item for item in items if isinstance(item, Binding)]  # nothing goes back


def test_pipeline_of_a_job_is_started_once_for_each_row_of_its_matrix():
    text = "a: {parallel: {matrix: [{V: [1, 2]}]}, trigger: {include: c.yml}}"
    assert [values["V"] for _, values in bindings(text)] == ["1", "2"]


def test_variable_of_an_included_file_gives_way_to_the_own():
    text = "variables: {V: 1}\na: {image: 'x:$V'}\nb: {image: 'y:$W'}"
    assert found(text, **{"included.V": "2", "included.W": "3"}) == ["x:1", "y:3"]


def test_job_gives_its_variables_to_what_it_extends_in_another_file():
    text = "include: [a.yml]\njob: {extends: .python, variables: {V: '3.12'}}"
    assert {"V": "3.12", "includer.": PATH} in [values for _, values in bindings(text)]


@pytest.mark.parametrize(
    "prefix", ["CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX", "CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX"]
)
@pytest.mark.parametrize("text", ["a: {image: '${%s}/x:1'}", "variables: {P: '$%s/'}\na: {image: '${P}x:1'}"])
def test_dependency_proxy_is_content_of_docker_hub(prefix, text):
    (item,) = candidates(text % prefix)
    assert str(item.value) == "x:1"
    assert any(prefix in line and "dependency proxy" in line for line in item.trail)
    (run,) = item.value.runs
    assert (text % prefix)[run.start :].startswith("x:1")


def test_dependency_proxy_in_a_script():
    assert found("a: {script: docker pull $CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/x:1}") == ["x:1"]


@pytest.mark.parametrize(
    ("image", "word"),
    [
        ("$CI_REGISTRY_IMAGE/app:1", "CI_REGISTRY_IMAGE is the project's own registry"),
        ("${CI_REGISTRY}/group/app", "CI_REGISTRY is the project's own registry"),
        ("$UNSET/app:1", "UNSET is not set in .gitlab-ci.yml"),
        ("$[[ inputs.i ]]", "inputs.i has no default"),
    ],
)
def test_what_is_not_known_says_why(image, word):
    (item,) = candidates(f"a: {{image: '{image}'}}")
    assert (item.spelled, item.problem) == (image, word)


@pytest.mark.parametrize(
    "text",
    [
        "a: {script: docker pull x:1}",
        "a: {script: [docker pull x:1]}",
        "a: {script: [[docker pull x:1], make]}",
        "a: {before_script: [docker pull x:1], script: make}",
        "a: {after_script: [docker pull x:1]}",
        "before_script: [docker pull x:1]\na: {script: make}",
        "default: {before_script: [docker pull x:1]}",
        ".t: {script: [docker pull x:1]}",
        ".t: {script: [docker pull x:$V]}\na: {extends: .t, variables: {V: 1}}",
        "a: {before_script: [I=x:1], script: [docker pull $I]}",
        "variables: {I: x:1}\na: {script: 'docker pull ${I:-y}'}",
        "a: {variables: {I: x:1}, script: docker pull $I}",
        "spec: {inputs: {i: {default: x:1}}}\n---\na: {script: 'docker pull $[[ inputs.i ]]'}",
        "a: {parallel: {matrix: [{V: [1]}]}, script: 'docker pull x:$V'}",
        "a:\n  script:\n    - |\n      docker pull \\\n        x:1\n",
    ],
)
def test_script(text):
    assert [(str(item.value), item.role) for item in candidates(text)] == [("x:1", Role.SCRIPT)]


def test_build_in_a_script_gives_its_arguments_to_the_dockerfile():
    assert bindings("a: {script: 'docker build --build-arg V=1 sub'}") == [("sub/Dockerfile", {"V": "1"})]


def test_build_after_a_change_of_folder_gives_nothing():
    assert bindings("a: {script: [cd web, docker build --build-arg V=1 .]}") == []


def test_image_built_for_the_own_registry_is_an_output():
    (item,) = candidates("a: {script: 'docker build -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA .'}")
    assert (item.role, item.spelled) == (Role.OUTPUT, "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA")


@pytest.mark.parametrize(
    "text",
    [
        "variables: {A: $B, B: $A}\na: {image: $A}",
        ".a: {extends: .b}\n.b: {extends: .a, image: $X}",
        "variables: {V: !reference [variables, V]}\na: {image: $V}",
        "variables: {"
        + "".join(f"V{i}: {f'$V{i + 1}' * 40}, " for i in range(9))
        + "V9: x}\na: {image: $V0}",
    ],
)
def test_what_goes_round_in_circles_is_not_known(text):
    assert any(item.problem for item in candidates(text))
    assert found(text) == []


def test_file_that_is_no_yaml_is_read_by_lines_and_says_so():
    problem, item = candidates("a:\n  script: ]\n  image: x:1\n")
    assert "line by line" in problem.problem
    assert (str(item.value), item.confidence) == ("x:1", Confidence.HEURISTIC)


_PARTS = st.sampled_from(
    ["image: ", "a:\n", "  image: ", "  services: ", "  script: docker run ", "$X", "${X}", "$$",
     "variables: ", "X: ", "{", "}", "[", "]", "x:1", "\n", "\r\n", "!reference ", "extends: ",
     "$[[ inputs.x ]]", "---\n", "&a ", "*a", "é", "  parallel: {matrix: ", "default:\n",
     "$CI_REGISTRY_IMAGE/", "\udc80"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in candidates(text):
        assert 0 <= item.start <= len(text)
        for run in item.value.runs:
            assert run.start < 0 or text[run.start : run.start + len(run.text)] == run.text


def test_a_matrix_that_would_have_every_command_read_for_every_row_is_told():
    rows = ", ".join(f"v{row}" for row in range(100))
    commands = "".join(f"    - docker pull a{command}:$T\n" for command in range(500))
    text = f"a:\n  parallel:\n    matrix:\n      - T: [{rows}]\n  script:\n{commands}"
    problems = [item.problem for item in extracted("gitlab_ci", text, ".gitlab-ci.yml").items if item.problem]
    assert problems == ["matrices and jobs ask for more than 500 readings: what follows is read once"]


def test_machine_of_the_runners_for_macos_is_no_image():
    assert found("a: {image: macos-15-xcode-16, tags: [saas-macos-medium-m1], script: [make]}\n") == []
