"""Scripts as files: what they name, files that stand in them, and values for the Dockerfiles they build."""

import posixpath
from collections.abc import Iterable, Iterator

from planner.formats import _build_arguments
from planner.formats._base import Embedded, Item
from planner.formats._docker_commands import Build, Found
from planner.formats._shell import everything
from planner.formats._shell_variables import Variables
from planner.formats._shell_words import Word
from planner.model.source import Text

WORDS = (  # one of them is in every file of scripts that can matter
    (
        b"docker", b"podman", b"nerdctl", b"buildah", b"skopeo", b"crane", b"kubectl", b"helm", b"kind ",
        b"k3d", b"minikube", b"gcloud", b"az ", b"ctr", b"oc ", b"singularity", b"apptainer", b"pack ",
        b"DOCKER", b"CONTAINER", b"IMAGE", b"IMG", b"image", b"VERSION", b"TAG", b"REGISTRY", b"oras",
        b"cosign", b"trivy", b"grype", b"syft", b"regctl", b"executor", b"flux",
    ),
)  # fmt: skip
Finding = Item


def findings(
    script: Text | Word, path: str, variables: Variables, folders: Iterable[str] = ()
) -> Iterator[Finding]:
    """Yield what a script of the file `path` names, run in any of `folders`; by default beside the file."""
    yield from settled(everything(script, path, variables), path, folders)


def settled(found: Iterable[Found | Embedded], path: str, folders: Iterable[str] = ()) -> Iterator[Finding]:
    """Yield what was found, builds as what they give to their Dockerfiles."""
    places = tuple(dict.fromkeys(folders)) or (posixpath.dirname(path),)
    for item in found:
        if isinstance(item, Build):
            yield from _build_arguments.images(item.arguments)
            for target in dict.fromkeys(_dockerfile(item, place) for place in places):
                yield from _build_arguments.binding(target, item.arguments)
        else:
            yield item


def _dockerfile(build: Build, folder: str) -> str:
    """Return the path of the Dockerfile that a command builds; empty if it cannot be known."""
    context, file = build.context, build.file
    if file is not None:
        name = str(file) if file.known else ""
    elif context is None or context.known:
        name = posixpath.join(str(context) if context else ".", "Dockerfile")
    else:
        name = ""
    if not name or "://" in name.removeprefix("dir://"):
        return ""
    return _build_arguments.dockerfile(folder, build.folder, name.removeprefix("dir://"))
