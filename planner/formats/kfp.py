"""Kubeflow Pipelines and Vertex AI: the images that components and jobs run in, in Python and in YAML.

A component without `base_image` runs in an image of Python that the installed version decides. What
`target_image` names is built.
"""

from collections.abc import Iterator
from itertools import takewhile

from planner.formats import _code_kept as kept
from planner.formats._base import Candidate, Format, Given, Item, embedded
from planner.formats._code import Argument, Kind, Token
from planner.formats._code_file import CodeFile
from planner.formats._implicit import PYTHON, Pull
from planner.formats._python_calls import Rule, called, packages, settings
from planner.formats._select import images
from planner.model.inventory import Role
from planner.model.source import SourceFile

_BASE = ("base_image",)
_DEFAULT = Pull(PYTHON, "set base_image to move it", "the installed kfp")
_NAMES = frozenset({"dsl.component", "kfp.dsl.component"})
_MOST_PARTS = 7  # tokens of a decorator's name
_LONGEST_IMPORT = 60  # tokens
_RULES = (
    Rule("kfp", "component", _BASE),
    Rule("kfp", "create_component_from_func", _BASE, 2),
    Rule("kfp", "func_to_container_op", _BASE, 2),
    Rule("kfp", "func_to_component_text", _BASE),
    Rule("kfp", "ContainerSpec", ("image",), 0),
    Rule("kfp", "ContainerOp", ("image",), 1),
    Rule("kfp", "Sidecar", ("image",), 1),
    Rule("kfp", "UserContainer", ("image",), 1),
    Rule("kfp", "importer"),
)
_VERTEX = (
    Rule("google", "*TrainingJob", ("container_uri",)),
    Rule("google", "Model.upload", ("serving_container_image_uri",)),
    Rule("google", "CustomJob.from_local_script", ("container_uri",)),
)
_SERVING = (Rule("google", "*TrainingJob", ("model_serving_container_image_uri",)),)
_BUILT = (
    Rule("kfp", "component", ("target_image",), None, Role.OUTPUT),
    Rule("kfp", "create_component_from_func_v2", ("target_image",), None, Role.OUTPUT),
)
_FIELDS = {
    "implementation.container.image": Role.WORKLOAD,
    "deploymentSpec.executors.*.container.image": Role.WORKLOAD,
    "pipelineSpec.deploymentSpec.executors.*.container.image": Role.WORKLOAD,
}


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images of components, and what a component in a string names."""
    if not source.path.endswith(".py"):
        yield from images(source, _FIELDS)
        return
    file = kept.with_kept(source, CodeFile.read(source), given)
    imported = packages(file)
    yield from kept.definitions(source, file)
    for rules in (_RULES, _VERTEX, _SERVING, _BUILT):
        yield from called(file, rules, imported)
    if "kfp" in imported:
        yield from _unnamed(source.text, file)
    if "google" in imported or "kfp" in imported:
        yield from _workers(file)
    for call in file.calls():
        text = call.positional(0)
        if call.method == "load_component_from_text" and text and len(text.tokens) == 1:
            literal = text.tokens[0]
            if literal.kind is Kind.STRING and not literal.holes:
                inner = SourceFile(source.path, literal.text)
                yield from embedded(images(inner, _FIELDS), literal.value)


def _unnamed(text: str, file: CodeFile) -> Iterator[Candidate]:
    """Yield the default of components that are given no image: `@dsl.component`, `@dsl.component()`."""
    signs = [index for index, token in enumerate(file.tokens) if token.text == "@"]
    places = [index for index in signs if _decorates(text, file, index)]
    calls = {call.start: call for call in file.calls()} if places else {}
    decorators = _NAMES | {"component"} if places and _imports_it(file) else _NAMES
    for index in places:
        parts = list(takewhile(_is_name, file.tokens[index + 1 : index + _MOST_PARTS]))
        name = "".join(each.text for each in parts)
        if name in decorators:
            call = calls.get(parts[0].start)
            if call is None or not any(_may_name(each) for each in call.arguments):
                yield _DEFAULT.at(parts[0].start, name)


def _decorates(text: str, file: CodeFile, index: int) -> bool:
    """Whether a token is the sign of a decorator, and no operator or string."""
    token = file.tokens[index]
    begins = not index or "\n" in text[file.tokens[index - 1].end : token.start]
    return begins and token.kind is Kind.MARK


def _is_name(token: Token) -> bool:
    return token.text == "." or (token.kind is Kind.NAME and not token.first)


def _may_name(argument: Argument) -> bool:
    return argument.name in _BASE or (bool(argument.tokens) and argument.tokens[0].text in ("*", "**"))


def _imports_it(file: CodeFile) -> bool:
    """Whether `component` is what the file imports from kfp."""
    texts = [token.text for token in file.tokens]
    for index, text in enumerate(texts):
        if text == "from" and texts[index + 1 : index + 2] == ["kfp"]:
            line = texts[index : index + _LONGEST_IMPORT]
            end = next(
                (place for place, word in enumerate(line[1:], 1) if word in ("from", "def", "@")), None
            )
            if "component" in line[:end]:
                return True
    return False


def _workers(file: CodeFile) -> Iterator[Candidate]:
    """Read `{"container_spec": {"image_uri": "x"}}` of the worker pools of a job."""
    for group in file.groups:
        if group.bracket == "{" and group.key in ("container_spec", "containerSpec"):
            argument = group.keyword("image_uri", "imageUri")
            if argument is not None:
                yield from file.images(argument, Role.WORKLOAD)
    yield from settings(file, ("container_spec",))


FORMAT = Format(
    name="kfp",
    patterns=("*.py", "*component*.{yaml,yml}", "*pipeline*.{yaml,yml,json}"),
    words=(
        (b"kfp", b"aiplatform", b"implementation", b"deploymentSpec"),
        (b"base_image", b"image", b"container_uri", b"component"),
    ),
    extract=extract,
    own_code=True,
    specification="https://www.kubeflow.org/docs/components/pipelines/user-guides/components/",
)
