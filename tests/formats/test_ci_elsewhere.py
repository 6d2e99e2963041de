"""Files of CI under names that a documentation or an example gives them."""

import pytest
from extracted import extracted

from planner.scan import scan
from planner.scanning.catalog import chosen


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("examples/travis-ci-minimal.yml", "travis"),
        ("ci/.travis.linux.yml", "travis"),
        ("examples/circleci-minimal.yml", "circleci"),
        ("ci/circle.yml", "circleci"),
        ("docs/cirrus-ci.yml", "cirrus"),
        ("examples/semaphore.yml", "semaphore"),
        ("ci/appveyor_win.yml", "appveyor"),
        ("examples/drone.yml", "drone"),
        ("ci/build.drone.yaml", "drone"),
        ("examples/woodpecker.yaml", "woodpecker"),
        ("examples/github-minimal.yml", "github_actions"),
        ("examples/gitlab-minimal.yml", "gitlab_ci"),
        ("examples/azure-minimal.yml", "azure_pipelines"),
    ],
)
def test_file_is_read_as_what_its_name_says(path, name):
    assert name in chosen().readers(path)


def found(root, name, text, **more):
    """Return what a scan finds in a file, and in others beside it, as reference and role."""
    for path, content in {name: text, **more}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    return [(str(each.reference), each.role.value) for each in scan([root]).occurrences]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("examples/gitlab-ci.yml", "image: a/b:1\ntest:\n  script: [x]\n"),
        ("ci/lint.yml", "lint:\n  stage: test\n  image: a/b:1\n  script: [x]\n"),
        ("ci/jobs.yml", ".base:\n  image: a/b:1\n  rules: [{if: $X}]\n  script:\n    - x\n"),
        ("ci/all.yml", "stages: [t]\ndefault:\n  image: a/b:1\nt:\n  script:\n    - x\n"),
    ],
)
def test_pipeline_of_gitlab_is_told_by_its_jobs(tmp_path, path, text):
    assert found(tmp_path, path, text) == [("docker.io/a/b:1", "step")]


@pytest.mark.parametrize(
    "text",
    [
        "language: c\nscript:\n  - x\nimage: a\n",
        "jobs:\n  a:\n    script: [x]\n    stage: t\n    image: ruby:3\n",
        "a:\n  script: [x]\n  image: ruby:3\n  else: 1\n",
    ],
)
def test_file_of_another_system_is_no_pipeline_of_gitlab(text):
    assert not extracted("gitlab_ci", text, "ci/x.yml").items


def test_configuration_of_circleci_is_told_by_its_jobs(tmp_path):
    text = "version: 2.1\njobs:\n  a:\n    docker:\n      - image: cimg/node:20\n    steps: [checkout]\n"
    assert found(tmp_path, "examples/config.yml", text) == [("docker.io/cimg/node:20", "step")]


def test_other_file_with_jobs_is_no_configuration_of_circleci():
    text = "version: 2\njobs:\n  a:\n    docker: true\n    image: ruby:3\n"
    assert not extracted("circleci", text, "x.yml").items


def test_dockerfile_that_an_action_names_is_read(tmp_path):
    text = "runs:\n  using: docker\n  image: build/Base.Dockerfile\n"
    more = {"act/build/Base.Dockerfile": "FROM a/b:1\n"}
    assert found(tmp_path, "act/action.yml", text, **more) == [("docker.io/a/b:1", "base")]
