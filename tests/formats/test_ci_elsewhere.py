"""Files of CI under names that a documentation or an example gives them."""

import pytest

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
