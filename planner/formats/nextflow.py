"""Nextflow: the container of every process, in pipelines and in configuration.

A name without a host gets the registry that the configuration sets for its engine. What Singularity downloads
from a URL or reads from a file is no reference.
https://www.nextflow.io/docs/latest/reference/config.html#docker
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec.structs import replace

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._code import GROOVY, constants, is_literal, tokens
from planner.formats._image_fields import versioned
from planner.formats._workflow_code import Statement, said, statements
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_ENGINES = ("docker", "podman", "apptainer", "singularity", "charliecloud", "sarus", "shifter")
_REGISTRY = "registry"
_PARAMETER = re.compile(r"(?i)image|container|docker|registry|version|tag|repo")
_NO_REFERENCE = re.compile(r"(?!docker://)(?:[a-z][a-z0-9+-]*://|[/.~])|.*\.(?:sif|img|simg)\Z")
_NOTHING = frozenset({"null", "false", "true"})
_MOST = 3_000  # containers and parameters; no pipeline has as many in a file
_FOLDERS = ("conf", "config", "configs")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the containers of processes, and what the configuration gives to the files below it."""
    if source.text.lstrip().startswith("<"):
        return  # XML, as in web.config
    read = tokens(source.text, GROOVY)
    found = list(islice(filter(_matters, statements(read, lines_of=source.text)), _MOST))
    own = dict(_settings(found))
    known = {**constants(read), **own, **given}
    for each in found:
        if each.name == "container":
            yield from _container(each, known)
    if source.path.endswith(".config"):
        yield from _bindings(source.path, own)


def _matters(statement: Statement) -> bool:
    path = statement.path
    if statement.sign:
        return path[-1] in ("container", _REGISTRY) or "params" in path[-3:-1]
    return path[-1] == "container" and len(path) > 1


def _settings(found: list[Statement]) -> Iterator[tuple[str, Text]]:
    """Yield registries by engine and parameters, as far as they are texts."""
    for each in found:
        engine = each.path[-2] if len(each.path) > 1 else ""
        is_registry = each.name == _REGISTRY and engine in _ENGINES
        if not each.sign or not (is_registry or engine == "params"):
            continue
        choices = list(said(each.tokens, GROOVY, {}).choices())
        if len(choices) != 1 or choices[0].problem or not choices[0].text or not is_literal(each.tokens):
            continue
        if is_registry or _PARAMETER.search(each.name) or versioned(str(choices[0].text)):
            yield f"{engine}.{each.name}", choices[0].text


def _container(statement: Statement, known: Mapping[str, Text]) -> Iterator[Candidate]:
    if statement.mark in (":", "."):
        return
    given = statement.tokens
    if not given or given[0].text in _NOTHING:
        return
    for candidate in said(given, GROOVY, known).candidates(Role.STEP):
        value = str(candidate.value)
        if value.startswith("docker://"):
            value = value.removeprefix("docker://")
            candidate = replace(candidate, value=candidate.value.cut(len("docker://"), len(candidate.value)))
        if value in ("", "null") or (not candidate.problem and _NO_REFERENCE.match(value)):
            continue
        yield candidate if candidate.problem else _registered(candidate, known)


def _registered(candidate: Candidate, known: Mapping[str, Text]) -> Candidate:
    """Return the image with the registry that is set for names without a host."""
    registry = next((known[f"{e}.{_REGISTRY}"] for e in _ENGINES if f"{e}.{_REGISTRY}" in known), Text())
    first, slash, _ = str(candidate.value).partition("/")
    if not registry or (slash and ("." in first or ":" in first)):
        return candidate
    prefix = registry.cut(0, len(str(registry).rstrip("/")))
    joined = Text.join((prefix, Text.of("/"), candidate.value))
    return replace(candidate, value=joined, trail=(*candidate.trail, f"registry={prefix}"))


def _bindings(path: str, own: Mapping[str, Text]) -> Iterator[Binding]:
    """Yield the settings for all that lies below, or beside a folder of configurations."""
    folder = posixpath.dirname(path)
    if posixpath.basename(folder) in _FOLDERS:
        folder = posixpath.dirname(folder)
    if own:
        yield Binding(posixpath.join(folder, "**"), "nextflow", own, always=True)


FORMAT = Format(
    name="nextflow",
    patterns=("*.nf", "*.config"),
    words=((b"container", b"registry", b"params"),),
    extract=extract,
    specification="https://www.nextflow.io/docs/latest/container.html",
)
