"""Terraform templates: the images of whatever a template becomes, with what `templatefile` gives it.

A template is filled in and then read by the formats that its name tells without `.tftpl`; what is not known
stays as it is written. Of a condition both branches count.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Embedded, Format, Given
from planner.model.inventory import Confidence
from planner.model.source import SourceFile

_ENDING = re.compile(r"\.(?:tftpl|tpl|tmpl|template)(?=\.|\Z)")
_CONTAINERS = "container_definitions.json"
_BEGINNINGS = {"#cloud-config": "cloud_init", "#!": "shell"}


def extract(source: SourceFile, given: Given) -> Iterator[Embedded]:
    """Yield the template as the file that it becomes."""
    if not given:
        return
    from planner.formats._terraform_templates import containers, filled  # few trees have any

    text = filled(source, given)
    told = tuple(form for begin, form in _BEGINNINGS.items() if str(text).startswith(begin))
    name = _CONTAINERS if containers(given) else _ENDING.sub("", source.path.rpartition("/")[2])
    yield Embedded(text, "" if told else name, formats=told, fill=_told)


def _told(candidate: Candidate) -> Iterator[Candidate]:
    """Yield a candidate; one that has something from elsewhere says so, and from where."""
    places = dict.fromkeys(run.path for run in candidate.value.runs if run.path)
    if places and candidate.confidence is Confidence.CERTAIN:
        candidate = replace(candidate, confidence=Confidence.RESOLVED)
    given = tuple(f"filled in by {path}" for path in places)
    yield replace(candidate, trail=(*candidate.trail, *given)) if given else candidate


FORMAT = Format(
    name="terraform_template",
    patterns=(
        "*.{tftpl,tpl,tmpl,template,sh,bash,yaml,yml,json,hcl,nomad,conf,cfg,service,env,toml,txt,ps1,bu,ign}",
        "*.{tftpl,tpl,tmpl}.*",
    ),
    words=((b"${",), (b"mage", b"MAGE", b"docker", b"podman", b"nerdctl", b"ctr ", b"crictl", b"FROM")),
    extract=extract,
    specification="https://developer.hashicorp.com/terraform/language/functions/templatefile",
)
