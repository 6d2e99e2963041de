"""JUnit as a CI service reads it."""

from xml.etree import ElementTree

from gated import HUB, NEW, UNRESOLVED, finding, found, rendered, site
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml


def suites(findings):
    return list(JUnitXml.fromstring(rendered("junit", findings).encode()))


def test_finding_is_a_failed_case_of_its_criterion():
    (suite,) = suites(found(finding()))
    assert (suite.name, suite.tests, suite.failures, suite.errors) == ("hub2ar.docker-hub", 1, 1, 0)
    (case,) = suite
    assert (case.classname, case.name) == ("web/Dockerfile", "docker.io/library/nginx:1 (web/Dockerfile:3)")
    (failure,) = case.result
    assert (failure.type, failure.message) == ("Image that is not moved", "it is wrong; write X")
    assert failure.text == "web/Dockerfile:3:6: error: it is wrong; write X [docker-hub]"


def test_criterion_without_findings_has_passed():
    first, second = suites(found(finding(), criteria=(HUB, NEW)))
    assert [(case.name, case.is_passed) for case in second] == [("new", True)]
    assert (first.failures, second.failures) == (1, 0)


def test_counts_are_those_of_all_suites():
    root = ElementTree.fromstring(
        rendered("junit", found(finding(1), finding(2), criteria=(HUB, UNRESOLVED)))
    )
    assert root.attrib == {"name": "hub2ar", "tests": "3", "failures": "2"}


@given(st.text(), st.text(), st.binary(min_size=1).filter(lambda each: b"\0" not in each))
def test_any_text_makes_a_document_that_reads_back(message, subject, path):
    where = site(path.decode("utf-8", "surrogateescape"))
    (suite,) = suites(found(finding(message=message, subject=subject, site=where)))
    ((failure,),) = (case.result for case in suite)
    assert failure.text.endswith("; write X [docker-hub]")


def test_control_character_is_written_out():
    (suite,) = suites(found(finding(message="a\x00\x1b[31m\ufffe]]>&")))
    ((failure,),) = (case.result for case in suite)
    assert failure.message == "a\\x00\\x1b[31m\\ufffe]]>&; write X"
