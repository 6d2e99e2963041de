"""Docker Buildx: the buildkitd.toml that its new docker-container and kubernetes builders get.

The builder `default` is dockerd itself and reads daemon.json; every other builder is a BuildKit that does
not.
"""

from planner.runtimes import _buildkit_toml
from planner.runtimes._base import HUB, File, Mirror, Runtime, Step

_FILE = "~/.docker/buildx/buildkitd.default.toml"


def _flag(mirror: Mirror) -> str:
    path = _FILE.replace("~", "$HOME")
    return f'docker buildx create --use --buildkitd-config "{path}"  # with {mirror.name} in it'


RUNTIME = Runtime(
    name="buildx",
    title="Docker Buildx",
    files=(File("buildkitd.default.toml", "toml", (_FILE,), _buildkit_toml.merge, _buildkit_toml.mirrors),),
    flag=_flag,
    restart=(
        Step(
            "all; a builder keeps what it was made with",
            "docker buildx rm NAME && docker buildx create --name NAME --use",
        ),
    ),
    check="docker buildx inspect --bootstrap  # prints the file that the builder has",
    private="the client's: `gcloud auth configure-docker LOCATION-docker.pkg.dev` where buildx runs",
    miss="the next mirror is asked, and Docker Hub last",
    default=(HUB,),
    specification="https://docs.docker.com/build/buildkit/configure/#registry-mirror",
)
