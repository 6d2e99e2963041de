import tomllib

from merging import OWN, merged

from planner.runtimes._base import Mirror
from planner.runtimes.buildx import RUNTIME


def test_builders_get_the_file_of_a_buildkit():
    assert tomllib.loads(merged("buildx", "", OWN)) == {"registry": {"docker.io": {"mirrors": [OWN]}}}


def test_command_for_a_new_builder_names_the_file():
    assert RUNTIME.flag is not None
    assert "/.docker/buildx/buildkitd.default.toml" in RUNTIME.flag(Mirror("mirror.gcr.io"))
