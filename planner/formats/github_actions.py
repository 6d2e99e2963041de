"""Workflows and actions of GitHub, Gitea and Forgejo: containers, services, `docker://` steps, scripts.

`runs-on` names a runner, `image: Dockerfile` of an action a file. A value out of the matrix is one candidate
for each job of the matrix.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given, Item
from planner.formats._build_arguments import DockerfileBuild, bindings, dockerfile
from planner.formats._ci import Reading, entries, is_set, items, problems, unread, value
from planner.formats._ci_environment import distinct_items, scripted
from planner.formats._ci_shells import as_file, other_program
from planner.formats._docker_commands import image
from planner.formats._github_expressions import Scope
from planner.formats._github_inputs import ACTIONS, BUILDERS, implicit, lines, step_image
from planner.formats._shell_words import Value, Word
from planner.formats._sourced import sources, taken
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_SCHEME = "docker://"
_GIVEN = ("build-args", "build-contexts")  # inputs that a Dockerfile is given something by
_PLACED = re.compile(
    r"(?:\A|/)(?:\.(?:github|gitea|forgejo)/(?:workflows|actions)/|workflow-templates/|action\.ya?ml\Z)"
)
_ROOT = re.compile(r"(?:\A|/)(?:\.github|\.gitea|\.forgejo|workflow-templates)/")


# a job that an `include` adds lacks what the others have: `golang:` is none of its images
_MOLECULE = re.compile(
    r"(?<![\w/.-])molecule[ \t]++(?:--?\w[\w=-]*+[ \t]++)*+(?:test|converge|create|verify|prepare)\b"
)
_INCOMPLETE = re.compile(r"\A[:/@]|[:/@]\Z")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that the jobs and steps of a workflow, or an action, run in and name."""
    placed = _PLACED.search(source.path) is not None
    if not placed and "runs-on" not in source.text:
        return
    parsed = parse(source)
    if not placed and not any(map(_is_workflow, parsed.documents)):
        return
    yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        if type(document) is Mapping:
            yield from _workflow(source.path, document, given)
            yield from _action(source.path, document, given)
    yield from unread(source, parsed, ("image", "container"), Role.STEP)


def _is_workflow(document: Node) -> bool:
    """Tell a workflow that lies elsewhere by what only its jobs have."""
    jobs = document.get("jobs") if type(document) is Mapping else None
    return any(type(job) is Mapping and job.get("runs-on") is not None for _, job in entries(jobs))


def _workflow(path: str, document: Mapping, given: Given) -> Iterator[Item]:
    inputs = {
        name: node
        for event in ("workflow_dispatch", "workflow_call")
        for name, node in entries(document.get("on", event, "inputs"))
    }
    scope = Scope(inputs, given=given).within(document)
    shell = value(document, "defaults", "run", "shell")
    for _, job in entries(document.get("jobs")):
        if type(job) is Mapping:
            yield from _job(path, job, scope.within(job), value(job, "defaults", "run", "shell") or shell)
    if problem := scope.readings.problem():
        yield Candidate(Text(), Role.STEP, document.start, "", problem=problem)


def _job(path: str, job: Mapping, scope: Scope, shell: str) -> Iterator[Item]:
    yield from _read(_image(job.get("container")), scope, step_image)
    for _, service in entries(job.get("services")):
        yield from _read(_image(service), scope, _service)
    yield from _steps(path, job.get("steps"), scope, shell)
    yield from _call(path, job, scope)


def _action(path: str, document: Mapping, given: Given) -> Iterator[Item]:
    """Read an action: the image it runs in, or its steps.

    https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
    """
    scope = Scope(dict(entries(document.get("inputs"))), given=given)
    yield from _docker(document.get("runs", "image"))
    file = document.get("runs", "image")
    if type(file) is Scalar and is_set(file) and not file.value.startswith(_SCHEME):
        target = dockerfile(posixpath.dirname(path), file.value)
        yield from bindings([DockerfileBuild(target)] if target else [])
    yield from _steps(path, document.get("runs", "steps"), scope, "")


def _image(node: Node | None) -> Node | None:
    return node.get("image") if type(node) is Mapping else node


def _service(word: Word) -> Iterator[Candidate]:
    return image(word, Role.SERVICE)


def _read(node: Node | None, scope: Scope, reading: Reading) -> Iterator[Candidate]:
    if type(node) is Scalar and is_set(node):
        text = node.text
        for job in scope.combinations(node.value):
            word = scope.word(text, job)
            if not _INCOMPLETE.search(str(word)):
                yield from reading(word)


def _steps(path: str, steps: Node | None, scope: Scope, shell: str) -> Iterator[Item]:
    for step in items(steps):
        if type(step) is Mapping:
            inner = scope.within(step)
            yield from _docker(step.get("uses"))
            yield from _inputs(path, step, inner)
            yield from _call(path, step, inner)
            other = other_program(value(step, "shell") or shell)
            yield from distinct_items(_other(other, step, inner) if other else _script(path, step, inner))


def _docker(node: Node | None) -> Iterator[Candidate]:
    """Yield the image of `docker://…`; what has no such scheme is a repository or a file."""
    if type(node) is Scalar and node.value.startswith(_SCHEME):
        yield from image(Word.literal(node.text), Role.STEP)


def _script(path: str, step: Mapping, scope: Scope) -> Iterator[Item]:
    node = step.get("run")
    if type(node) is Scalar:
        text, folder = node.text, posixpath.join(_root(path), value(step, "working-directory") or ".")
        for job in scope.combinations(node.value):
            yield from scripted(text, path, folder, _sourced(path, text, scope) | scope.variables(text, job))
        if _MOLECULE.search(node.value):
            yield from _tested(scope)


def _other(program: str, step: Mapping, scope: Scope) -> Iterator[Item]:
    node = step.get("run")
    if type(node) is Scalar:
        for job in scope.combinations(node.value):
            yield from as_file(program, scope.word(node.text, job))


def _tested(scope: Scope) -> Iterator[Binding]:
    """Yield the environment of Molecule, once for each job that differs: it decides the platforms."""
    for job in scope.combinations(*(node.value for node in scope.env.values())):
        choices = {name: next(scope.word(node.text, job).choices(), None) for name, node in scope.env.items()}
        known = {name: each.text for name, each in choices.items() if each and each.text and not each.problem}
        if known:
            yield Binding("**", "molecule", known)


def _sourced(path: str, script: Text, scope: Scope) -> dict[str, tuple[Value, ...]]:
    """Return what the files set that a script reads with `source`."""
    read = taken(scope.given, sources(str(script)), path) if scope.given else {}
    return {name: (Value(value),) for name, value in read.items()}


def _inputs(path: str, step: Mapping, scope: Scope) -> Iterator[Item]:
    """Read what is known about the inputs of an action."""
    action = value(step, "uses").partition("@")[0].strip().lower()
    for name, reading in ACTIONS.get(action, {}).items():
        yield from _read(step.get("with", name), scope, reading)
    yield from implicit(action, step, scope)
    if action in BUILDERS:
        yield from _bindings(path, step, scope)


def _call(path: str, caller: Mapping, scope: Scope) -> Iterator[Binding]:
    """Yield the inputs for a workflow or an action of this repository, once for each job that differs."""
    uses = value(caller, "uses")
    given = [(name, node) for name, node in entries(caller.get("with")) if type(node) is Scalar]
    if not uses.startswith("./") or not given:
        return
    target = posixpath.normpath(posixpath.join(_root(path), uses))
    is_workflow = target.endswith((".yml", ".yaml"))
    targets = [target] if is_workflow else [f"{target}/action.yml", f"{target}/action.yaml"]
    for job in scope.combinations(*(node.value for _, node in given)):
        choices = {name: next(scope.word(node.text, job).choices(), None) for name, node in given}
        known = {f"inputs.{name}": each.text for name, each in choices.items() if each and not each.problem}
        yield from (Binding(each, "github_actions", known) for each in targets if known)


def _root(path: str) -> str:
    return path[: match.start()] if (match := _ROOT.search(path)) else ""


def _bindings(path: str, step: Mapping, scope: Scope) -> Iterator[Binding]:
    """Yield what a build step gives to its Dockerfile, once for each job that differs."""
    settings = {name: step.get("with", name) for name in ("context", "file", *_GIVEN)}
    written = {name: node.text for name, node in settings.items() if type(node) is Scalar}
    builds = []
    for job in scope.combinations(*map(str, written.values())):
        words = {name: scope.word(setting, job) for name, setting in written.items()}
        target = _dockerfile(path, words.get("context"), words.get("file"))
        arguments, contexts = (_pairs(words.get(name)) for name in _GIVEN)
        builds.append(DockerfileBuild(target, arguments, contexts))
    yield from bindings(builds)


def _pairs(word: Word | None) -> tuple[tuple[str, Word], ...]:
    pairs = (line.partition("=") for line in lines(word or Word()))
    return tuple((str(name).strip(), found) for name, found in pairs if found is not None)


def _dockerfile(path: str, context: Word | None, file: Word | None) -> str:
    """Return the path of the Dockerfile; empty where it is not in the tree or not known."""
    folder = re.sub(r"\A\{\{\s*defaultContext\s*\}\}:?", "", str(context)) if context else "."
    if (context and not context.known) or (file and not file.known) or "://" in folder:
        return ""
    name = str(file) if file else posixpath.join(folder or ".", "Dockerfile")
    target = posixpath.normpath(posixpath.join(_root(path), name))
    return "" if target.startswith(("/", "../")) else target


FORMAT = Format(
    name="github_actions",
    patterns=(
        "{.github,.gitea,.forgejo}/{workflows,actions}/**/*.{yml,yaml}",
        "workflow-templates/**/*.{yml,yaml}",
        "action.{yml,yaml}",
        "*.{yml,yaml}",
        "{workflows,actions}/**/*.{yml,yaml}.{ejs,erb,hbs,j2,jinja,jinja2,mustache,tmpl,tpl}",
    ),
    words=((b"jobs", b"runs"),),
    extract=extract,
    by_content=True,
    builds=True,
    specification="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax",
)
