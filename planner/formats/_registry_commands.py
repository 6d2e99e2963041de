"""Registry clients, scanners and low-level runtimes: what their command lines pull, copy and push."""

import re
from collections.abc import Iterator, Mapping, Sequence

from planner.formats._command_line import Options, arguments, program
from planner.formats._docker_commands import Command, Found, image, images, outputs
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence, Role

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
_CTR = Options.of(
    "address namespace timeout connect-timeout platform snapshotter user label hosts-dir local", "antul"
)
_CRICTL = Options.of(
    "config runtime-endpoint image-endpoint timeout creds auth username annotation pod-config", "crita"
)
_REGCTL = Options.of(
    """verbosity host user-agent format output platform platforms digest-tags referrers force-recursive
    media-type list content-type hosts src-image ref label-set annotation config-entrypoint tag limit last""",
    "vhpot",
)
_ORAS = Options.of(
    """username password registry-config output platform config annotation annotation-file artifact-type
    export-manifest image-spec concurrency from-username from-password to-username to-password resolve ca-file
    format distribution-spec media-type descriptor""",
    "upoac",
)
_COSIGN = Options.of(
    """output-file timeout key certificate certificate-identity certificate-identity-regexp certificate-chain
    certificate-oidc-issuer certificate-oidc-issuer-regexp certificate-github-workflow-name predicate type
    certificate-github-workflow-ref certificate-github-workflow-repository certificate-github-workflow-sha
    certificate-github-workflow-trigger annotations attachment output policy rekor-url signature
    signature-digest-algorithm payload slot ca-roots platform fulcio-url oidc-issuer identity-token sbom
    attachment-tag-prefix""",
    "at o",
)
_SCANNER = Options.of(
    """cache-dir config timeout severity format output exit-code input ignorefile vuln-type pkg-types scanners
    security-checks template skip-dirs skip-files platform server token db-repository java-db-repository
    ignore-policy policy trivyignores username password report compliance image-src list-all-pkgs-file
    file-patterns podman-host docker-host cache-backend module-dir helm-set rego vex slow-db pkg-relationships
    ignore-status detection-priority checks-bundle-repository misconfig-scanners image-config-scanners
    fail-on scope name from select-catalogers override-default-catalogers catalogers exclude file distro
    source-name source-version base-path only-fixed-by add-cpes docker-uri org project-name policy-path
    only-severity epss only-package only-cve-id only-vex-affected to ref env stream""",
    "cfosqtdx",
)
_SCANNED = ("registry:", "docker:", "podman:")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?:io|com|org|net|dev|aws|cloud)/")  # no folder begins like that
_FILES = (
    "dir:",
    "file:",
    "sbom:",
    "oci-archive:",
    "docker-archive:",
    "oci-dir:",
    "oci:",
    "pkg:",
    "purl:",
    "singularity:",
)


def _skopeo(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _SKOPEO)
    verb, operands = program(options.operands), options.operands[1:]
    if verb == "sync" and "docker" in map(str, options.all("src", "s")):
        yield from images(operands[:1])
    elif verb in ("copy", "inspect", "list-tags", "layers"):
        yield from images(_remote(operands[:1]))
        yield from outputs(_remote(operands[1:2]) if verb == "copy" else ())


def _remote(words: Sequence[Word]) -> Iterator[Word]:
    return (word for word in words if str(word).startswith("docker://"))


def _crane(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _CRANE)
    verb, operands = program(options.operands), options.operands[1:]
    match verb:
        case "copy" | "cp":
            yield from images(operands[:1])
            yield from outputs(operands[1:2])
        case "pull":
            yield from images(operands[:-1])
        case "digest" | "manifest" | "config" | "export" | "mutate" | "flatten" | "validate":
            yield from images(operands[:1])
            yield from outputs(options.all("tag", "t"))
        case "push":
            yield from outputs(operands[1:2])
        case "append":
            yield from images(options.all("base", "b"))
            yield from outputs(options.all("new_tag", "t"))


def _ctr(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _CTR)
    match [str(word) for word in options.operands[:2]]:
        case ["image" | "images" | "i", "pull"]:
            yield from images(options.operands[2:3])
        case ["run", _]:
            yield from images(options.operands[1:2])


def _crictl(words: Sequence[Word]) -> Iterator[Found]:
    operands = arguments(words, _CRICTL).operands
    if program(operands) == "pull":
        yield from images(operands[1:2])


def _apptainer(words: Sequence[Word]) -> Iterator[Found]:
    yield from images(_remote(words))


def _regctl(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _REGCTL)
    match [str(word) for word in options.operands[:2]]:
        case ["image", "copy" | "cp"]:
            yield from images(options.operands[2:3])
            yield from outputs(options.operands[3:4])
        case ["image", "mod"]:
            yield from images(options.operands[2:3])
        case [
            "image" | "manifest",
            "digest" | "manifest" | "inspect" | "config" | "export" | "get" | "head" | "get-file",
        ]:
            yield from images(options.operands[2:3])
        case ["image", "import"] | ["manifest", "put"]:
            yield from outputs(options.operands[2:3])


def _oras(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _ORAS)
    verb, operands = program(options.operands), options.operands[1:]
    match verb:
        case "pull" | "discover" | "resolve":
            yield from images(operands[:1])
        case "copy" | "cp":
            yield from images(operands[:1])
            yield from outputs(operands[1:2])
        case "push" | "attach":
            yield from outputs(operands[:1])
        case "manifest" if program(operands) in ("fetch", "fetch-config"):
            yield from images(operands[1:2])


def _cosign(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _COSIGN)
    verb, operands = program(options.operands), options.operands[1:]
    match verb:
        case "verify" | "verify-attestation" | "tree" | "triangulate":
            yield from images(operands)
        case "download" | "save":
            yield from images(operands[1 if verb == "download" else 0 :])
        case "copy":
            yield from images(operands[:1])
            yield from outputs(operands[1:2])
        case "sign" | "attest":
            yield from outputs(operands)


def _trivy(words: Sequence[Word]) -> Iterator[Found]:
    operands = arguments(words, _SCANNER).operands
    if program(operands) in ("image", "i"):
        yield from images(operands[1:2])


def _scanned(words: Sequence[Word]) -> Iterator[Found]:
    """Read `grype nginx:1.27` and `syft scan registry:nginx:1.27`; a folder or a file is no image."""
    operands = arguments(words, _SCANNER).operands
    if program(operands) in ("scan", "packages", "attest", "analyze", "cves", "quickview", "build"):
        operands = operands[1:]
    for word in operands[:1]:
        text = str(word)
        if scheme := next((scheme for scheme in _SCANNED if text.startswith(scheme)), ""):
            yield from image(word.cut(len(scheme)))
        elif not text.startswith((*_FILES, ".", "/", "~")) and (
            ":" in text or _HOST.match(text) or not word.known
        ):
            yield from image(word, Role.SCRIPT, Confidence.HEURISTIC)


def _s2i(words: Sequence[Word]) -> Iterator[Found]:
    """Read `s2i build SOURCE BUILDER NAME`."""
    options = arguments(
        words, Options.of("env scripts-url context-dir ref destination runtime-image volume", "eservd")
    )
    if program(options.operands) == "build":
        yield from images(options.operands[2:3], Role.BASE)
        yield from outputs(options.operands[3:4])
        yield from images(options.all("runtime-image"), Role.BASE)


REGISTRY_COMMANDS: Mapping[str, Command] = {
    "skopeo": _skopeo, "crane": _crane, "gcrane": _crane, "regctl": _regctl, "oras": _oras, "cosign": _cosign,
    "trivy": _trivy, "ctr": _ctr, "crictl": _crictl, "singularity": _apptainer, "apptainer": _apptainer,
    "s2i": _s2i,
    **dict.fromkeys(("grype", "syft", "dive", "dockle"), _scanned),
}  # fmt: skip
