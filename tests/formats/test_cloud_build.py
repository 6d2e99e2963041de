"""Cloud Build: steps, what they run, substitutions, and what is built."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Binding, Candidate
from planner.formats._patterns import matcher
from planner.formats.cloud_build import FORMAT, extract
from planner.model.inventory import Confidence, Occurrence, Role
from planner.model.source import Run, SourceFile, Text
from planner.scan import scan

PATH = "cloudbuild.yaml"
DOCKER = "gcr.io/cloud-builders/docker"


def candidates(text: str, **variables: str) -> list[Candidate]:
    given_ = {name: Text.at(0, value, "trigger.tf") for name, value in variables.items()}
    return [item for item in extract(SourceFile(PATH, text), given_) if isinstance(item, Candidate)]


def steps(*values: dict[str, object], **more: object) -> str:
    return json.dumps({"steps": list(values), **more})


def run(**step: object) -> list[tuple[str, Role]]:
    """Return what one step names beside its own image."""
    found = candidates(steps({"name": DOCKER, **step}))
    return [(str(item.value), item.role) for item in found if str(item.value) != DOCKER]


def bindings(text: str, path: str = PATH) -> list[tuple[str, dict[str, str]]]:
    items = [item for item in extract(SourceFile(path, text), {}) if isinstance(item, Binding)]
    return [(item.target, {name: str(value) for name, value in item.variables.items()}) for item in items]


@pytest.mark.parametrize(
    "path", ["cloudbuild.yaml", "a/cloudbuild-dev.yml", "cloudbuild.json", "web.cloudbuild.yaml"]
)
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize("path", ["build.toml", "cloudbuild.md"])
def test_path_that_is_not_read(path):
    assert not matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize("name", ["docker", "ubuntu:24.04", "gcr.io/cloud-builders/gcloud"])
def test_name_of_a_step_is_its_image(name):
    assert [(str(item.value), item.role) for item in candidates(f"steps:\n- name: '{name}'\n")] == [
        (name, Role.STEP)
    ]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"args": ["run", "-e", "A=b", "x:1", "y"]}, ("x:1", Role.SCRIPT)),
        ({"args": ["pull", "x:1"]}, ("x:1", Role.SCRIPT)),
        ({"args": ["build", "-t", "x:1", "."]}, ("x:1", Role.OUTPUT)),
        ({"args": ["build", "--cache-from", "x:1", "."]}, ("x:1", Role.CACHE)),
        ({"args": ["push", "x:1"]}, ("x:1", Role.OUTPUT)),
        ({"entrypoint": "bash", "args": ["-c", "docker pull x:1 || exit 0"]}, ("x:1", Role.SCRIPT)),
        ({"entrypoint": "/bin/sh", "args": ["-exc", "docker pull x:1"]}, ("x:1", Role.SCRIPT)),
        ({"entrypoint": "bash", "args": ["-ceu", "docker pull x:1"]}, ("x:1", Role.SCRIPT)),
        ({"entrypoint": "bash", "args": ["-c", "I=x:1; docker pull $$I"]}, ("x:1", Role.SCRIPT)),
        ({"script": "#!/bin/sh\ndocker pull x:1\n"}, ("x:1", Role.SCRIPT)),
        ({"script": "docker pull $I", "env": ["I=x:1"]}, ("x:1", Role.SCRIPT)),
        ({"entrypoint": "gcloud", "args": ["run", "deploy", "w", "--image", "x:1"]}, ("x:1", Role.SCRIPT)),
    ],
)
def test_what_a_step_runs(step, expected):
    assert run(**step) == [expected]


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("docker:24", ["pull", "x:1"], ("x:1", Role.SCRIPT)),
        ("bash", ["-c", "docker pull x:1"], ("x:1", Role.SCRIPT)),
        ("gcr.io/cloud-builders/kubectl", ["set", "image", "deployment/w", "w=x:1"], ("x:1", Role.SCRIPT)),
        ("gcr.io/go-containerregistry/crane@sha256:" + "a" * 64, ["digest", "x:1"], ("x:1", Role.SCRIPT)),
        ("gcr.io/kaniko-project/executor:v1", ["--destination=x:1", "--cache=true"], ("x:1", Role.OUTPUT)),
    ],
)
def test_image_of_a_step_tells_its_program(name, args, expected):
    (_, item) = candidates(steps({"name": name, "args": args}))
    assert (str(item.value), item.role) == expected


@pytest.mark.parametrize(
    "step",
    [{"args": ["exec", "web", "ls"]}, {"entrypoint": "make", "args": ["x:1"]}, {"args": []}, {"args": "x:1"}],
)
def test_step_that_names_no_more(step):
    assert run(**step) == []


@pytest.mark.parametrize("more", [{"images": ["x:1"]}, {"artifacts": {"images": ["x:1"]}}])
def test_images_are_outputs(more):
    _, item = candidates(steps({"name": DOCKER}, **more))
    assert (str(item.value), item.role) == ("x:1", Role.OUTPUT)


def test_output_that_is_named_twice_is_one():
    text = steps(
        {"name": DOCKER, "args": ["build", "-t", "gcr.io/$PROJECT_ID/a", "."]},
        images=["gcr.io/$PROJECT_ID/a"],
    )
    assert [item.spelled for item in candidates(text) if item.role is Role.OUTPUT] == ["gcr.io/$PROJECT_ID/a"]


@pytest.mark.parametrize("spelled", ["$_V", "${_V}"])
def test_substitution_is_edited_where_it_is_set(spelled):
    text = f"steps:\n- name: node:{spelled}\nsubstitutions:\n  _V: '20'\n"
    (item,) = candidates(text)
    assert item.value.runs == (Run("node:", text.index("node:")), Run("20", text.index("20'")))
    assert (item.spelled, item.confidence, item.trail) == (f"node:{spelled}", Confidence.RESOLVED, ("_V=20",))


@pytest.mark.parametrize(
    "step",
    [
        {"args": ["pull", "$_I:$_V"]},
        {"args": ["pull", "${_J}"]},
        {"entrypoint": "bash", "args": ["-c", "docker pull $_I:${_V}"]},
        {"entrypoint": "bash", "args": ["-c", 'X="$_I"; docker pull $$X:$_V']},
        {"script": "docker pull $_J"},
    ],
)
def test_substitution_in_what_a_step_runs(step):
    text = steps({"name": DOCKER, **step}, substitutions={"_I": "x", "_V": "1", "_J": "${_I}:${_V}"})
    assert [str(item.value) for item in candidates(text)] == [DOCKER, "x:1"]


def test_substitution_from_outside_goes_before_the_default():
    text = "steps: [{name: 'node:$_V'}]\nsubstitutions: {_V: '20'}"
    assert [str(item.value) for item in candidates(text, _V="22")] == ["node:22"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("$_V/a", "_V is not set in cloudbuild.yaml; set it under substitutions"),
        ("gcr.io/$PROJECT_ID/a", "PROJECT_ID is known only when the build runs"),
        ("a:${SHORT_SHA}", "SHORT_SHA is known only when the build runs"),
        ("a:${_V%-*}", "${_V%-*} is known only when the build runs"),
    ],
)
def test_what_is_not_known_says_why(name, problem):
    (item,) = candidates(steps({"name": name}))
    assert (item.spelled, item.problem, item.role) == (name, problem, Role.STEP)


@pytest.mark.parametrize(
    ("step", "target"),
    [
        ({"args": ["build", "--build-arg", "V=1", "."]}, "Dockerfile"),
        ({"args": ["build", "--build-arg=V=1", "sub"]}, "sub/Dockerfile"),
        ({"args": ["build", "--build-arg", "V=1", "-f", "x/app.Dockerfile", "."]}, "x/app.Dockerfile"),
        ({"dir": "svc", "args": ["build", "--build-arg", "V=1", "."]}, "svc/Dockerfile"),
        (
            {"dir": "svc", "args": ["build", "--build-arg", "V=1", "-f", "app.Dockerfile", "."]},
            "svc/app.Dockerfile",
        ),
        ({"entrypoint": "sh", "args": ["-c", "docker build --build-arg V=1 sub"]}, "sub/Dockerfile"),
        ({"args": ["build", "--build-arg", "V=1", "/workspace/sub"]}, "sub/Dockerfile"),
        ({"entrypoint": "sh", "args": ["-c", "cd sub && docker build --build-arg V=1 ."]}, "sub/Dockerfile"),
        ({"dir": "/workspace/svc", "args": ["build", "--build-arg", "V=1", "."]}, "svc/Dockerfile"),
    ],
)
def test_build_arguments_are_for_the_dockerfile(step, target):
    assert bindings(steps({"name": DOCKER, **step})) == [(target, {"V": "1"})]


@pytest.mark.parametrize("below", ["", "web"])
@pytest.mark.parametrize("submitted", ["", "svc"])
def test_dockerfile_stands_in_the_folder_that_is_submitted(tmp_path, submitted, below):
    """It is the root of the tree or the folder of the file; `dir` and paths are below it."""
    place = tmp_path / submitted / below
    place.mkdir(parents=True, exist_ok=True)
    (place / "Dockerfile").write_text("ARG V\nFROM redis:$V\n")
    step = {"name": DOCKER, "args": ["build", "--build-arg", "V=1", "."], **({"dir": below} if below else {})}
    (tmp_path / "svc").mkdir(exist_ok=True)
    (tmp_path / "svc" / "cloudbuild.json").write_text(steps(step))
    (found,) = (each for each in scan([tmp_path]).found if each.path.endswith("Dockerfile"))
    assert isinstance(found, Occurrence)
    assert str(found.reference) == "docker.io/library/redis:1"


def test_what_lies_above_the_folder_that_is_submitted_is_not_in_it():
    text = steps({"name": DOCKER, "args": ["build", "--build-arg", "V=1", "-f", "../Dockerfile", "."]})
    assert [found for found in bindings(text, "a/b/cloudbuild.yaml") if found[1]] == []


@pytest.mark.parametrize(
    "args",
    [
        ["build", "."],
        ["build", "--build-arg", "V", "."],
        ["build", "--build-arg", "V=$SHORT_SHA", "."],
        ["build", "--build-arg", "V=1", "https://x.io/r.git"],
        ["build", "--build-arg", "V=1", "$PROJECT_ID"],
        ["build", "--build-arg", "V=1", "-f", "../Dockerfile", "."],
    ],
)
def test_build_that_gives_nothing_to_a_dockerfile_of_the_tree(args):
    found = bindings(steps({"name": DOCKER, "args": args}))
    assert [(target, values) for target, values in found if values] == []


def test_kaniko_gives_its_arguments_too():
    text = steps(
        {"name": "gcr.io/kaniko-project/executor", "args": ["--build-arg=V=1", "--dockerfile=a/Dockerfile"]}
    )
    assert bindings(text) == [("a/Dockerfile", {"V": "1"})]


@pytest.mark.parametrize("count", [2, 9])
def test_substitutions_that_go_round_in_circles_are_not_known(count):
    circle = {f"_V{i}": f"$_V{(i + 1) % count}" * 30 for i in range(count)}
    (item,) = candidates(steps({"name": "$_V0"}, substitutions=circle))
    assert item.problem


@pytest.mark.parametrize("opening", ["${", "${_A", "$", "$$", "$_A"])
def test_substitutions_that_never_end_are_read_once(opening):
    text = steps({"name": opening * (200_000 // len(opening))})
    candidates(text)  # a reading whose time grows with the square never ends here


def test_file_that_is_no_yaml_says_so():
    assert "line by line" in candidates("steps: ]\n- name: x:1\n")[0].problem


_PARTS = st.sampled_from(
    ["steps:\n", "- name: ", "  args: ", "[", "]", "{", "}", "docker", "run", ", ", "x:1", "$_V",
     "${_V}", "$$", "'", "substitutions: ", "_V: ", "\n", "\r\n", "  script: docker run ",
     "  entrypoint: bash\n", "-c", "images: ", "é", "--build-arg", "build", "\udc80"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in candidates(text):
        assert 0 <= item.start <= len(text)
        for piece in item.value.runs:
            assert piece.start < 0 or text[piece.start : piece.start + len(piece.text)] == piece.text


BUILD = "steps:\n- {name: bash, id: a, args: [x]}\n- {name: gcr.io/a/b, entrypoint: sh}\ntimeout: 9s\n"


def found_under(path: str, text: str) -> list[str]:
    items = extract(SourceFile(path, text), {})
    return [str(item.value) for item in items if isinstance(item, Candidate)]


def test_build_is_known_by_its_shape_under_any_name():
    assert found_under("ci/test.yaml", BUILD) == ["bash", "gcr.io/a/b"]


@pytest.mark.parametrize(
    "text",
    [
        "steps:\n- {name: build, run: make}\n",
        "steps:\n- {name: build}\n",
        "jobs: {}\n" + BUILD,
        "steps:\n- {name: a, image: b, args: [c]}\n",
        "steps: []\n",
    ],
)
def test_other_file_with_steps_is_no_build(text):
    assert found_under("ci/test.yaml", text) == []
