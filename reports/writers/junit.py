"""JUnit: findings as failed tests, which nearly every CI service shows.

A suite for each criterion that was asked for, with a case for each finding; where there is none, the
criterion itself is a case that has passed. https://github.com/testmoapp/junitxml
"""

import re
from xml.etree import ElementTree

from planner.model.finding import Criterion, Finding, Findings
from reports.findings import WORDS, line_of, needed, path_of
from reports.section import Report
from reports.writers._base import Layout, Writer, visible

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no character of XML 1.0


def write(report: Report, layout: Layout) -> str:  # noqa: ARG001  it has no width and no tables
    """Return a document of suites."""
    found = needed(report.findings)
    number = len(found.found)
    root = ElementTree.Element("testsuites", name="hub2ar", tests=str(number or 1), failures=str(number))
    suites = [_suite(each, found) for each in found.criteria]
    root.set("tests", str(sum(len(suite) for suite in suites)))
    root.extend(suites)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(criterion: Criterion, findings: Findings) -> ElementTree.Element:
    own = [each for each in findings.found if each.criterion is criterion]
    counts = {"tests": str(len(own) or 1), "failures": str(len(own)), "errors": "0", "skipped": "0"}
    suite = ElementTree.Element("testsuite", {"name": f"hub2ar.{criterion}", **counts})
    if not own:
        ElementTree.SubElement(suite, "testcase", {"classname": "hub2ar", "name": criterion.value})
    suite.extend(map(_case, own))
    return suite


def _case(finding: Finding) -> ElementTree.Element:
    path, line = _text(path_of(finding)), str(finding.site.region.line)
    name = f"{finding.subject} ({path}:{line})"
    case = ElementTree.Element(
        "testcase", {"classname": path, "name": _text(name), "file": path, "line": line}
    )
    kind = {"type": WORDS[finding.criterion].title, "message": _text(finding.said)}
    ElementTree.SubElement(case, "failure", kind).text = _text(line_of(finding))
    return case


def _text(text: str) -> str:
    """Return a text that XML can hold: what it cannot is written out."""
    return _NO_XML.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), visible(text))


WRITER = Writer(name="junit", suffix=".xml", write=write, findings=True)
