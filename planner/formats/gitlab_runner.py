"""GitLab Runner: the images that its settings give to jobs and their services, also in values of its chart.

What jobs may choose among (`allowed_images`) is pulled by nothing here.
https://docs.gitlab.com/runner/configuration/advanced-configuration/
"""

import re
from collections.abc import Iterator, Mapping

from planner.formats._base import Candidate, Embedded, Format, Given
from planner.formats._toml import strings
from planner.formats._yaml import Scalar, parse, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile

_RUNNER = "[[runners]]"
_YAML = re.compile(r"\.ya?ml\Z")
_IMAGES: Mapping[tuple[str, ...], Role] = {
    ("image",): Role.STEP,
    ("helper_image",): Role.STEP,
    ("services", "name"): Role.SERVICE,
}
_EXECUTORS = ("docker", "kubernetes")
_TEMPLATE = re.compile(r"\{\{|\$\{|\{%")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Embedded]:
    """Yield the images of all runners."""
    if _YAML.search(source.path):
        yield from _settings_in(source)
        return
    for string in strings(source.text):
        role = _role(string.keys)
        spelled = str(string.value)
        if role and spelled:
            problem = (
                "a template gives this: scan what it is rendered to" if _TEMPLATE.search(spelled) else ""
            )
            yield Candidate(string.value, role, string.start, spelled, problem=problem)


def _role(keys: tuple[str, ...]) -> Role | None:
    """Return what the image is for that a field has: `runners.docker.image`; None for other fields."""
    table, executor, *field = (*(key for key in keys if key != "[]"), "", "")
    return _IMAGES.get(tuple(field[:-2])) if table == "runners" and executor in _EXECUTORS else None


def _settings_in(source: SourceFile) -> Iterator[Embedded]:
    """Yield the settings that stand in YAML: `runners.config` of the chart, a key of a ConfigMap."""
    for document in parse(source).documents:
        for _, node in walk(document):
            if type(node) is Scalar and _RUNNER in node.value:
                yield Embedded(node.text, "config.toml")


FORMAT = Format(
    name="gitlab_runner",
    patterns=("*.toml", "*.toml.*", "*.tftpl", "*.y{a,}ml"),
    words=((_RUNNER.encode(),), (b"image", b"services")),
    extract=extract,
    specification="https://docs.gitlab.com/runner/configuration/advanced-configuration/",
)
