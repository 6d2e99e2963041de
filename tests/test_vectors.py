"""Extraction cases kept beside the project: each runs once the format it is about exists.

A case gives a path, a content, and every reference that is pulled (with `latest` where no tag is written).
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from planner import discover
from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.model.inventory import Occurrence, Output, Role, Unresolved
from planner.model.reference import Reference
from planner.model.source import SourceFile, Text
from planner.scan import scan
from planner.scanning.catalog import formats
from planner.scanning.judge import judged

FILE = (
    Path(os.environ.get("HUB2AR_SHARED", Path(__file__).parents[2] / "shared")) / "vectors" / "extract.json"
)
CASES = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else []

FORMATS = {
    "K01": "kubernetes", "K05": "kubernetes", "K07": "helm_values", "K10": "compose", "K12": "gitlab_ci",
    "K14": "github_actions", "K15": "circleci", "K16": "bitbucket_pipelines", "K17": "azure_pipelines",
    "K18": "cloud_build", "K19": "drone", "K20": "woodpecker", "K21": "tekton", "K22": "argo", "K24": "nomad",
    "K25": "ecs_task", "K26": "devcontainer", "K27": "quadlet", "K28": "jenkinsfile", "K30": "skaffold",
    "K31": "docker_bake", "K32": "earthfile", "K33": "testcontainers", "K34": "testcontainers", "K35": "jib",
    "K36": "openshift", "K37": "olm", "K38": "concourse", "K39": "kind", "K40": "helm_chart",
    "K42": "kubernetes", "K43": "ansible", "K44": "kubernetes", "K45": "bazel", "K46": "systemd",
    "K47": "nextflow", "K48": "apptainer", "K49": "kubernetes", "K50": "pre_commit",
}  # fmt: skip
ABOUT = [case for case in CASES if FORMATS.get(case["id"], "dockerfile") in discover.names("planner.formats")]


def full(text: str) -> Reference:
    reference = Reference.parse(text.removeprefix("chart "))
    return reference if reference.tag or reference.digest else reference.with_version("latest", None)


def found(case, folder):
    if "args" in case:
        return list(_with_arguments(case))
    file = folder / case["path"]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(case["content"].encode())
    return scan([folder]).found


def _with_arguments(case):
    source = SourceFile(case["path"], case["content"])
    given = {name: Text.at(0, value, "compose.yaml") for name, value in case["args"].items()}
    for each in formats():
        if matcher(each.patterns).search(case["path"]):
            candidates = (item for item in each.extract(source, given) if isinstance(item, Candidate))
            yield from filter(None, (judged(source, each.name, item) for item in candidates))


@pytest.mark.skipif(not CASES, reason=f"no {FILE}")
def test_cases_are_there():
    assert len(ABOUT) >= 40


@pytest.mark.parametrize("case", ABOUT, ids=lambda case: case["id"])
def test_every_vector_is_found_as_it_says(case, tmp_path):
    items = found(case, tmp_path)
    pulled = Counter(
        str(full(str(i.reference)))
        for i in items
        if isinstance(i, Occurrence) and i.role not in (Role.OUTPUT, Role.RULE)
    )
    unresolved = Counter(i.text for i in items if isinstance(i, Unresolved))
    outputs = {i.text for i in items if isinstance(i, Output)}
    outputs |= {i.text for i in items if isinstance(i, Occurrence) and i.role is Role.OUTPUT}
    assert pulled == Counter(str(full(text)) for text in case.get("refs", ()))
    assert unresolved == Counter(text.split(" (")[0] for text in case.get("unresolved", ()))
    assert outputs >= set(case.get("outputs", ()))
