"""Prefect, Dagster, Flyte, Metaflow, Ray, Modal and their like: the images that Python code runs in.

Each call counts only where its library is imported. Images that such a library builds and pushes are outputs.
"""

from collections.abc import Iterator

from planner.formats import _code_kept as kept
from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._code import Call, Kind
from planner.formats._code_file import CodeFile
from planner.formats._python_calls import Rule, called, packages, settings
from planner.formats._shell_words import Piece, Word
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_RULES = (
    Rule("prefect", "DockerContainer"),
    Rule("prefect", "KubernetesJob"),
    Rule("prefect", "DockerRun"),
    Rule("prefect", "KubernetesRun"),
    Rule("prefect", "ECSRun"),
    Rule("prefect", "ECSTask"),
    Rule("prefect", "CloudRunJob"),
    Rule("prefect", "VertexAICustomTrainingJob"),
    Rule("prefect_docker", "DockerContainer"),
    Rule("prefect_kubernetes", "KubernetesJob"),
    Rule("dagster", "execute_k8s_job"),
    Rule("dagster", "*client.run"),
    Rule("dagster", "K8sRunLauncher", ("job_image",)),
    Rule("dagster", "DockerRunLauncher"),
    Rule("flytekit", "ImageSpec", ("base_image",), None, Role.BASE),
    Rule("flytekit", "task", ("container_image",)),
    Rule("flytekit", "dynamic", ("container_image",)),
    Rule("flytekit", "map_task", ("container_image",)),
    Rule("flytekit", "ContainerTask"),
    Rule("flytekit", "V1Container"),
    Rule("union", "ImageSpec", ("base_image",), None, Role.BASE),
    Rule("metaflow", "kubernetes"),
    Rule("metaflow", "batch"),
    Rule("modal", "Image.from_registry", ("tag",), 0, Role.BASE),
    Rule("modal", "Image.from_dockerhub", ("tag",), 0, Role.BASE),
    Rule("modal", "Image.from_gcp_artifact_registry", ("tag",), 0, Role.BASE),
    Rule("modal", "Image.from_aws_ecr", ("tag",), 0, Role.BASE),
    Rule("hera", "Container"),
    Rule("hera", "Script"),
    Rule("hera", "script"),
    Rule("hera", "Sidecar"),
    Rule("hera", "UserContainer"),
    Rule("hera", "InitContainer"),
    Rule("zenml", "DockerSettings", ("parent_image",), None, Role.BASE),
    Rule("coiled", "Cluster", ("container",)),
    Rule("dask_kubernetes", "KubeCluster", ("image",)),
    Rule("dask_kubernetes", "make_pod_spec", ("image",), 0),
    Rule("kubernetes", "V1Container"),
    Rule("kubernetes_asyncio", "V1Container"),
    Rule("azure", "Environment"),
    Rule("azureml", "DockerSection", ("base_image",)),
)
_DEPLOYERS = ("prefect",)
_SPAWNERS = ("DockerSpawner", "SwarmSpawner", "KubeSpawner", "SystemUserSpawner")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that calls, decorators and settings of a library name."""
    file = kept.with_kept(source, CodeFile.read(source), given)
    imported = packages(file)
    yield from kept.definitions(source, file)
    yield from called(file, _RULES, imported)
    if imported & {"flytekit", "union"}:
        yield from _specified(file)
    if "ray" in imported:
        yield from settings(file, ("container",))
        yield from _keyed(file, "image_uri")
    if "dagster" in imported:
        yield from _configured(file)
    if imported.intersection(_DEPLOYERS):
        yield from _deployed(file)
    yield from _spawners(file)


def _keyed(file: CodeFile, key: str) -> Iterator[Candidate]:
    for group in file.groups:
        if group.bracket == "{" and group.key in ("runtime_env", "") and group.keyword(key) is not None:
            yield from file.images(group.keyword(key), Role.WORKLOAD)


def _configured(file: CodeFile) -> Iterator[Candidate]:
    """Read `k8s_job_op.configured({"image": "x"})` and the settings of an executor."""
    for group in file.groups:
        above = next(file.above(group), None)
        configures = above is not None and above.method == "configured"
        if group.bracket == "{" and (configures or group.key in ("container_config", "config")):
            yield from file.images(group.keyword("image", "job_image"), Role.WORKLOAD)


def _specified(file: CodeFile) -> Iterator[Candidate]:
    """Read what `ImageSpec(name="x", registry="y")` builds."""
    for call in file.calls():
        name, registry = call.keyword("name"), call.keyword("registry")
        if call.method == "ImageSpec" and name is not None:
            word = file.word(name.tokens)
            if registry is not None:
                slash = Piece.literal(Text.of("/"))
                word = Word((*file.word(registry.tokens).pieces, slash, *word.pieces), quoted=True)
            yield from file.named(word, name.tokens, Role.OUTPUT)


def _deployed(file: CodeFile) -> Iterator[Candidate]:
    """Read `flow.deploy(image="x")`: it is built and pushed, unless `build=False`."""
    for call in file.calls():
        if call.method == "deploy":
            image = call.keyword("image")
            if image is not None and image.tokens[0].text != "DockerImage":
                yield from file.images(image, Role.WORKLOAD if _is_false(call, "build") else Role.OUTPUT)


def _is_false(call: Call, name: str) -> bool:
    argument = call.keyword(name)
    return argument is not None and [token.text for token in argument.tokens] == ["False"]


def _spawners(file: CodeFile) -> Iterator[Candidate]:
    """Read `c.DockerSpawner.image = "x"` of JupyterHub."""
    tokens = file.tokens
    for index in range(3, len(tokens) - 1):
        owner, dot, name, sign, value = tokens[index - 3 : index + 2]
        spelled = (dot.text, name.text, sign.text)
        if spelled == (".", "image", "=") and owner.text in _SPAWNERS and value.kind is Kind.STRING:
            yield from file.candidates([value], Role.WORKLOAD)


FORMAT = Format(
    name="python_pipelines",
    patterns=("*.py",),
    words=(
        (
            b"prefect", b"dagster", b"flytekit", b"import union", b"from union", b"metaflow",
            b"import ray", b"from ray", b"modal", b"hera", b"zenml",
            b"coiled", b"dask_kubernetes", b"V1Container", b"azure.ai.ml", b"azureml", b"Spawner",
        ),
        (b"image", b"from_registry", b"from_dockerhub", b"container"),
    ),
    extract=extract,
    own_code=True,
    specification="https://docs.flyte.org/en/latest/user_guide/customizing_dependencies/imagespec.html",
)  # fmt: skip
