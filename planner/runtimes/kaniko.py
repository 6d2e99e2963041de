"""kaniko: an option of the executor's arguments, in Kubernetes manifests and Cloud Build files.

A mirror with a path is taken since 1.22 (https://github.com/GoogleContainerTools/kaniko/pull/3051).
"""

import re

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes import _words
from planner.runtimes._base import HUB, File, Mirror, Runtime
from planner.runtimes._options import OPTION
from planner.runtimes._yaml_edit import Value, new

_IMAGE = re.compile(r"\S*\bkaniko(?:-project)?\b\S*/(?:executor|warmer)(?:[:@]\S+)?\Z")
_KIND = _words.Kind(lambda image: bool(_IMAGE.match(image)), "args", lambda mirror: mirror.name)


def _merge(file: SourceFile, mirror: Mirror) -> str:
    if not file.text.strip():
        container: Value = {
            "name": "kaniko",
            "image": "gcr.io/kaniko-project/executor",
            "args": [f"{OPTION}={mirror.name}"],
        }
        return new(file.text, {"containers": [container]})
    if next(_words.containers(file, _KIND), None) is None:
        raise ConfigError(
            f"{file.path} starts no kaniko executor",
            hint="where a script starts it, set KANIKO_REGISTRY_MIRROR in its environment",
        )
    return _words.merge(file, mirror, _KIND)


def _mirrors(file: SourceFile) -> tuple[str, ...]:
    return _words.mirrors(file, _KIND)


RUNTIME = Runtime(
    name="kaniko",
    title="kaniko",
    files=(File("kaniko.yaml", "yaml", ("kaniko.yaml", "cloudbuild.yaml"), _merge, _mirrors),),
    flag=lambda mirror: f"executor --registry-mirror={mirror.name}",
    restart=(),
    check="the log of the build says from which mapped registry an image is retrieved",
    private="the entry of LOCATION-docker.pkg.dev in /kaniko/.docker/config.json, or the service account "
    "of the pod or build, which its Google keychain finds",
    miss="the next mirror is asked, and Docker Hub last, unless --skip-default-registry-fallback is given",
    default=(HUB,),
    specification="https://github.com/GoogleContainerTools/kaniko#flag---registry-mirror",
)
