"""Inputs of actions of GitHub that name images, and what actions pull that no input names.

https://github.com/docker/build-push-action#inputs
"""

from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._ci import Reading, value
from planner.formats._docker_commands import attribute, build_context, cache, image, outputs
from planner.formats._github_expressions import Scope
from planner.formats._implicit import BINFMT, BUILDKIT, KIND_NODE, REGISTRY, SYFT_SCANNER, Pull
from planner.formats._shell_words import Word
from planner.formats._yaml import Mapping, Scalar
from planner.model.inventory import Role


def step_image(word: Word) -> Iterator[Candidate]:
    """Read what a job or a step runs in."""
    return image(word, Role.STEP)


def lines(word: Word, separators: str = "\n") -> Iterator[Word]:
    """Split a value of several lines; white space around a line does not count."""
    for line in word.split("\n"):
        for part in line.split(",") if "," in separators else [line]:
            text = str(part)
            lead = len(text) - len(text.lstrip())
            if text.strip() and not text.lstrip().startswith("#"):
                yield part.cut(lead, lead + len(text.strip()))


def _tags(word: Word) -> Iterator[Candidate]:
    return outputs(lines(word, "\n,"))


def _named(word: Word) -> Iterator[Candidate]:
    """`name=acme/app,enable=true`, or the name alone."""
    for line in lines(word):
        names = list(attribute(line, "name"))
        yield from outputs(names or line.split(",")[:1])


def _exports(word: Word) -> Iterator[Candidate]:
    return outputs(name for line in lines(word) for name in attribute(line, "name"))


def _caches(word: Word) -> Iterator[Candidate]:
    return (item for line in lines(word) for item in cache(line))


def _cache_exports(word: Word) -> Iterator[Candidate]:
    return (item for line in lines(word) for item in cache(line, Role.OUTPUT))


def _contexts(word: Word) -> Iterator[Candidate]:
    return (item for line in lines(word) for item in build_context(line))


def _driver(word: Word) -> Iterator[Candidate]:
    return (
        item for line in lines(word) for value in attribute(line, "image") for item in image(value, Role.STEP)
    )


def _generator(word: Word) -> Iterator[Candidate]:
    return (item for value in attribute(word, "generator") for item in image(value, Role.STEP))


def _workload(word: Word) -> Iterator[Candidate]:
    return image(word, Role.WORKLOAD)


def _output(word: Word) -> Iterator[Candidate]:
    return image(word, Role.OUTPUT)


_BUILD: dict[str, Reading] = {
    "tags": _tags,
    "cache-from": _caches,
    "cache-to": _cache_exports,
    "build-contexts": _contexts,
    "outputs": _exports,
    "sbom": _generator,
}
BUILDERS = frozenset(
    {"docker/build-push-action", "depot/build-push-action", "useblacksmith/build-push-action"}
)
ACTIONS: dict[str, dict[str, Reading]] = {
    **dict.fromkeys(BUILDERS, _BUILD),
    "docker/setup-qemu-action": {"image": step_image},
    "docker/setup-buildx-action": {"driver-opts": _driver},
    "docker/metadata-action": {"images": _named},
    "addnab/docker-run-action": {"image": step_image},
    "helm/kind-action": {"node_image": step_image, "registry_image": step_image},
    "engineerd/setup-kind": {"image": step_image},
    "aquasecurity/trivy-action": {"image-ref": step_image},
    "anchore/scan-action": {"image": step_image},
    "anchore/sbom-action": {"image": step_image},
    "google-github-actions/deploy-cloudrun": {"image": _workload},
    "aws-actions/amazon-ecs-render-task-definition": {"image": _output},
}

_CLUSTERS = {  # the inputs that name the image of the nodes, and that there is to be no cluster
    "helm/kind-action": ("node_image", "install_only"),
    "engineerd/setup-kind": ("image", "skipClusterCreation"),
}


def implicit(action: str, step: Mapping, scope: Scope) -> Iterator[Candidate]:
    """Yield what an action pulls by itself, unless an input names something else."""
    trigger = step.get("uses")
    if type(trigger) is Scalar:
        for pull in _pulls(action, step, scope):
            yield pull.at(trigger.text.start, trigger.value)


def _pulls(action: str, step: Mapping, scope: Scope) -> Iterator[Pull]:
    if action == "docker/setup-qemu-action" and not value(step, "with", "image"):
        yield Pull(BINFMT, "set the input image to move it")
    if action == "docker/setup-buildx-action" and _starts_builder(step, scope):
        yield Pull(BUILDKIT, "set image= in the input driver-opts to move it")
    if action in (*BUILDERS, "docker/bake-action") and _makes_sbom(step):
        yield Pull(SYFT_SCANNER, "set sbom to generator=IMAGE to move it")
    if action in _CLUSTERS:
        yield from _cluster(action, step)


def _cluster(action: str, step: Mapping) -> Iterator[Pull]:
    """Yield what an action of kind pulls; what a file says that `config` names is read there."""
    name, skips = _CLUSTERS[action]
    if value(step, "with", skips).lower() == "true":
        return
    if not value(step, "with", name) and not value(step, "with", "config"):
        knob = f"set the input {name}, or nodes[].image of the file config names, to move it"
        yield Pull(KIND_NODE, knob, "the kind that the action installs")
    if value(step, "with", "registry").lower() == "true" and not value(step, "with", "registry_image"):
        yield Pull(REGISTRY, "set the input registry_image to move it")


def _starts_builder(step: Mapping, scope: Scope) -> bool:
    """Tell whether a builder is started whose image is not named."""
    options = step.get("with", "driver-opts")
    words = (
        [scope.word(options.text, job) for job in scope.combinations(options.value)]
        if type(options) is Scalar
        else []
    )
    named = any("image=" in str(word) or not word.known for word in words)
    return not named and value(step, "with", "driver") in ("", "docker-container", "kubernetes")


def _makes_sbom(step: Mapping) -> bool:
    attests = value(step, "with", "attests")
    written = value(step, "with", "sbom").strip().lower()
    return (written == "true" or "type=sbom" in attests) and "generator=" not in attests
