"""kubectl, oc, kustomize, and the tools that start clusters: the images their command lines name."""

from collections.abc import Iterator, Mapping, Sequence

from planner.formats._command_line import Options, arguments
from planner.formats._docker_commands import Command, Found, image, images, outputs
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
        case ["set", "image"]:
            for word in options.operands[2:]:
                if (reference := word.partition("=")[1]) is not None:
                    yield from image(reference)


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


def _clusters(options: Options, *names: str) -> Command:
    """Return the reading of `kind create cluster --image REFERENCE` and its like."""

    def read(words: Sequence[Word]) -> Iterator[Found]:
        yield from images(arguments(words, options).all(*names))

    return read


_kind = _clusters(Options.of("image name config kubeconfig wait loglevel nodes", "nvq"), "image")
_k3d = _clusters(_K3D, "image", "i")
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


CLUSTER_COMMANDS: Mapping[str, Command] = {
    "kubectl": _kubectl, "oc": _oc, "kustomize": _kustomize, "kind": _kind, "k3d": _k3d,
    "minikube": _minikube, "talosctl": _talosctl,
}  # fmt: skip
