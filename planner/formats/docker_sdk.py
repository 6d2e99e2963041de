"""Docker's API in source code: the images that its clients pull, run and build on.

docker-py, docker-java, dockerode, Docker.DotNet, the clients of Docker and BuildKit in Go, bollard and more.
A pull may name the repository and the tag apart.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats import _code as code
from planner.formats import _code_kept as kept
from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._code_file import CodeFile, language_of
from planner.formats._code_names import tagged
from planner.formats._code_tests import is_test
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_COMMANDS = frozenset({"pullImageCmd", "createContainerCmd"})
_REQUESTS = frozenset(
    {"Config", "CreateContainerParameters", "ContainerSpec", "ContainerCreateBody"}
)  # docker-java
_CREATIONS = frozenset({"ImagesCreateParameters", "CreateImageOptions"})
_LONGEST_PATH = 120  # of a package
_LIBRARIES = {
    code.PYTHON: ("docker", "podman", "aiodocker"),
    code.JAVASCRIPT: ("dockerode", "docker-cli-js", "node-docker-api"),
    code.GO: ("docker", "moby", "podman"),  # moby/buildkit too
    code.CSHARP: ("Docker",),
    code.RUST: ("bollard", "shiplift"),
    code.RUBY: ("docker", "Docker"),
}
_REQUESTED = re.compile(
    r"\bllb\b|\bImagePull\b|\bConfig\s*+(?:[{\[<]|::)|\bDocker\W{1,9}(?:Image|Container)\W{1,9}create\b"
    rf"|\b(?:{'|'.join(sorted((_REQUESTS | _CREATIONS) - {'Config'}))})\b"
)
_SIGNS = {  # of calls that are read: most files that name a library have none
    code.PYTHON: re.compile(r"containers|images|create_container|\bpull\b"),
    code.JAVASCRIPT: re.compile(r"(?:create|build)(?:Image|Container)|\b(?:pull|run)\b"),
    **dict.fromkeys((code.GO, code.CSHARP, code.RUST, code.RUBY), _REQUESTED),
}
_OF_JAVA = re.compile("|".join(sorted(_COMMANDS)))


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that calls of a client name."""
    language = language_of(source.path)
    libraries = _LIBRARIES.get(language, ())
    if libraries and not any(each in source.text for each in libraries):
        return
    if not _SIGNS.get(language, _OF_JAVA).search(source.text):
        return
    file = kept.with_kept(source, CodeFile.read(source), given)
    if libraries and not _imports(file, libraries):
        return
    yield from kept.definitions(source, file)
    test = is_test(source.path)
    for found in _images(file, source.path):
        yield replace(found, role=Role.TEST) if test and found.role is Role.SCRIPT else found


def _images(file: CodeFile, path: str) -> Iterator[Candidate]:
    if file.language is code.PYTHON:
        yield from _python(file)
    elif file.language in (code.GO, code.CSHARP, code.RUST, code.RUBY):
        yield from _objects(file)
        yield from _llb(file, path)
    elif file.language is code.JAVASCRIPT:
        yield from _javascript(file)
    else:
        yield from _java(file)


def _imports(file: CodeFile, libraries: tuple[str, ...]) -> bool:
    """Whether one of the libraries is named, as a name or in the path of an import."""
    for token in file.tokens:
        if token.kind is code.Kind.NAME and token.text in libraries:
            return True
        short = token.kind is code.Kind.STRING and len(token.text) < _LONGEST_PATH
        if short and any(part in libraries for part in token.text.split("/")):
            return True
    return False


def _python(file: CodeFile) -> Iterator[Candidate]:
    for call in file.calls():
        owner, _, method = call.name.rpartition(".")
        thing = owner.rpartition(".")[2]
        image = call.keyword("image", "repository") or call.positional(0)
        if thing == "containers" and method in ("run", "create"):
            yield from file.images(image, Role.SCRIPT)
        elif thing == "images" and method == "build":
            yield from file.images(call.keyword("tag"), Role.OUTPUT)
        elif thing == "images" and method == "pull":
            yield from _tagged(file, image, call.keyword("tag") or call.positional(1))
        elif method == "create_container" and "image" in {each.name for each in call.arguments}:
            yield from file.images(image, Role.SCRIPT)
        elif method == "pull" and thing in ("client", "api", "docker_client", "docker", "cli"):
            yield from _tagged(file, image, call.keyword("tag"))


def _java(file: CodeFile) -> Iterator[Candidate]:
    for call in file.calls():
        if call.method in _COMMANDS:
            tag = next((each for each in file.chained(call) if each.method == "withTag"), None)
            yield from _tagged(file, call.positional(0), tag.positional(0) if tag else None)


def _javascript(file: CodeFile) -> Iterator[Candidate]:
    for call in file.calls():
        first = call.positional(0)
        if call.method in ("pull", "run") and "docker" in call.name.lower() and first is not None:
            if not _is_object(first):
                yield from file.images(first, Role.SCRIPT)
        elif call.method == "createImage" and first is not None and not _is_object(first):
            yield from file.images(first, Role.SCRIPT)
    for group in file.groups:
        above = next(file.above(group), None)
        if group.bracket == "{" and above is not None:
            if above.method == "createContainer":
                yield from file.images(group.keyword("Image"), Role.SCRIPT)
            elif above.method == "buildImage":
                yield from file.images(group.keyword("t"), Role.OUTPUT)
            elif above.method == "createImage":
                yield from _tagged(file, group.keyword("fromImage"), group.keyword("tag"))


def _is_object(argument: code.Argument) -> bool:
    return argument.tokens[0].text in ("{", "[")


def _objects(file: CodeFile) -> Iterator[Candidate]:
    """Read requests that are objects, and the calls beside them."""
    for group in file.of_method(*_REQUESTS, *_CREATIONS, "ImagePull", "create"):
        method, is_object = group.method, group.bracket == "{"
        if is_object and method in _REQUESTS:
            yield from file.images(group.keyword("Image", "image"), Role.SCRIPT)
        elif is_object and method in _CREATIONS:
            yield from _tagged(file, group.keyword("FromImage", "from_image"), group.keyword("Tag", "tag"))
        elif method == "ImagePull":
            yield from file.images(group.positional(1), Role.SCRIPT)
        elif group.name in ("Docker.Image.create", "Docker.Container.create"):
            yield from _tagged(file, group.keyword("fromImage", "Image"), group.keyword("tag"))


def _llb(file: CodeFile, path: str) -> Iterator[Candidate]:
    """Read `llb.Image(…)` of BuildKit; in tests, whose names are often made up, only with a tag."""
    doubt = Confidence.HEURISTIC if path.endswith("_test.go") else Confidence.CERTAIN
    for call in file.of_method("Image"):
        if call.bracket == "(" and call.name == "llb.Image":
            yield from file.images(call.positional(0), Role.BASE, doubt)


def _tagged(file: CodeFile, name: code.Argument | None, tag: code.Argument | None) -> Iterator[Candidate]:
    if name is None or not name.tokens:
        return
    word = file.word(name.tokens)
    if tag is not None and code.is_literal(tag.tokens):
        word = tagged(word, file.word(tag.tokens))
    yield from file.named(word, name.tokens, Role.SCRIPT)


FORMAT = Format(
    name="docker_sdk",
    patterns=("*.{java,kt,kts,groovy,scala,go,py,js,mjs,cjs,ts,tsx,mts,cts,cs,rs,rb}",),
    words=(
        (b"ontainer", b"mage", b"ocker", b"client.pull("),  # cheap to look for, and in few files
        (
            b"containers.run", b"containers.create", b"images.pull",
            b"create_container",
            b"pullImageCmd", b"createContainerCmd", b"createContainer(", b"createImage(", b"ImagePull(",
            b"container.Config{", b"CreateContainerParameters", b"ImagesCreateParameters",
            b"CreateImageOptions",
            b"llb.Image(", b"Docker::", b"docker.pull(", b"docker.run(", b"client.pull(",
        ),
    ),
    extract=extract,
    own_code=True,
    specification="https://docs.docker.com/reference/api/engine/sdk/",
)  # fmt: skip
