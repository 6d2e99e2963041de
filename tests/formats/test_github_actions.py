"""Workflows and actions: containers, services, steps, scripts; the matrix, `env` and inputs."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Binding, Candidate
from planner.formats._patterns import matcher
from planner.formats.github_actions import FORMAT, extract
from planner.model.inventory import Confidence, Role
from planner.model.source import Run, SourceFile, Text
from planner.scan import scan

WORKFLOW = ".github/workflows/ci.yml"


def everything(text: str, path: str = WORKFLOW) -> list[Candidate | Binding]:
    return list(extract(SourceFile(path, text), {}))


def candidates(text: str, path: str = WORKFLOW) -> list[Candidate]:
    return [item for item in everything(text, path) if isinstance(item, Candidate)]


def found(text: str, path: str = WORKFLOW) -> list[str]:
    return [str(item.value) for item in candidates(text, path) if not item.problem]


def roles(text: str) -> list[tuple[str, Role]]:
    return [(str(item.value), item.role) for item in candidates(text)]


def bindings(text: str, path: str = WORKFLOW) -> list[tuple[str, dict[str, str]]]:
    items = [item for item in everything(text, path) if isinstance(item, Binding)]
    return [(item.target, {name: str(value) for name, value in item.variables.items()}) for item in items]


def job(text: str) -> str:
    return "jobs:\n  a:\n    runs-on: ubuntu-24.04\n" + "".join(f"    {line}\n" for line in text.splitlines())


def step(text: str) -> str:
    return job("steps:\n- " + text.replace("\n", "\n  "))


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".github/workflows/sub/ci.yaml",
        ".github/actions/build/action.yml",
        ".gitea/workflows/ci.yml",
        ".forgejo/workflows/ci.yml",
        "workflow-templates/ci.yml",
        "action.yml",
        "tools/action.yaml",
    ],
)
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize("path", [".github/dependabot.yml", "workflows/ci.yml", "reaction.yml"])
def test_file_of_another_kind_elsewhere_is_no_workflow(path):
    assert not extracted("github_actions", "jobs:\n  a:\n    container: node:20\n", path).items


@pytest.mark.parametrize(
    "text", ["container: node:20", "container: {image: 'node:20', options: --cpus 1}", 'container: "node:20"']
)
def test_container_of_a_job_is_a_step(text):
    assert roles(job(text)) == [("node:20", Role.STEP)]


@pytest.mark.parametrize("text", ["services: {db: {image: 'postgres:16'}}", "services: {db: postgres:16}"])
def test_service(text):
    assert roles(job(text)) == [("postgres:16", Role.SERVICE)]


def test_empty_container_is_none():
    assert found(job("container: ''\nservices: {db: {image: }}")) == []


def test_runner_is_no_image():
    assert found("jobs: {a: {runs-on: ubuntu:24.04, uses: ./x.yml}}") == []


def test_docker_step_without_its_scheme():
    text = step("uses: docker://alpine:3")
    (item,) = candidates(text)
    assert item.value.runs == (Run("alpine:3", text.index("alpine")),)


def test_action_that_is_a_repository_is_no_image():
    assert found(step("uses: actions/checkout@v4")) == []


@pytest.mark.parametrize(
    ("image", "expected"),
    [("docker://alpine:3.19", ["alpine:3.19"]), ("Dockerfile", []), ("sub/Dockerfile", [])],
)
def test_image_of_an_action(image, expected):
    assert found(f"name: x\nruns:\n  using: docker\n  image: {image}\n", "action.yml") == expected


def test_steps_of_a_composite_action():
    text = (
        "inputs: {version: {default: '3'}}\n"
        "runs: {using: composite, steps: [{shell: bash, run: 'docker run alpine:${{ inputs.version }}'}]}\n"
    )
    assert found(text, "action.yml") == ["alpine:3"]


@pytest.mark.parametrize(
    ("action", "setting", "expected"),
    [
        ("docker/setup-qemu-action", "image: x:1", ("x:1", Role.STEP)),
        ("docker/setup-buildx-action", "driver-opts: 'network=host,image=x:1'", ("x:1", Role.STEP)),
        ("docker/setup-buildx-action", 'driver-opts: "network=host\\nimage=x:1"', ("x:1", Role.STEP)),
        ("docker/build-push-action", "tags: x:1", ("x:1", Role.OUTPUT)),
        ("docker/build-push-action", "cache-from: x:1", ("x:1", Role.CACHE)),
        ("docker/build-push-action", "cache-from: 'type=registry,ref=x:1'", ("x:1", Role.CACHE)),
        ("docker/build-push-action", "cache-to: 'type=registry,ref=x:1,mode=max'", ("x:1", Role.OUTPUT)),
        ("docker/build-push-action", "build-contexts: base=docker-image://x:1", ("x:1", Role.SCRIPT)),
        ("docker/build-push-action", "outputs: 'type=image,name=x:1,push=true'", ("x:1", Role.OUTPUT)),
        ("docker/build-push-action", "sbom: generator=x:1", ("x:1", Role.STEP)),
        ("docker/metadata-action", "images: name=x,enable=true", ("x", Role.OUTPUT)),
        ("addnab/docker-run-action", "image: x:1", ("x:1", Role.STEP)),
        ("aws-actions/amazon-ecs-render-task-definition", "image: x:1", ("x:1", Role.OUTPUT)),
        ("google-github-actions/deploy-cloudrun", "image: x:1", ("x:1", Role.WORKLOAD)),
    ],
)
def test_input_of_a_known_action(action, setting, expected):
    assert roles(step(f"uses: {action}@v3\nwith: {{{setting}}}")) == [expected]


def test_tags_are_lines_or_separated_by_commas():
    text = step(
        "uses: docker/build-push-action@v6\nwith:\n  tags: |\n    a:1, b:1\n\n    c:${{ github.sha }}"
    )
    assert [(item.spelled, item.role) for item in candidates(text)] == [
        ("a:1", Role.OUTPUT),
        ("b:1", Role.OUTPUT),
        ("c:${{ github.sha }}", Role.OUTPUT),
    ]


@pytest.mark.parametrize("action", ["acme/build@v1", "docker/login-action@v3", "docker/bake-action@v5"])
def test_input_of_an_unknown_action_is_no_image(action):
    assert found(step(f"uses: {action}\nwith: {{image: x:1, tags: y:1}}")) == []


@pytest.mark.parametrize(
    ("settings_", "target"),
    [
        ("build-args: V=1", "Dockerfile"),
        ("build-args: V=1, context: ./sub", "sub/Dockerfile"),
        ("build-args: V=1, context: sub, file: docker/app.Dockerfile", "docker/app.Dockerfile"),
        ("build-args: V=1, context: '{{defaultContext}}:sub'", "sub/Dockerfile"),
    ],
)
def test_build_arguments_are_for_the_dockerfile(settings_, target):
    assert bindings(step(f"uses: docker/build-push-action@v6\nwith: {{{settings_}}}")) == [
        (target, {"V": "1"})
    ]


def test_dockerfile_is_beside_the_folder_of_the_workflow():
    text = step("uses: docker/build-push-action@v6\nwith: {build-args: V=1}")
    assert bindings(text, "project/.github/workflows/ci.yml") == [("project/Dockerfile", {"V": "1"})]


@pytest.mark.parametrize(
    "settings_",
    [
        "build-args: V=1, context: 'https://x.io/r.git'",
        "build-args: V=1, file: ../x",
    ],
)
def test_build_that_gives_nothing_to_a_dockerfile_of_the_tree(settings_):
    assert bindings(step(f"uses: docker/build-push-action@v6\nwith: {{{settings_}}}")) == []


@pytest.mark.parametrize("settings_", ["context: .", "build-args: V"])
def test_build_with_the_defaults_alone_is_a_use(settings_):
    found = bindings(step(f"uses: docker/build-push-action@v6\nwith: {{{settings_}}}"))
    assert found == [("Dockerfile", {})]


def test_build_arguments_from_the_matrix_are_one_use_each():
    text = job(
        "strategy: {matrix: {v: [1, 2]}}\n"
        "steps:\n- uses: docker/build-push-action@v6\n  with: {build-args: 'V=${{ matrix.v }}'}"
    )
    assert bindings(text) == [("Dockerfile", {"V": "1"}), ("Dockerfile", {"V": "2"})]


@pytest.mark.parametrize(
    ("matrix", "image", "expected"),
    [
        ("{v: [20, '22']}", "node:${{ matrix.v }}", ["node:20", "node:22"]),
        ("{v: [20], w: [a, b]}", "node:${{ matrix.v }}", ["node:20"]),
        ("{i: [a, b], v: [1, 2]}", "${{matrix.i}}:${{matrix.v}}", ["a:1", "a:2", "b:1", "b:2"]),
        ("{include: [{i: a, v: 1}, {i: b, v: 2}]}", "${{matrix.i}}:${{matrix.v}}", ["a:1", "b:2"]),
        ("{v: [1], include: [{v: 2}]}", "a:${{ matrix.v }}", ["a:1", "a:2"]),
        ("{v: [1, 2], include: [{v: 2, s: -x}]}", "a:${{matrix.v}}${{matrix.s}}", ["a:1", "a:2-x"]),
        ("{v: [1, 2], exclude: [{v: 1}]}", "a:${{ matrix.v }}", ["a:2"]),
        ("{o: [{i: a, v: 1}, {i: b, v: 2}]}", "${{ matrix.o.i }}:${{ matrix.o.v }}", ["a:1", "b:2"]),
        ("{i: [x], include: [{c: a:1}]}", "${{ matrix.c }}", ["a:1"]),
        ("{i: [x], include: [{i: y, c: a:1}]}", "${{ matrix.c }}", ["a:1"]),
        ("{v: [1], include: [{i: x}, {w: y, v: 9}]}", "${{ matrix.i }}:${{ matrix.v }}", ["x:1"]),
        ("{my-v: [1]}", "a:${{ matrix['my-v'] }}", ["a:1"]),
    ],
)
def test_matrix(matrix, image, expected):
    assert found(job(f"strategy: {{matrix: {matrix}}}\ncontainer: {image}")) == expected


def test_matrix_value_is_where_the_tag_would_be_edited():
    text = job("strategy: {matrix: {v: [20]}}\ncontainer: node:${{ matrix.v }}")
    (item,) = candidates(text)
    assert item.value.runs == (Run("node:", text.index("node:")), Run("20", text.index("20]")))
    assert (item.spelled, item.confidence) == ("node:${{ matrix.v }}", Confidence.RESOLVED)
    assert item.trail == ("matrix.v=20",)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("inputs.image", ["x:1"]),
        ("github.event.inputs.image", ["x:1"]),
        ("inputs.pick", ["p:1", "p:2"]),
        ("inputs.none || 'x:1'", ["x:1"]),
        ("vars.IMAGE || inputs.image", ["x:1"]),
        ("github.ref == 'a' && 'x:1' || 'y:1'", ["x:1", "y:1"]),
        ("env.IMAGE", ["e:1"]),
        ("'x:1'", ["x:1"]),
    ],
)
def test_expression(expression, expected):
    text = (
        "on: {workflow_dispatch: {inputs: {image: {default: 'x:1'}, none: {}, "
        "pick: {type: choice, options: ['p:1', 'p:2']}}}}\n"
        "env: {BASE: e, IMAGE: '${{ env.BASE }}:1'}\n"
    )
    assert found(text + job(f"container: ${{{{ {expression} }}}}")) == expected


def test_default_of_a_reusable_workflow():
    text = "on: {workflow_call: {inputs: {image: {type: string, default: 'x:1'}}}}\n"
    assert found(text + job("container: ${{ inputs.image }}")) == ["x:1"]


@pytest.mark.parametrize(
    "expression",
    ["needs.a.outputs.image", "vars.IMAGE", "fromJSON(needs.a.outputs.m).image", "matrix.x", "inputs.x"],
)
def test_expression_that_is_not_known_says_so(expression):
    (item,) = candidates(job(f"container: ${{{{ {expression} }}}}:1"))
    assert item.spelled == f"${{{{ {expression} }}}}:1"
    assert item.problem == f"{expression} is known only when the workflow runs"


def test_matrix_that_is_computed_is_not_known():
    (item,) = candidates(
        job("strategy: {matrix: '${{ fromJSON(needs.a.outputs.m) }}'}\ncontainer: a:${{ matrix.v }}")
    )
    assert item.problem


@pytest.mark.parametrize(
    ("action", "settings_", "expected"),
    [
        ("docker/setup-qemu-action", "platforms: arm64", ["docker.io/tonistiigi/binfmt:latest"]),
        ("docker/setup-buildx-action", "version: latest", ["docker.io/moby/buildkit:buildx-stable-1"]),
        ("docker/setup-buildx-action", "driver: kubernetes", ["docker.io/moby/buildkit:buildx-stable-1"]),
        (
            "docker/setup-buildx-action",
            "driver-opts: network=host",
            ["docker.io/moby/buildkit:buildx-stable-1"],
        ),
        ("docker/setup-buildx-action", "driver: docker", []),
        ("docker/setup-buildx-action", "driver: cloud", []),
        ("docker/setup-buildx-action", "driver-opts: image=x:1", []),
        ("docker/setup-qemu-action", "image: x:1", []),
        ("docker/build-push-action", "sbom: true", ["docker.io/docker/buildkit-syft-scanner:stable-1"]),
        (
            "docker/build-push-action",
            "attests: type=sbom",
            ["docker.io/docker/buildkit-syft-scanner:stable-1"],
        ),
        ("docker/build-push-action", "sbom: false", []),
        ("docker/build-push-action", "sbom: generator=x:1", []),
        ("docker/login-action", "registry: x.io", []),
    ],
)
def test_image_that_an_action_pulls_by_itself(action, settings_, expected):
    found_ = candidates(step(f"uses: {action}@v3\nwith: {{{settings_}}}"))
    assert [str(item.value) for item in found_ if item.role is Role.IMPLICIT] == expected


def test_image_that_nothing_spells_says_how_to_move_it():
    text = step("uses: docker/setup-qemu-action@v3")
    (item,) = candidates(text)
    assert (item.start, item.trail) == (text.index("docker/setup"), ("set the input image to move it",))


@pytest.mark.parametrize(
    ("uses", "targets"),
    [
        ("./.github/workflows/b.yml", [".github/workflows/b.yml"]),
        ("./tools/x", ["tools/x/action.yml", "tools/x/action.yaml"]),
        ("acme/x/.github/workflows/b.yml@main", []),
    ],
)
def test_inputs_are_for_the_file_that_is_called(uses, targets):
    text = step(f"uses: {uses}\nwith: {{image: 'x:1', other: '${{{{ github.sha }}}}'}}")
    assert bindings(text) == [(target, {"inputs.image": "x:1"}) for target in targets]


def test_called_workflow_has_one_use_for_each_job_of_the_matrix():
    text = job(
        "strategy: {matrix: {v: [1, 2]}}\nuses: ./.github/workflows/b.yml\nwith: {v: '${{ matrix.v }}'}"
    )
    assert [values for _, values in bindings(text)] == [{"inputs.v": "1"}, {"inputs.v": "2"}]


def test_input_from_outside_goes_before_the_default():
    text = "on: {workflow_call: {inputs: {v: {default: '1'}}}}\n" + job("container: x:${{ inputs.v }}")
    items = extract(SourceFile(WORKFLOW, text), {"inputs.v": Text.at(0, "2", "a.yml")})
    assert [str(item.value) for item in items if isinstance(item, Candidate)] == ["x:2"]


def test_matrix_that_is_written_as_json_is_known():
    text = job('strategy: {matrix: {v: "${{ fromJSON(\'[\\"1\\", 2]\') }}"}}\ncontainer: x:${{ matrix.v }}')
    assert found(text) == ["x:1", "x:2"]


def test_build_in_a_script_gives_its_arguments_to_the_dockerfile():
    text = step("run: docker build --build-arg V=1 .\nworking-directory: sub")
    assert bindings(text) == [("sub/Dockerfile", {"V": "1"})]


@pytest.mark.parametrize("opening", ["${{ a", "${{ '", "${{ a }", "${{ '' ", "$", "}}"])
def test_expressions_that_never_end_are_read_once(opening):
    text = job("steps:\n- run: |\n    docker run " + opening * (200_000 // len(opening)))
    candidates(text)  # a reading whose time grows with the square never ends here


def test_script():
    assert roles(step("run: |\n  docker pull a:1\n  docker build -t b:1 .")) == [
        ("a:1", Role.SCRIPT),
        ("b:1", Role.OUTPUT),
    ]


@pytest.mark.parametrize("shell", ["pwsh", "powershell", "python", "cmd"])
def test_script_for_another_interpreter_is_not_read(shell):
    assert found(step(f"run: docker pull a:1\nshell: {shell}")) == []


def test_shell_can_be_a_default():
    assert found("defaults: {run: {shell: pwsh}}\n" + step("run: docker pull a:1")) == []


@pytest.mark.parametrize("place", ["workflow", "job", "step"])
def test_script_sees_env(place):
    env = "env: {IMAGE: 'a:1'}"
    text = {
        "workflow": env + "\n" + step("run: docker pull $IMAGE"),
        "job": job(env + "\nsteps: [{run: docker pull $IMAGE}]"),
        "step": step(env + "\nrun: docker pull $IMAGE"),
    }
    assert found(text[place]) == ["a:1"]


def test_script_runs_once_for_each_job_of_the_matrix():
    text = job(
        "strategy: {matrix: {v: [1, 2]}}\nenv: {V: '${{ matrix.v }}'}\n"
        "steps: [{run: 'docker pull a:${{ matrix.v }}; docker pull b:$V; docker pull c'}]"
    )
    assert sorted(found(text)) == ["a:1", "a:2", "b:1", "b:2", "c"]


def test_expressions_that_refer_to_themselves_end():
    assert found("env: {A: '${{ env.B }}', B: '${{ env.A }}'}\n" + job("container: ${{ env.A }}")) == []


def test_expressions_that_multiply_are_given_up():
    many = "".join(f"  V{i}: '{f'${{{{ env.V{i + 1} }}}}' * 50}'\n" for i in range(8))
    (item,) = candidates(f"env:\n{many}  V8: x\n" + job("container: ${{ env.V0 }}"))
    assert item.problem


def test_anchor_that_is_shared_is_found_for_every_job():
    text = "jobs:\n  a: &a {container: 'a:1'}\n  b: {<<: *a}\n"
    assert set(found(text)) == {"a:1"}


def test_file_that_is_no_yaml_is_read_by_lines_and_says_so():
    text = "jobs:\n  a:\n   x: ]\n    container: alpine:3\n"
    problem, item = candidates(text)
    assert "line by line" in problem.problem
    assert (str(item.value), item.confidence) == ("alpine:3", Confidence.HEURISTIC)


_PARTS = st.sampled_from(
    ["jobs:\n", "  a:\n", "    container: ", "${{ ", "matrix.v", " }}", "'", " || ", "&&", "[", "]", "{", "}",
     ": ", "    steps:\n", "    - run: docker run ", "$X", "\n", "\r\n", "env: ", "é",
     "    strategy: {matrix: ", ", ", "\udc80", "uses: docker://"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in candidates(text):
        assert 0 <= item.start <= len(text)
        for run in item.value.runs:
            assert run.start < 0 or text[run.start : run.start + len(run.text)] == run.text


def test_build_contexts_are_for_the_dockerfile():
    text = step("uses: docker/build-push-action@v6\nwith: {build-contexts: 'base=./base'}")
    assert bindings(text) == [("Dockerfile", {}), ("Dockerfile", {"--build-context base": "./base"})]


# Molecule


TESTED = """
strategy: {matrix: {distro: [debian12, rockylinux9]}}
steps:
- run: molecule test
  env: {MOLECULE_DISTRO: "${{ matrix.distro }}", TOKEN: "${{ secrets.TOKEN }}"}
"""


def test_molecule_is_given_the_environment_of_each_job():
    assert bindings(job(TESTED)) == [
        ("**", {"MOLECULE_DISTRO": "debian12"}),
        ("**", {"MOLECULE_DISTRO": "rockylinux9"}),
    ]


@pytest.mark.parametrize("command", ["pip install molecule", "molecule list", "cat molecule/test"])
def test_environment_of_other_commands_is_not_handed_on(command):
    assert bindings(job(TESTED.replace("molecule test", command))) == []


def test_platform_of_molecule_is_that_of_the_matrix(tmp_path):
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "ci.yml").write_text(job(TESTED))
    (tmp_path / "molecule" / "default").mkdir(parents=True)
    molecule = "platforms:\n- {name: a, image: 'acme/${MOLECULE_DISTRO:-debian11}-ansible:1'}\n"
    (tmp_path / "molecule" / "default" / "molecule.yml").write_text(molecule)
    found = {str(each.reference) for each in scan([tmp_path]).occurrences}
    assert found == {f"docker.io/acme/{each}-ansible:1" for each in ("debian11", "debian12", "rockylinux9")}


def test_every_job_of_the_largest_matrix_counts_in_several_steps():
    versions = ", ".join(f"'{number}'" for number in range(256))
    steps = "".join(f"- run: docker pull a{step}:${{{{ matrix.v }}}}\n" for step in range(3))
    text = job(
        f"strategy: {{matrix: {{v: [{versions}]}}}}\ncontainer: x:${{{{ matrix.v }}}}\nsteps:\n{steps}"
    )
    assert len(found(text)) == 4 * 256


WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: x\n    container: node:20\n"


@pytest.mark.parametrize("path", ["examples/github-deploy.yml", "ci/workflows/build.yaml", "-"])
def test_workflow_that_lies_elsewhere_is_told_by_its_jobs(path):
    assert extracted("github_actions", WORKFLOW, path).pulled == ["docker.io/library/node:20"]


@pytest.mark.parametrize(
    "text",
    ["jobs:\n  a:\n    container: node:20\n", "jobs:\n- runs-on: x\n  container: node:20\n", "runs: x\n"],
)
@pytest.mark.parametrize("path", [".github/dependabot.yml", "workflows/ci.yml", "reaction.yml"])
def test_other_jobs_are_no_workflow(path, text):
    assert extracted("github_actions", text, path).found == []


@pytest.mark.parametrize("name", ["ci.yml.hbs", "ci.yaml.ejs", "sub/ci.yml.j2"])
def test_template_of_a_workflow_is_read_as_one(name):
    assert matcher(FORMAT.patterns).search(f".github/workflows/{name}")
