"""Commands beside docker that name images: registry clients, clusters, Cloud Run, buildpacks, Apptainer."""

import re
from collections.abc import Iterator, Mapping, Sequence

from planner.formats._command_line import Options, arguments, program
from planner.formats._docker_commands import Command, Found, image, outputs
from planner.formats._shell_words import Piece, Word
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_SKOPEO = Options.of(
    """authfile command-timeout override-arch override-os override-variant policy registries-conf
    registries.d tmpdir user-agent src dest s d additional-tag creds dest-authfile dest-cert-dir
    dest-compress-format dest-compress-level dest-creds dest-daemon-host dest-password
    dest-registry-token dest-shared-blob-dir dest-username digestfile encrypt-layer encryption-key
    decryption-key format image-parallel-copies multi-arch retry-times retry-delay sign-by
    sign-by-sigstore sign-by-sigstore-private-key sign-identity sign-passphrase-file src-authfile
    src-cert-dir src-creds src-password src-registry-token src-shared-blob-dir src-username cert-dir
    password username registry-token keep-going append-suffix""",
    "fsd",
)
_CRANE = Options.of(
    "platform format jobs user append base new_layer tag new_tag label annotation output", "ofjutb"
)
_KUBECTL = Options.of(
    """namespace context kubeconfig cluster user as as-group as-uid server token certificate-authority
    request-timeout selector filename output field-manager field-selector kustomize env env-file labels
    port replicas restart overrides override-type image image-pull-policy command-type
    pod-running-timeout grace-period timeout v cache-dir container target profile custom copy-to
    arguments set-image schedule from class rule dry-run annotations limits requests template type""",
    "nslfokcve",
)
_HELM = Options.of(
    """set set-string set-json set-file set-literal values namespace version kube-context kubeconfig repo
    timeout username password ca-file cert-file key-file keyring description output post-renderer
    history-max name-template api-versions show-only output-dir kube-version labels post-renderer-args
    registry-config repository-cache repository-config kube-apiserver kube-token""",
    "fnosal",
)
_K3D = Options.of(
    """image config agents servers api-port port volume env k3s-arg k3s-node-label label runtime-label
    runtime-ulimit network subnet registry-config registry-create registry-use token timeout
    servers-memory agents-memory gpus cluster role replicas memory""",
    "iacspvetu",
)
_PACK = Options.of(
    """builder buildpack cache cache-image creation-time date-time default-process descriptor docker-host
    env env-file exclude-extension extension gid uid group lifecycle-image mac-address network path
    platform previous-image pull-policy registry report-output-dir run-image sbom-output-dir tag target
    trust-extra-buildpacks user volume workspace config format""",
    "BbdDetpvcrsaf",
)
_GCLOUD = Options.of(
    """account billing-project configuration flags-file flatten format impersonate-service-account log-http
    project quota-project region zone trace-token user-output-enabled verbosity access-token-file image
    tag config timeout machine-type substitutions gcs-source-staging-dir gcs-log-dir worker-pool
    container-image service-account set-env-vars memory cpu""",
    "t",
)
_CTR = Options.of(
    "address namespace timeout connect-timeout platform snapshotter user label hosts-dir local", "antul"
)
_CRICTL = Options.of(
    "config runtime-endpoint image-endpoint timeout creds auth username annotation pod-config", "crita"
)
_PLAIN = Options.of("")


def _each(words: Iterator[Word] | Sequence[Word]) -> Iterator[Found]:
    for word in words:
        yield from image(word)


def _remote(words: Sequence[Word]) -> Iterator[Word]:
    return (word for word in words if str(word).startswith("docker://"))


def _skopeo(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _SKOPEO)
    verb, operands = program(options.operands), options.operands[1:]
    if verb == "sync" and "docker" in map(str, options.all("src", "s")):
        yield from _each(operands[:1])
    elif verb in ("copy", "inspect", "list-tags", "layers"):
        yield from _each(_remote(operands[:1]))
        yield from outputs(_remote(operands[1:2]) if verb == "copy" else ())


def _crane(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _CRANE)
    verb, operands = program(options.operands), options.operands[1:]
    match verb:
        case "copy" | "cp":
            yield from _each(operands[:1])
            yield from outputs(operands[1:2])
        case "pull":
            yield from _each(operands[:-1])
        case "digest" | "manifest" | "config" | "export" | "mutate" | "flatten" | "validate":
            yield from _each(operands[:1])
        case "push":
            yield from outputs(operands[1:2])
        case "append":
            yield from _each(options.all("base", "b"))
            yield from outputs(options.all("new_tag", "t"))


def _kubectl(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _KUBECTL)
    match [str(word) for word in options.operands[:2]]:
        case ["run" | "debug" | "create", *_]:
            yield from _each(options.all("image"))
        case ["set", "image"]:
            for word in options.operands[2:]:
                if (reference := word.partition("=")[1]) is not None:
                    yield from image(reference)


def _clusters(options: Options, *names: str) -> Command:
    """Return the reading of `kind create cluster --image REFERENCE` and its like."""

    def read(words: Sequence[Word]) -> Iterator[Found]:
        yield from _each(arguments(words, options).all(*names))

    return read


_kind = _clusters(Options.of("image name config kubeconfig wait loglevel nodes", "nvq"), "image")
_k3d = _clusters(_K3D, "image", "i")
_minikube = _clusters(
    Options.of("base-image driver profile kubernetes-version memory cpus nodes", "pn"), "base-image"
)


def _helm(words: Sequence[Word]) -> Iterator[Found]:
    """Join `--set image.registry=`, `.repository=`, `.tag=` and `.digest=` of one map."""
    settings: dict[str, Word] = {}
    for option in arguments(words, _HELM).all("set", "set-string", "set-literal"):
        for part in option.split(","):
            key, value = part.partition("=")
            if value is not None:
                settings[str(key)] = value
    for path, value in settings.items():
        parent, _, name = path.rpartition(".")
        if name == "repository" and re.search(r"(?i)image$", parent):
            tagged = any(f"{parent}.{version}" in settings for version in ("tag", "version", "digest"))
            confidence = Confidence.CERTAIN if tagged else Confidence.HEURISTIC
            yield from _chart_image(parent, settings).candidates(Role.SCRIPT, confidence)
        elif re.search(r"(?i)image$", name) and value.known:
            yield from value.candidates(Role.SCRIPT, Confidence.HEURISTIC)


def _chart_image(parent: str, settings: Mapping[str, Word]) -> Word:
    pieces: tuple[Piece, ...] = settings[f"{parent}.repository"].pieces
    if registry := settings.get(f"{parent}.registry"):
        pieces = (*registry.pieces, _sign("/"), *pieces)
    if tag := settings.get(f"{parent}.tag") or settings.get(f"{parent}.version"):
        pieces = (*pieces, _sign(":"), *tag.pieces)
    if digest := settings.get(f"{parent}.digest"):
        pieces = (*pieces, _sign("@"), *digest.pieces)
    return Word(pieces)


def _sign(sign: str) -> Piece:
    return Piece.literal(Text.of(sign))


def _gcloud(words: Sequence[Word]) -> Iterator[Found]:
    """`gcloud run deploy --image`; the `--image` of a virtual machine is a disk."""
    options = arguments(words, _GCLOUD)
    groups = [group for group in map(str, options.operands) if group not in ("alpha", "beta")]
    yield from _each(options.all("container-image"))
    match groups:
        case ["run", *_]:
            yield from _each(options.all("image"))
        case ["builds", "submit", *_]:
            yield from outputs(options.all("tag", "t"))


def _az(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(
        words, Options.of("image source name resource-group registry t file platform", "ntgrf")
    )
    match [str(word) for word in options.operands[:2]]:
        case ["container" | "containerapp", "create" | "update" | "up"]:
            yield from _each(options.all("image"))
        case ["acr", "import"]:
            yield from _each(options.all("source"))
            # the name of the copy is relative to the registry of --name, so it is no reference


def _ctr(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _CTR)
    match [str(word) for word in options.operands[:2]]:
        case ["image" | "images" | "i", "pull"]:
            yield from _each(options.operands[2:3])
        case ["run", _]:
            yield from _each(options.operands[1:2])


def _crictl(words: Sequence[Word]) -> Iterator[Found]:
    operands = arguments(words, _CRICTL).operands
    if program(operands) == "pull":
        yield from _each(operands[1:2])


def _apptainer(words: Sequence[Word]) -> Iterator[Found]:
    yield from _each(_remote(words))


def _pack(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _PACK)
    verb, operands = program(options.operands), options.operands[1:]
    if verb == "build":
        yield from outputs(operands[:1])
        yield from outputs(options.all("tag", "t", "cache-image"))
        yield from _each(options.all("builder", "B", "run-image"))
    elif verb == "builder" and program(operands) == "create":
        yield from outputs(operands[1:2])
    elif verb == "config" and program(operands) == "default-builder":
        yield from _each(operands[1:2])


CLUSTER_COMMANDS: Mapping[str, Command] = {
    "skopeo": _skopeo, "crane": _crane, "gcrane": _crane, "kubectl": _kubectl, "oc": _kubectl, "kind": _kind,
    "k3d": _k3d, "minikube": _minikube, "helm": _helm, "gcloud": _gcloud, "az": _az, "ctr": _ctr,
    "crictl": _crictl, "singularity": _apptainer, "apptainer": _apptainer, "pack": _pack,
}  # fmt: skip
