import tomllib

import pytest
from merging import OWN, added, asked, merged

from planner.errors import ConfigError

BEFORE = """concurrent = 4
[[runners]]
  name = "shell"
  executor = "shell"

[[runners]]
  name = "docker"
  executor = "docker"
  [runners.docker]
    image = "alpine"
    [[runners.docker.services]]
      name = "redis:7"
    [[runners.docker.services]]
      name = "docker:27-dind"
      alias = "docker" # jobs say so
  [runners.cache]
    Type = "gcs"

[[runners]]
  executor = "kubernetes"
  [runners.kubernetes]
    [[runners.kubernetes.services]]
      name = "docker:dind"
      command = ["--mtu=1400"]
"""


def test_every_service_of_docker_in_docker_gets_the_option():
    after = merged("gitlab_runner", BEFORE)
    runners = tomllib.loads(after)["runners"]
    assert runners[1]["docker"]["services"] == [
        {"name": "redis:7"},
        {"name": "docker:27-dind", "alias": "docker", "command": ["--registry-mirror=https://mirror.gcr.io"]},
    ]
    command = ["--mtu=1400", "--registry-mirror=https://mirror.gcr.io"]
    assert runners[2]["kubernetes"]["services"] == [{"name": "docker:dind", "command": command}]
    assert added(BEFORE, after)
    assert '      alias = "docker" # jobs say so\n      command = ' in after


def test_new_file_is_a_runner_with_the_service():
    assert asked("gitlab_runner", merged("gitlab_runner")) == ["https://mirror.gcr.io"]


def test_runner_that_starts_none_is_refused_with_where_to_set_it():
    with pytest.raises(ConfigError, match="starts no docker:dind") as refused:
        merged("gitlab_runner", '[[runners]]\nexecutor = "docker"\n')
    assert "mirror config dind" in refused.value.hint


def test_path_is_refused():
    with pytest.raises(ConfigError, match="refuses a mirror with a path"):
        merged("gitlab_runner", BEFORE, OWN)
