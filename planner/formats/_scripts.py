"""Scripts as files: what they name, files that stand in them, and values for the Dockerfiles they build."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from planner.formats._base import Candidate, Embedded, Item
from planner.formats._build_arguments import images
from planner.formats._docker_commands import Build, Found, Passed
from planner.formats._dockerfile_use import commanded
from planner.formats._image_fields import plausible, versioned
from planner.formats._shell import everything
from planner.formats._shell_variables import Variables
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_IMAGE = re.compile(r"(?i)(?:\A|_)image(?:_(?:name|ref|reference))?\Z")
WORDS = (  # one of them is in every file of scripts that can matter
    (
        b"docker", b"podman", b"nerdctl", b"buildah", b"skopeo", b"crane", b"kubectl", b"helm", b"kind ",
        b"k3d", b"minikube", b"gcloud", b"az ", b"ctr", b"oc ", b"singularity", b"apptainer", b"pack ",
        b"DOCKER", b"CONTAINER", b"IMAGE", b"IMG", b"image", b"VERSION", b"TAG", b"REGISTRY", b"oras",
        b"cosign", b"trivy", b"grype", b"syft", b"regctl", b"executor", b"flux", b"dokku", b"velero",
        b"Dockerfile",
    ),
)  # fmt: skip
Finding = Item


def findings(
    script: Text | Word, path: str, variables: Variables, folders: Iterable[str] = ()
) -> Iterator[Finding]:
    """Yield what a script of the file `path` names, run in any of `folders`; by default beside the file."""
    yield from settled(everything(script, path, variables), path, folders)


def settled(found: Iterable[Found | Embedded], path: str, folders: Iterable[str] = ()) -> Iterator[Finding]:
    """Yield what was found, what is passed on as values for other files."""
    passed: list[Passed] = []
    for item in found:
        if isinstance(item, Passed):
            if isinstance(item, Build):
                yield from images(item.arguments)
            passed.append(item)
        else:
            yield item
    yield from commanded(passed, tuple(folders) or (posixpath.dirname(path),))


def with_settings(found: Iterable[Item], settings: Mapping[str, Text]) -> Iterator[Item]:
    """Yield what was found, then the settings that are called images and that nothing of it used.

    What runs them may be elsewhere: a script that reads this one, a program that is given the variable.
    """
    used: set[int] = set()
    for item in found:
        if isinstance(item, Candidate | Embedded):
            text = item.value if isinstance(item, Candidate) else item.text
            used.update(run.start for run in text.runs if not run.path)
        yield item
    for name, value in settings.items():
        spelled = str(value)
        own = value.start not in used and not any(run.path for run in value.runs)
        if own and _IMAGE.search(name) and versioned(spelled) and plausible(spelled, bare=False):
            yield Candidate.of(value, Role.SCRIPT, Confidence.HEURISTIC)
