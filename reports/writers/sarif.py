"""SARIF 2.1.0: findings for code scanning, and for editors, with the edits that fix them.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

import json
from collections.abc import Iterator
from itertools import groupby

from planner import __version__
from planner.model.finding import Criterion, Finding, Findings, Level, Region, Replacement, Site
from reports.findings import DOCS, WORDS, needed
from reports.section import Report
from reports.writers._base import Layout, Writer, visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "hub2arFinding/v1"
_ROOT = "%SRCROOT%"
_HOME = "https://github.com/hub2ar/hub2ar"

Json = dict[str, "Json"] | list["Json"] | str | int | bool


def write(report: Report, layout: Layout) -> str:  # noqa: ARG001  it has no width and no tables
    """Return one run, the same for the same findings."""
    found = needed(report.findings)
    run: Json = {
        "tool": {
            "driver": {
                "name": "hub2ar",
                "version": __version__,
                "informationUri": _HOME,
                "rules": [_rule(each) for each in found.criteria],
            }
        },
        "automationDetails": {"id": "hub2ar/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "columnKind": "utf16CodeUnits" if found.measured else "unicodeCodePoints",
        "results": [_result(each, found) for each in found.found],
    }
    document: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2) + "\n"


def _rule(criterion: Criterion) -> Json:
    words = WORDS[criterion]
    level = _level(criterion)
    return {
        "id": criterion.value,
        "name": words.name,
        "shortDescription": {"text": words.title},
        "fullDescription": {"text": words.meaning},
        "help": {"text": words.text, "markdown": f"{words.meaning}\n\n{words.remedy}"},
        "helpUri": f"{DOCS}#{criterion}",
        "defaultConfiguration": {"level": level.value},
        "properties": {
            "tags": ["containers", "supply-chain"],
            "precision": "high",
            "problem.severity": level.value,
        },
    }


def _level(criterion: Criterion) -> Level:
    return Level.WARNING if criterion is Criterion.UNRESOLVED else Level.ERROR


def _result(finding: Finding, findings: Findings) -> Json:
    result: dict[str, Json] = {
        "ruleId": finding.criterion.value,
        "ruleIndex": findings.criteria.index(finding.criterion),
        "level": finding.level.value,
        "message": {"text": _message(finding.said)},
        "locations": [{"physicalLocation": {**_file(finding.site), "region": _region(finding.site.region)}}],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
    }
    if findings.compared:
        result["baselineState"] = "new"
    if finding.edits:
        result["fixes"] = [
            {
                "description": {"text": _message(finding.advice)},
                "artifactChanges": [*_changes(finding.edits)],
            }
        ]
    return result


def _message(text: str) -> str:
    """Return a text that no viewer takes for a link (section 3.11.6), as a path or a tag may try to be."""
    said = visible(text)
    return said.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in said else said


def _file(site: Site) -> dict[str, Json]:
    absolute = site.uri.startswith("file://")
    return {"artifactLocation": {"uri": site.uri} if absolute else {"uri": site.uri, "uriBaseId": _ROOT}}


def _region(region: Region) -> Json:
    """Return a region in the units that the run names: without texts nothing is wide."""
    found: dict[str, Json] = {"startLine": region.line}
    if region.column:
        found["startColumn"] = region.column + region.wide
    if region.end_line:
        found |= {"endLine": region.end_line, "endColumn": region.end_column + region.end_wide}
    return found


def _changes(edits: tuple[Replacement, ...]) -> Iterator[Json]:
    """Yield what changes in each file."""
    for _, own in groupby(edits, key=lambda each: each.site.uri):
        changed = list(own)
        replacements: list[Json] = [
            {"deletedRegion": _region(each.site.region), "insertedContent": {"text": each.new}}
            for each in changed
        ]
        yield {**_file(changed[0].site), "replacements": replacements}


WRITER = Writer(name="sarif", suffix=".sarif", write=write, findings=True)
