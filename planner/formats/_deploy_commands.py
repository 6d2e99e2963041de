"""Commands that deploy or build elsewhere: clouds, platforms, buildpacks, runners of CI jobs."""

import re
from collections.abc import Iterator, Mapping, Sequence

from planner.formats._command_line import Options, arguments, program
from planner.formats._docker_commands import Build, Command, Found, attribute, cache, image, images, outputs
from planner.formats._shell_words import Word
from planner.model.inventory import Role

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
_AZ = Options.of(
    """image source name resource-group registry t file platform deployment-container-image-name
    docker-custom-image-name container-image-name custom-image""",
    "ntgrfic",
)
_AWS = Options.of("image-uri code function-name region profile image container-image")
_KANIKO = Options.of(
    """destination dockerfile context build-arg cache-repo context-sub-path target cache-dir cache-ttl
    verbosity snapshot-mode registry-mirror custom-platform label log-format push-retry""",
    "dfcv",
)
_BUILDCTL = Options.of(
    "addr frontend opt local output import-cache export-cache progress secret ssh allow", "o"
)
_FAAS = Options.of(
    """image name gateway network env label annotation handler lang filter regex yaml secret constraint
    fprocess memory-limit memory-request cpu-limit cpu-request namespace tag token env-file""",
    "gfen",
)
_VELERO = Options.of(
    """image plugins provider bucket secret-file backup-location-config snapshot-location-config namespace
    prefix sa-annotations features kubeconfig kubecontext service-account-name uploader-type""",
    "n",
)
_GITLAB = (
    "docker-image",
    "docker-helper-image",
    "docker-services",
    "kubernetes-image",
    "kubernetes-helper-image",
)
_PROPERTY = re.compile(
    r"-[DP](jib\.from\.image|quarkus\.native\.builder-image|quarkus\.jib\.base-\w+-image"
    r"|spring-boot\.build-image\.(?:builder|runImage))="
)
_BUILT_PROPERTY = re.compile(
    r"-[DP](jib\.to\.image|quarkus\.container-image\.image|spring-boot\.build-image\.imageName)=|--imageName="
)


def _gcloud(words: Sequence[Word]) -> Iterator[Found]:
    """`gcloud run deploy --image`; the `--image` of a virtual machine is a disk."""
    options = arguments(words, _GCLOUD)
    groups = [group for group in map(str, options.operands) if group not in ("alpha", "beta")]
    yield from images(options.all("container-image"))
    match groups:
        case ["run", *_]:
            yield from images(options.all("image"))
        case ["builds", "submit", *_]:
            yield from outputs(options.all("tag", "t"))


def _az(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _AZ)
    match [str(word) for word in options.operands[:2]]:
        case ["container" | "containerapp" | "functionapp" | "webapp", _]:
            yield from images(
                options.all(
                    "image",
                    "deployment-container-image-name",
                    "docker-custom-image-name",
                    "container-image-name",
                )
            )
        case ["acr", "import"]:
            yield from images(options.all("source"))
            # the name of the copy is relative to the registry of --name, so it is no reference


def _pack(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _PACK)
    verb, operands = program(options.operands), options.operands[1:]
    if verb == "build":
        yield from outputs(operands[:1])
        yield from outputs(options.all("tag", "t", "cache-image"))
        yield from images(options.all("builder", "B", "run-image"))
    elif verb == "builder" and program(operands) == "create":
        yield from outputs(operands[1:2])
    elif verb == "config" and program(operands) == "default-builder":
        yield from images(operands[1:2])


def _aws(words: Sequence[Word]) -> Iterator[Found]:
    """Read the image of a function of Lambda."""
    options = arguments(words, _AWS)
    yield from images(options.all("image-uri"))
    for word in options.all("code"):
        yield from images(attribute(word, "ImageUri"))


def _optional(long: str, short: str = "") -> Command:
    """Return the reading of a command that names images by options alone."""
    names = tuple(long.split())

    def read(words: Sequence[Word]) -> Iterator[Found]:
        yield from images(arguments(words, Options.of(long, short)).all(*names, *short))

    return read


def _act(words: Sequence[Word]) -> Iterator[Found]:
    """Read `act -P ubuntu-latest=IMAGE`."""
    for word in arguments(words, Options.of("platform job workflows eventpath secret env", "PjWesC")).all(
        "P", "platform"
    ):
        if (reference := word.partition("=")[1]) is not None and str(reference) != "-self-hosted":
            yield from image(reference, Role.STEP)


def kaniko(words: Sequence[Word]) -> Iterator[Found]:
    """Read what follows `/kaniko/executor`."""
    options = arguments(words, _KANIKO)
    yield from outputs(options.all("destination", "d", "cache-repo"))
    pairs = (word.partition("=") for word in options.all("build-arg"))
    given = tuple((str(name), found) for name, found in pairs if found is not None)
    if given or options.operands or options.options:
        yield Build(
            given, next(options.all("dockerfile", "f"), None), next(options.all("context", "c"), None)
        )


def _buildctl(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, _BUILDCTL)
    for word in options.all("output", "o"):
        yield from outputs(attribute(word, "name"))
    for word in options.all("import-cache"):
        yield from cache(word)
    for word in options.all("export-cache"):
        yield from cache(word, Role.OUTPUT)
    settings = [word.partition("=") for word in options.all("opt")]
    if "gateway.v0" in map(str, options.all("frontend")):
        yield from images(
            [value for name, value in settings if value and str(name) == "source"], Role.FRONTEND
        )
    given = tuple(
        (str(name).removeprefix("build-arg:"), value)
        for name, value in settings
        if value is not None and str(name).startswith("build-arg:")
    )
    if given:
        file = next((value for name, value in settings if value and str(name) == "filename"), None)
        yield Build(given, file, None)


def _java(words: Sequence[Word]) -> Iterator[Found]:
    """Read properties that set the images of Jib, Quarkus and Spring Boot."""
    for word in words:
        if match := _PROPERTY.match(str(word)):
            yield from image(word.cut(match.end()), Role.BASE)
        elif match := _BUILT_PROPERTY.match(str(word)):
            yield from image(word.cut(match.end()), Role.OUTPUT)


def _fly(words: Sequence[Word]) -> Iterator[Found]:
    options = arguments(words, Options.of("image app config region env name vm-size", "iacren"))
    yield from images(options.all("image", "i"))
    if [str(word) for word in options.operands[:1]] in (["machine"], ["machines"], ["m"]):
        yield from images(options.operands[2:3] if program(options.operands[1:]) == "run" else ())


def _dokku(words: Sequence[Word]) -> Iterator[Found]:
    """Read `dokku git:from-image APP IMAGE`."""
    operands = arguments(words, Options.of("build-dir", "")).operands
    if program(operands) == "git:from-image":
        yield from images(operands[2:3])


def _cf(words: Sequence[Word]) -> Iterator[Found]:
    """Read `cf push APP -o IMAGE`; to other commands of Cloud Foundry `-o` is an organisation."""
    options = arguments(words, Options.of("docker-image", "o"))
    if program(options.operands) in ("push", "p"):
        yield from images(options.all("docker-image", "o"))


def _faas(words: Sequence[Word]) -> Iterator[Found]:
    """Read `faas-cli deploy --image IMAGE`; what other commands are given is built.

    https://docs.openfaas.com/cli/install/
    """
    options = arguments(words, _FAAS)
    read = images if program(options.operands) == "deploy" else outputs
    yield from read(options.all("image"))


def _velero(words: Sequence[Word]) -> Iterator[Found]:
    """Read `velero install --image IMAGE --plugins IMAGE,IMAGE`, and `velero plugin add IMAGE`."""
    options = arguments(words, _VELERO)
    match [str(word) for word in options.operands[:2]]:
        case ["install", *_]:
            yield from images(options.all("image"))
            for word in options.all("plugins"):
                yield from images(word.split(","))
        case ["plugin", "add"]:
            yield from images(options.operands[2:3])


def _ibmcloud(words: Sequence[Word]) -> Iterator[Found]:
    """Read what Code Engine runs: `ibmcloud ce app create --image IMAGE`."""
    options = arguments(words, Options.of("image name", "ni"))
    if program(options.operands) in ("ce", "code-engine"):
        yield from images(options.all("image", "i"))


DEPLOY_COMMANDS: Mapping[str, Command] = {
    "gcloud": _gcloud, "az": _az, "aws": _aws, "pack": _pack, "act": _act, "executor": kaniko,
    "buildctl": _buildctl,
    **dict.fromkeys(("mvn", "mvnw", "gradle", "gradlew"), _java),
    **dict.fromkeys(("fly", "flyctl"), _fly),
    "dokku": _dokku, "faas-cli": _faas, "velero": _velero, "ibmcloud": _ibmcloud,
    "gitlab-runner": _optional(" ".join(_GITLAB)),
    "earthly": _optional("buildkit-image"),
    **dict.fromkeys(("distrobox", "distrobox-create", "toolbox"), _optional("image", "i")),
    "cf": _cf, "kn": _optional("image"), "copilot": _optional("image", "i"),
    "copa": _optional("image", "i"), "container-structure-test": _optional("image", "i"),
    "imgpkg": _optional("image", "i"), "ansible-navigator": _optional("eei execution-environment-image"),
}  # fmt: skip
