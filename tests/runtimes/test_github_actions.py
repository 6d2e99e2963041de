import tomllib

import pytest
import yaml
from merging import OWN, added, asked, merged

from planner.errors import ConfigError

BEFORE = """on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - name: Buildx
        uses: docker/setup-buildx-action@v3 # pinned
      - uses: docker/build-push-action@v6
"""


def settings(text):
    steps = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
    return [
        tomllib.loads(step["with"]["buildkitd-config-inline"]) for step in steps if "buildx" in step["uses"]
    ]


def test_step_gets_a_configuration_of_buildkit():
    after = merged("github_actions", BEFORE)
    assert settings(after) == [{"registry": {"docker.io": {"mirrors": ["mirror.gcr.io"]}}}]
    assert added(BEFORE, after)


def test_inputs_that_are_there_stay():
    before = BEFORE.replace(
        "# pinned\n", "# pinned\n        with:\n          driver-opts: network=host # x\n"
    )
    after = merged("github_actions", before)
    assert "          driver-opts: network=host # x\n          buildkitd-config-inline: |\n" in after
    assert settings(after)


def test_configuration_that_is_there_is_merged_into():
    first = merged("github_actions", BEFORE.replace("\n", "\r\n"))
    after = merged("github_actions", first, OWN)
    assert settings(after) == [{"registry": {"docker.io": {"mirrors": [OWN, "mirror.gcr.io"]}}}]
    assert added(first, after)
    assert asked("github_actions", after) == [OWN, "mirror.gcr.io"]


def test_configuration_in_a_file_of_its_own_is_refused_with_where_to_set_it():
    before = BEFORE.replace("# pinned\n", "\n        with: {buildkitd-config: .github/buildkitd.toml}\n")
    with pytest.raises(ConfigError, match="configuration in") as refused:
        merged("github_actions", before)
    assert "mirror config buildkit --file .github/buildkitd.toml" in refused.value.hint


def test_workflow_without_buildx_is_refused_with_what_to_do():
    with pytest.raises(ConfigError, match="no step docker/setup-buildx-action") as refused:
        merged("github_actions", "on: push\njobs: {}\n")
    assert "daemon.json" in refused.value.hint
