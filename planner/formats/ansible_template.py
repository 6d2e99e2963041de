"""Ansible templates: the images of whatever a template becomes, with the variables of its role and its hosts.

A template is read by the formats that its name without `.j2` tells; the expressions that they come upon are
filled in here.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._ansible_variables import Scope, scope_of
from planner.formats._base import Candidate, Embedded, Format, Given
from planner.model.inventory import Confidence
from planner.model.source import SourceFile, Text

_ENDING = re.compile(r"\.(?:j2|jinja2?)\Z")
_LONGEST = 1000  # characters of a value; none that is longer is a reference


def extract(source: SourceFile, given: Given) -> Iterator[Embedded]:
    """Yield the template as the file that it becomes."""
    if given and "{{" in source.text:
        scope = scope_of(given)
        name = _ENDING.sub("", source.path.rpartition("/")[2])
        yield Embedded(Text.at(0, source.text), name, fill=lambda found: _filled(found, scope))


def _filled(candidate: Candidate, scope: Scope) -> Iterator[Candidate]:
    """Yield what a candidate is with its variables; nothing where one of them is not known."""
    value = str(candidate.value)
    if "{{" not in value or len(value) > _LONGEST:
        yield from () if candidate.problem else (candidate,)
        return
    for choice in scope.word(candidate.value).choices():
        if not choice.problem and choice.text:
            doubt = candidate.confidence
            yield replace(
                candidate,
                value=choice.text,
                problem="",
                trail=(*candidate.trail, *choice.trail),
                confidence=Confidence.RESOLVED if doubt is Confidence.CERTAIN else doubt,
            )


FORMAT = Format(
    name="ansible_template",
    patterns=("*.{j2,jinja2,jinja}",),
    words=((b"{{",), (b"mage", b"MAGE", b"docker", b"podman", b"FROM")),
    extract=extract,
    specification="https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_templating.html",
    last=True,
)
