"""Files that scripts in other formats write, or feed to a command: here-documents in steps of CI."""

import textwrap
from pathlib import Path

import pytest

from planner.model.inventory import Role
from planner.scan import scan

SCRIPT = """\
cat > "$RUNNER_TEMP/inject.Dockerfile" <<'EOF'
FROM busybox:1.37
RUN true
EOF
docker build -f "$RUNNER_TEMP/inject.Dockerfile" .
kubectl apply -f - <<EOF
apiVersion: v1
kind: Pod
spec:
  containers:
  - image: alpine:3.22
EOF
"""

HOSTS = {
    ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: |\n%s",
    "action.yml": "runs:\n  using: composite\n  steps:\n  - shell: bash\n    run: |\n%s",
    ".gitlab-ci.yml": "a:\n  script:\n  - |\n%s",
    ".circleci/config.yml": "version: 2.1\njobs:\n  a:\n    machine: true\n    steps:\n    - run: |\n%s",
    "azure-pipelines.yml": "steps:\n- bash: |\n%s",
    ".buildkite/pipeline.yml": "steps:\n- command: |\n%s",
    "bitbucket-pipelines.yml": "pipelines:\n  default:\n  - step:\n      script:\n      - |\n%s",
    ".travis.yml": "language: go\nscript:\n- |\n%s",
    ".cirrus.yml": "a_task:\n  b_script: |\n%s",
    ".semaphore/semaphore.yml": (
        "version: v1.0\nblocks:\n- task:\n    jobs:\n    - commands:\n      - |\n%s"
    ),
    "cloudbuild.yaml": "steps:\n- name: gcr.io/cloud-builders/gcloud\n  script: |\n%s",
    ".woodpecker.yml": "steps:\n- name: a\n  image: quay.io/a/b:1\n  commands:\n  - |\n%s",
    ".drone.yml": "kind: pipeline\ntype: exec\nsteps:\n- name: a\n  commands:\n  - |\n%s",
    "codefresh.yml": ("version: '1.0'\nsteps:\n  a:\n    image: quay.io/a/b:1\n    commands:\n    - |\n%s"),
    "ci/task.yml": (
        "image_resource: {type: registry-image, source: {repository: quay.io/a/b}}\n"
        "run:\n  path: sh\n  args:\n  - -c\n  - |\n%s"
    ),
    "Vagrantfile": (
        "Vagrant.configure('2') do |c|\n  c.vm.provision 'shell', inline: <<~'SHELL'\n%s  SHELL\nend\n"
    ),
    "scripts/a.sh": "%s",
}


@pytest.mark.parametrize("path", HOSTS)
def test_files_in_a_script_are_read(tmp_path: Path, path: str):
    text = HOSTS[path] % (SCRIPT if path.endswith(".sh") else textwrap.indent(SCRIPT, " " * 10))
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    found = {(str(each.reference), each.role) for each in scan([tmp_path]).occurrences}
    assert ("docker.io/library/busybox:1.37", Role.BASE) in found
    assert ("docker.io/library/alpine:3.22", Role.WORKLOAD) in found
    for each in scan([tmp_path]).occurrences:
        for fragment in each.fragments:
            assert text[fragment.start : fragment.end] == fragment.text


def test_file_of_a_matrix_has_each_of_its_values_once(tmp_path: Path):
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/ci.yml").write_text("""\
on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    strategy:
      matrix:
        os: [ubuntu-22.04, ubuntu-24.04]
        go: ["1.24", "1.25"]
    steps:
    - run: |
        cat > Dockerfile <<EOF
        FROM golang:${{ matrix.go }}
        RUN go build
        EOF
        cat > plain.Dockerfile <<EOF
        FROM debian:13
        RUN true
        EOF
""")
    found = [str(each.reference) for each in scan([tmp_path]).occurrences]
    assert sorted(found) == [
        "docker.io/library/debian:13",
        "docker.io/library/golang:1.24",
        "docker.io/library/golang:1.25",
    ]


def test_script_that_only_writes_a_dockerfile_is_read(tmp_path: Path):
    (tmp_path / "a.sh").write_text("cat > Dockerfile <<EOF\nFROM busybox:1.37\nRUN true\nEOF\n")
    assert [str(each.reference) for each in scan([tmp_path]).occurrences] == [
        "docker.io/library/busybox:1.37"
    ]


def test_input_of_an_action_stands_where_the_file_in_its_step_takes_it(tmp_path):
    action = tmp_path / ".github/actions/deploy/action.yml"
    workflow = tmp_path / ".github/workflows/ci.yml"
    for path in (action, workflow):
        path.parent.mkdir(parents=True)
    script = SCRIPT.replace("alpine:3.22", "${{ inputs.image }}")
    action.write_text(
        "inputs: {image: {required: true}}\n" + HOSTS["action.yml"] % textwrap.indent(script, " " * 6)
    )
    workflow.write_text(
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
        "    - uses: ./.github/actions/deploy\n      with: {image: 'alpine:3.22'}\n"
    )
    inventory = scan([tmp_path])
    line = action.read_text().splitlines().index("        - image: ${{ inputs.image }}") + 1
    found = {str(each.reference): (each.path, each.line) for each in inventory.occurrences}
    assert found["docker.io/library/alpine:3.22"] == (".github/actions/deploy/action.yml", line)
    assert inventory.unresolved == ()
