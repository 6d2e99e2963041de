"""Modules of Ansible that pull, build, push or run images, and what their arguments name.

https://docs.ansible.com/ansible/latest/collections/community/docker/index.html
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from planner.formats import _helm_fields, _kubernetes_objects
from planner.formats._ansible_variables import Scope
from planner.formats._base import Candidate, Embedded, Item
from planner.formats._build_arguments import binding, dockerfile
from planner.formats._ci import entries, scalars
from planner.formats._command_fields import bound
from planner.formats._docker_commands import image, outputs
from planner.formats._image_fields import filled, plausible, versioned
from planner.formats._select import scalars_at, select
from planner.formats._shell import everything
from planner.formats._shell_sinks import fed
from planner.formats._shell_words import Piece, Word
from planner.formats._whole_references import hosted
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_OCI = "oci://"
_FOLDER = re.compile(r"\{\{[^{}]*+\}\}/")  # before the name of a program
_STATEMENT = re.compile(r"\{%(?:(?!\{%|%\})[^\n])*+%\}")  # `{% if … %}`: all branches count
_PUSH = re.compile(r"\bpush\b")
_SPACE = re.compile(r"[ \t]*+\n\s*+")
_ENGINE = re.compile(  # `{{ docker_command }} run x`
    r"\{\{ {0,3}[\w.]{0,80}(?:docker|podman)\w{0,20} {0,3}\}\}"
    r"(?=\s+(?:run|create|pull|push|build|buildx|tag|image|container)\b)"
)


class Call(Struct, frozen=True):
    """A module with its arguments, and the variables that are known where it stands."""

    arguments: Mapping[str, Node]
    scope: Scope
    source: SourceFile
    folder: str  # where relative paths start
    conditional: bool = False  # it is done only `when` something holds
    lines: bool = True  # a command line ends with its line, as a shell has it

    def word(self, *names: str) -> Word:
        """Return the first of some arguments that is set; an empty word where none is."""
        node = next((found for name in names if (found := filled(self.arguments.get(name)))), None)
        return self.scope.word(node.text.strip()) if node else Word()

    def is_set(self, *names: str) -> bool:
        """Tell whether one of some arguments is given."""
        return any(name in self.arguments for name in names)


class Perhaps(Struct, frozen=True):
    """A name that is built where a condition holds."""

    candidate: Candidate


def decided(found: Iterable[Item | Perhaps]) -> Iterator[Item]:
    """Yield what tasks name; what they pull where they do not build it is no output."""
    listed = list(found)
    pulled = {each.spelled for each in listed if isinstance(each, Candidate) and each.role is Role.SCRIPT}
    for each in listed:
        if not isinstance(each, Perhaps):
            yield each
        elif each.candidate.spelled not in pulled:
            yield each.candidate


def _sign(sign: str) -> Piece:
    return Piece.literal(Text.of(sign))


def _named(call: Call) -> Word:
    """Return `name` and `tag` of an image as one; a tag or digest in the name wins."""
    name, tag = call.word("name"), call.word("tag")
    if not str(tag) or versioned(str(name)):
        return name
    sign = "@" if str(tag).startswith("sha256:") else ":"
    return Word((*name.pieces, _sign(sign), *tag.pieces))


def _absent(call: Call) -> bool:
    return str(call.word("state")) == "absent"


def _container(call: Call) -> Iterator[Item]:
    if not _absent(call):
        yield from image(call.word("image"), Role.WORKLOAD)


def in_other(call: Call) -> Iterator[Item]:
    """Yield the `image` of a module that is not known, where no disk of a virtual machine is named so."""
    word = call.word("image")
    text = str(word)
    if word.known and (hosted(text) or ("/" in text and versioned(text) and plausible(text, bare=False))):
        yield from image(word, Role.WORKLOAD)


def _containers(call: Call) -> Iterator[Item]:
    """Yield the images of a list of containers."""
    for scalar in (found for node in call.arguments.values() for found in scalars_at(node, "[].image")):
        yield from image(call.scope.word(scalar.text), Role.WORKLOAD)


def _image(call: Call) -> Iterator[Item | Perhaps]:
    """Read docker_image and podman_image, which pull, build, or take what is there already."""
    where = str(call.word("source"))
    if _absent(call) or where == "load":
        return
    yield from outputs([call.word("repository")])
    if where == "build" or (not where and call.is_set("build", "path", "dockerfile")):
        yield from _built(call)
    elif where != "local":
        yield from image(_named(call), Role.SCRIPT)


def _built(call: Call) -> Iterator[Item | Perhaps]:
    for output in outputs([_named(call)]):
        yield Perhaps(output) if call.conditional else output
    build = call.arguments.get("build")
    own = dict(entries(build))
    inner = replace(call, arguments={**call.arguments, **own})
    for scalar in scalars(inner.arguments.get("cache_from")):
        yield from image(call.scope.word(scalar.text), Role.CACHE)
    place, file = inner.word("path"), inner.word("dockerfile", "file")
    given = [
        (key, call.scope.word(value.text))
        for key, value in entries(inner.arguments.get("args"))
        if type(value) is Scalar
    ]
    if place.known and file.known and not str(place).startswith(("/", "~", "{{")):
        name = str(file) or "Dockerfile"
        yield from binding(dockerfile(call.folder, str(place) or ".", name), given)


def _pulled(call: Call) -> Iterator[Item]:
    yield from image(_named(call), Role.SCRIPT)


def _pushed(call: Call) -> Iterator[Item]:
    yield from outputs([_named(call)])


def _tagged(call: Call) -> Iterator[Item]:
    for scalar in (*scalars(call.arguments.get("repository")), *scalars(call.arguments.get("target_names"))):
        yield from outputs([call.scope.word(scalar.text)])


def _compose(call: Call) -> Iterator[Item]:
    """Yield the images of services that are defined in place."""
    for definition in (call.arguments.get(name) for name in ("definition", "compose")):
        for services in (found for each in select(definition, "[]") for found in select(each, "services.*")):
            built = type(services) is YamlMapping and services.get("build") is not None
            for scalar in scalars_at(services, "image"):
                yield from image(call.scope.word(scalar.text), Role.OUTPUT if built else Role.SERVICE)


def _objects(call: Call) -> Iterator[Item]:
    """Yield the images of Kubernetes objects that are defined in place, as a mapping or as a text."""
    for name in ("definition", "resource_definition", "kube_file_content"):
        node = call.arguments.get(name)
        if type(node) is Scalar:
            yield from _file(node, call.scope, "manifest.yaml")
        elif node is not None:
            yield from _filled(_kubernetes_objects.images(node, call.source), call.scope)


def _chart(call: Call) -> Iterator[Item]:
    chart, version = call.word("chart_ref", "ref"), call.word("chart_version", "version")
    if str(chart).startswith(_OCI) and not _absent(call):
        pieces = chart.cut(len(_OCI)).pieces
        yield from image(Word((*pieces, _sign(":"), *version.pieces) if str(version) else pieces), Role.CHART)
    for name in ("values", "release_values"):
        if node := call.arguments.get(name):
            yield from _filled(_helm_fields.images(node, call.source), call.scope)


def _filled(found: Iterator[Candidate], scope: Scope) -> Iterator[Candidate]:
    for candidate in found:
        if "{{" in str(candidate.value) and not candidate.problem:
            yield from scope.word(candidate.value).candidates(candidate.role, candidate.confidence)
        else:
            yield candidate


def _command(call: Call) -> Iterator[Item | Perhaps]:
    """Read what shell, command and raw run: a text, or a list of words."""
    texts = [scalar.text for scalar in scalars(call.arguments.get("argv"))]
    if texts:
        joined = Text.join(piece for text in texts for piece in (text, Text.of(" ")))
    else:
        node = next(
            (found for name in ("cmd", "_raw_params") if (found := filled(call.arguments.get(name)))), None
        )
        joined = node.text if node else Text()
    perhaps = call.conditional and not _PUSH.search(str(joined))
    for item in everything(call.scope.word(_line(joined, call.lines)), call.source.path, {}):
        if isinstance(item, Embedded):
            yield item
        elif perhaps and isinstance(item, Candidate) and item.role is Role.OUTPUT:
            yield Perhaps(item)
        else:
            yield from bound([item], call.folder)
    if given := filled(call.arguments.get("stdin")):
        words = [Word.literal(Text.of(word)) for word in _FOLDER.sub("", str(joined)).split()]
        yield from fed(words, call.scope.word(given.text))


def _line(text: Text, lines: bool) -> Text:
    """Return a command as it is run: without statements of Jinja, with `docker` for a variable of that name.

    Where no shell reads it, it is one line.
    """
    text = _replaced(text, _STATEMENT, " ")
    text = _replaced(text, _ENGINE, "docker")
    return text if lines else _replaced(text.strip(), _SPACE, " ")


def _replaced(text: Text, pattern: "re.Pattern[str]", new: str) -> Text:
    found = list(pattern.finditer(str(text)))
    if not found:
        return text
    cut, pieces, end = text.cutter(), [], 0
    for match in found:
        pieces += [cut(end, match.start()), Text.of(new)]
        end = match.end()
    return Text.join((*pieces, cut(end, len(text))))


def _written(call: Call) -> Iterator[Item]:
    """Yield the file that copy writes."""
    content, place = filled(call.arguments.get("content")), call.word("dest", "path")
    if content and place.known and "\n" in content.value:
        yield from _file(content, call.scope, posixpath.basename(str(place)))


def _file(node: Scalar, scope: Scope, name: str) -> Iterator[Embedded]:
    pieces = (piece for piece in scope.word(node.text).pieces)
    texts = (piece.written if piece.values[0].problem else piece.values[0].text for piece in pieces)
    yield Embedded(Text.join(texts), name)


Module = Callable[[Call], Iterator[Item | Perhaps]]
CONTAINERS: Mapping[str, Module] = {  # a name among these alone tells that a list is one of tasks
    "docker_container": _container, "docker_swarm_service": _container, "podman_container": _container,
    "docker_compose_v2_run": _container, "podman_runlabel": _container, "podman_containers": _containers,
    "ecs_taskdefinition": _containers, "azure_rm_containerinstance": _containers, "docker_image": _image,
    "podman_image": _image, "docker_image_pull": _pulled, "docker_image_build": _built,
    "docker_image_push": _pushed, "docker_image_tag": _tagged, "podman_tag": _tagged,
    "docker_compose": _compose, "docker_compose_v2": _compose, "docker_service": _compose,
    "docker_stack": _compose, "podman_play": _objects, "k8s": _objects, "k8s_raw": _objects,
    "openshift_raw": _objects,
}  # fmt: skip
MODULES: Mapping[str, Module] = {
    **CONTAINERS, "helm": _chart, "shell": _command, "command": _command, "raw": _command, "copy": _written,
    "blockinfile": _written,
}  # fmt: skip
