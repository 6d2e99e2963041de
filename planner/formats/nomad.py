"""Nomad: the image of every task that runs in a container, and what commands and templates name.

The driver decides what `image` means: those of virtual machines and of Java take none. Variables have their
defaults; `NOMAD_META_x` is what `meta` sets, and what the node gives is known only when the task is placed.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Embedded, Format, Given, Item
from planner.formats._command_fields import known_text, words_of
from planner.formats._distinct import distinct
from planner.formats._docker_commands import image
from planner.formats._hcl import Hcl, problems
from planner.formats._hcl_expressions import Known, Scope
from planner.formats._hcl_json import read_json
from planner.formats._hcl_nodes import Block, Body
from planner.formats._hcl_values import Result, members, words
from planner.formats._nomad_tasks import Task, entries, tasks, value
from planner.formats._nomad_templates import ACTION, read, rendered
from planner.formats._placeholders import settled
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_DRIVERS = frozenset({"docker", "podman", "containerd", "containerd-driver", "nomad-driver-containerd"})
_BY_SCHEME = frozenset(
    {"rkt", "singularity", "apptainer"}
)  # a name without `docker://` is a file or an archive
_LABELS = {"job": 1, "variable": 1, "locals": 0, "plugin": 1, "client": 0, "Job": 0, "TaskGroups": 0}
_AGENT_IMAGES = ("connect.sidecar_image", "connect.gateway_image")
_JSON = re.compile(r"\"(?:TaskGroups|task|plugin|client)\"\s*:")
_RUNTIME = re.compile(r"(?:NOMAD_|attr\.|node\.|env\.|meta\.|device\.)")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what the jobs of a file run, and the files that their templates write."""
    is_json = source.path.endswith(".json")
    if is_json and not _JSON.search(source.text):
        return
    variants = [read_json(source, _LABELS)] if is_json else read(source)
    yield from distinct(item for each in variants for item in _extract(each, source, given, is_json))


def _extract(parsed: Hcl, source: SourceFile, given: Given, is_json: bool) -> Iterator[Item]:
    body = parsed.body
    jobs = body.all("job") if not is_json else (*body.all("job"), *_api_jobs(body))
    if jobs:
        yield from problems(parsed, source, Role.WORKLOAD)
    scope = Scope(source, _values(body, given), _missing)
    for task in tasks(jobs, scope):
        yield from _task(task, source, given)
    yield from _unnamed_proxies(jobs)
    yield from _agent(body, scope)


def _api_jobs(body: Body) -> tuple[Block, ...]:
    """Return the job of the API's JSON, which stands under `Job` or by itself."""
    jobs = tuple(block for block in body.all("Job") if block.body.all("TaskGroups"))
    return jobs or (body.all("TaskGroups") and (Block("Job", (), 0, body),)) or ()


def _values(body: Body, given: Given) -> dict[str, Known]:
    """Return what `var.x` and `local.x` stand for."""
    values: dict[str, Known] = {}
    for block in body.all("variable"):
        if block.labels and (default := block.body.get("default")) is not None:
            values[f"var.{block.labels[0]}"] = default
    for block in body.all("locals"):
        values |= {f"local.{each.name}": each.value for each in block.body.attributes}
    return {**values, **given}


def _missing(name: str) -> str:
    if name.startswith("var."):
        return f"{name} has no default: give it one, or set it where the job is run"
    if _RUNTIME.match(name):
        return f"{name} is known only when Nomad places the task"
    return f"{name} is not set in this file"


def _task(task: Task, source: SourceFile, given: Given) -> Iterator[Item]:
    drivers = [str(word) for word in words(task.value("driver", "Driver")) if word.known]
    scheme_only = bool(drivers) and set(drivers) <= _BY_SCHEME
    if scheme_only or not drivers or not _DRIVERS.isdisjoint(drivers):
        confidence = Confidence.CERTAIN if drivers or task.sidecar else Confidence.HEURISTIC
        if not any(words(task.setting("load"))):  # an archive gives the image
            for word in words(task.setting("image")):
                if not scheme_only or str(word).startswith("docker://"):
                    for candidate in image(word, Role.WORKLOAD, confidence):
                        yield from _settled(candidate, given)
    command = [*words(task.setting("command")), *_listed(task.setting("args"))]
    if command:
        yield from words_of(command, source.path, posixpath.dirname(source.path))
    for block in (*task.block.body.all("template"), *task.block.body.all("Templates")):
        yield from _template(block.body, task.scope)


def _listed(found: Result | None) -> list[Word]:
    return [word for _, item in members(found) for word in words(item)]


def _settled(candidate: Candidate, given: Given) -> Iterator[Candidate]:
    """Yield a candidate with the variables of its pack filled in, or with what a template leaves open."""
    if ACTION.search(str(candidate.value)):
        yield from image(rendered(candidate.value, given), candidate.role, candidate.confidence)
    else:
        yield settled(candidate, {})


def _template(body: Body, scope: Scope) -> Iterator[Embedded]:
    """Yield the file that a template writes."""
    data = next(words(value(body, scope, "data", "EmbeddedTmpl")), None)
    destination = next(words(value(body, scope, "destination", "DestPath")), None)
    if data is not None and destination is not None and str(data):
        name = posixpath.basename(str(destination))
        if name:
            yield Embedded(known_text(data), name)


def _unnamed_proxies(blocks: tuple[Block, ...], depth: int = 0) -> Iterator[Candidate]:
    """Yield a problem for each proxy of a service mesh whose image nothing names."""
    for block in blocks if depth < 10 else ():
        names = {each.type: each for each in block.body.blocks}
        if block.type == "connect" and ("sidecar_service" in names or "gateway" in names):
            sidecar = names.get("sidecar_task")
            if sidecar is None or not any(each.body.get("image") for each in sidecar.body.all("config")):
                proxy = names.get("sidecar_service") or names["gateway"]
                reason = (
                    "Nomad runs docker.io/envoyproxy/envoy in a version that Consul supports:"
                    " set image in the config of a sidecar_task, or connect.sidecar_image of the client"
                )
                yield Candidate(Text(), Role.IMPLICIT, proxy.start, proxy.type, problem=reason)
        else:
            yield from _unnamed_proxies(block.body.blocks, depth + 1)


def _agent(body: Body, scope: Scope) -> Iterator[Candidate]:
    """Yield the images that the configuration of an agent names."""
    for plugin in body.all("plugin"):
        if _DRIVERS.intersection(plugin.labels):
            for key, found in entries(plugin.body, scope, "config"):
                if key == "infra_image":
                    yield from (item for word in words(found) for item in image(word, Role.WORKLOAD))
    for client in body.all("client"):
        for key, found in entries(client.body, scope, "meta"):
            if key in _AGENT_IMAGES:
                for word in words(found):
                    if "${" not in str(word):  # Nomad's own version of the proxy
                        yield from image(word, Role.WORKLOAD)


FORMAT = Format(
    name="nomad",
    patterns=(
        "*.nomad",
        "*.nomad.*",
        "*.job",
        "*.job.{tpl,tmpl,j2}",
        "*.hcl",
        "*.hcl.{tpl,tmpl,j2}",
        "*.json",
    ),
    words=(
        (b"task", b"Tasks", b"plugin", b"client"),
        (b"driver", b"Driver", b"infra_image", b"connect."),
        (b"image",),
    ),
    extract=extract,
    specification="https://developer.hashicorp.com/nomad/docs/job-specification",
)
