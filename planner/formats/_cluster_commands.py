"""kubectl, oc, kustomize, and the tools that start clusters: the images their command lines name."""

import re
from collections.abc import Iterator, Mapping, Sequence

from planner.formats._command_line import Arguments, Options, arguments, program
from planner.formats._docker_commands import Command, Found, image, images, implicit, outputs
from planner.formats._docker_programs import containers
from planner.formats._implicit import K3S, KIND_NODE, REGISTRY, Pull
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence

_KUBECTL = Options.of(
    """namespace context kubeconfig cluster user as as-group as-uid server token certificate-authority
    request-timeout selector filename output field-manager field-selector kustomize env env-file labels
    port replicas restart overrides override-type image image-pull-policy command-type
    pod-running-timeout grace-period timeout v cache-dir container target profile custom copy-to
    arguments set-image schedule from class rule dry-run annotations limits requests template type""",
    "nslfokcve",
)
_PATCH = Options.of("patch type patch-file subresource", "p") | _KUBECTL
_FIELD = re.compile(
    r"[\"']?\bimage[\"']?[ \t]*+:[ \t]*+[\"']?(?P<image>[^\s\"',}\]]++)"
)  # of a JSON or YAML text
_OPERATION = re.compile(r"\{[^{}]*+\}")  # of a JSON patch
_IMAGE_PATH = re.compile(r"[\"']path[\"']\s*+:\s*+[\"'][^\"']*/image[\"']")
_VALUE = re.compile(r"[\"']value[\"']\s*+:\s*+[\"'](?P<image>[^\"'\s]++)[\"']")
_OC = Options.of(
    "docker-image image from source build-env build-arg strategy as-deployment-config app-version"
)
_K3D = Options.of(
    """image config agents servers api-port port volume env k3s-arg k3s-node-label label runtime-label
    runtime-ulimit network subnet registry-config registry-create registry-use token timeout
    servers-memory agents-memory gpus cluster role replicas memory""",
    "iacspvetu",
)


def _kubectl(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _KUBECTL)
    match [str(word) for word in options.operands[:2]]:
        case ["run" | "debug" | "create", *_]:
            yield from images(options.all("image"))
            for word in options.all("overrides"):
                yield from _changed(word)
        case ["patch", *_]:
            for word in arguments(words, _PATCH).all("patch", "p"):
                yield from _changed(word)
        case ["set", "image"]:
            for word in options.operands[2:]:
                if (reference := word.partition("=")[1]) is not None:
                    yield from image(reference)


def _changed(word: Word) -> Iterator[Found]:
    """Read a change of an object: a part of it in JSON or YAML, or the operations of a JSON patch.

    https://kubernetes.io/docs/reference/kubectl/generated/kubectl_patch/
    """
    text = str(word)
    spans = [match.span("image") for match in _FIELD.finditer(text) if match["image"] != "null"]
    for operation in _OPERATION.finditer(text):
        if _IMAGE_PATH.search(operation[0]):
            value = _VALUE.search(text, *operation.span())
            spans += [value.span("image")] if value else []
    yield from images(word.cuts(sorted(spans)))


def _oc(words: Sequence[Word]) -> Iterator[Found]:
    yield from _kubectl(words)
    options = arguments(words, _OC | _KUBECTL)
    operands = options.operands
    match [str(word) for word in operands[:2]]:
        case ["new-app" | "new-build", *_]:
            yield from images(options.all("docker-image", "image"))
            for word in operands[1:]:
                yield from _application(word)
        case ["import-image", *_]:
            yield from images(options.all("from"))
        case ["tag", *_] if "docker" in map(str, options.all("source")):
            yield from images(operands[1:2])
        case ["image", "info" | "extract"]:
            yield from images(operands[2:])
        case ["image", "mirror"]:
            for word in operands[2:]:
                source, target = word.partition("=")
                yield from images((source,) if target is not None else operands[2:3])
                yield from outputs((target,) if target is not None else operands[3:4])
                if target is None:
                    return


def _application(word: Word) -> Iterator[Found]:
    """Read an operand of `oc new-app`: a repository, an image, or `image~repository`."""
    builder, source = word.partition("~")
    text = str(builder)
    elsewhere = "://" in text or "=" in text or text.startswith((".", "/", "git@")) or text.endswith(".git")
    if not elsewhere and (source is not None or "/" in text):
        yield from image(builder, confidence=Confidence.HEURISTIC)


def _kustomize(words: Sequence[Word]) -> Iterator[Found]:
    """Read `kustomize edit set image a=b:1`."""
    operands = arguments(words, Options.of("")).operands
    if [str(word) for word in operands[:3]] == ["edit", "set", "image"]:
        for word in operands[3:]:
            name, value = word.partition("=")
            if "*" not in str(word) and not str(value or name).startswith((":", "@")):
                yield from image(value or name)


def _is_one(word: Word) -> bool:
    """Whether quotes keep a word together, as they do not where it is `"$@"` or an array."""
    return word.quoted and "@" not in str(word.written)


def _clusters(options: Options, *names: str) -> Command:
    """Return the reading of `kind create cluster --image REFERENCE` and its like."""

    def read(words: Sequence[Word]) -> Iterator[Found]:
        yield from images(arguments(words, options).all(*names))

    return read


_KIND = Options.of("image name config kubeconfig wait loglevel nodes verbosity base-image type arch", "nv")
_NODE = Pull(KIND_NODE, "set --image, or nodes[].image of --config, to move it", "the installed kind")
_SERVER = Pull(K3S, "set --image, or image of --config, to move it", "the installed k3d")
_BESIDE = Pull(REGISTRY, "set --image to move it")
_HELP = frozenset({"help", "h"})


def _kind(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _KIND)
    verb = [str(word) for word in options.operands]
    if verb[:2] == ["build", "node-image"]:
        yield from outputs(options.all("image"))
        yield from images(options.all("base-image"))
        return
    yield from images(options.all("image"))
    if verb == ["create", "cluster"] and _by_itself(words, options):
        yield implicit(_NODE, options.operands[1])


def _k3d(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _K3D)
    yield from images(options.all("image", "i"))
    if not _by_itself(words, options):
        return
    match [str(word) for word in options.operands[:2]]:
        case ["cluster", "create"]:
            yield implicit(_SERVER, options.operands[1])
        case ["registry", "create"]:
            yield implicit(_BESIDE, options.operands[1])


def _by_itself(words: Sequence[Word], options: Arguments) -> bool:
    """Whether neither an option nor a file that is given can say which image is meant.

    What a variable holds that is not known may be options, unless it is the value of one or a name.
    """
    if any(name in ("image", "i", "config", "c") for name, _ in options.options) or options.switches & _HELP:
        return False
    told = [value for _, value in options.options]
    return all(
        word.known or _is_one(word) or str(word).startswith("-") or any(word is value for value in told)
        for word in words
    )


_talosctl = _clusters(Options.of("image install-image nodes endpoints name"), "image", "install-image")
_MINIKUBE = Options.of("base-image driver profile kubernetes-version memory cpus nodes", "pn")


def _minikube(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _MINIKUBE)
    yield from images(options.all("base-image"))
    match [str(word) for word in options.operands[:2]]:
        case ["cache", "add"] | ["image", "pull"]:
            yield from images(options.operands[2:])
        case ["kubectl", *_]:
            yield from _kubectl(options.operands[1:])
        case ["ssh", _]:
            yield from containers(options.operands[2:]) if program(options.operands[1:]) == "docker" else ()


CLUSTER_COMMANDS: Mapping[str, Command] = {
    "kubectl": _kubectl, "oc": _oc, "kustomize": _kustomize, "kind": _kind, "k3d": _k3d,
    "minikube": _minikube, "talosctl": _talosctl,
}  # fmt: skip
