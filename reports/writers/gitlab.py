"""GitLab: findings as a Code Quality report, which merge requests show beside the code.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

import json

from planner.model.finding import Level
from reports.findings import needed, path_of
from reports.section import Report
from reports.writers._base import Layout, Writer, visible

_SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor"}


def write(report: Report, layout: Layout) -> str:  # noqa: ARG001  it has no width and no tables
    """Return an array of issues; an empty one tells GitLab that what was there is fixed."""
    issues = [
        {
            "type": "issue",
            "check_name": each.criterion.value,
            "description": visible(each.said),
            "categories": ["Compatibility"],
            "severity": _SEVERITIES[each.level],
            "fingerprint": each.fingerprint,
            "location": {"path": path_of(each), "lines": {"begin": each.site.region.line}},
        }
        for each in needed(report.findings).found
    ]
    return json.dumps(issues, indent=2) + "\n"


WRITER = Writer(name="gitlab", suffix=".json", write=write, findings=True)
