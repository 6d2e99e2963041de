"""GitLab's Code Quality report: what its merge requests need, whatever stands in the code."""

import json

from gated import UNRESOLVED, finding, found, rendered, site
from hypothesis import given
from hypothesis import strategies as st

from planner.model.finding import Level


def issues(findings):
    return json.loads(rendered("gitlab", findings))


def test_issue_has_all_that_gitlab_asks_for():
    (issue,) = issues(found(finding(7)))
    assert issue["description"] == "it is wrong; write X"
    assert (issue["check_name"], issue["severity"]) == ("docker-hub", "major")
    assert issue["fingerprint"] == f"{7:032x}"
    assert issue["location"] == {"path": "web/Dockerfile", "lines": {"begin": 3}}


def test_doubt_is_minor():
    each = finding(criterion=UNRESOLVED, level=Level.WARNING)
    assert issues(found(each, criteria=(UNRESOLVED,)))[0]["severity"] == "minor"


def test_without_findings_it_is_an_empty_list():
    assert issues(found()) == []


def test_path_is_the_name_of_the_file_and_no_address():
    (issue,) = issues(found(finding(site=site("a b/50%#1.yaml"))))
    assert issue["location"]["path"] == "a b/50%#1.yaml"


@given(st.text(), st.binary(min_size=1).filter(lambda each: b"\0" not in each))
def test_any_text_makes_an_issue_on_one_line(message, path):
    where = site(path.decode("utf-8", "surrogateescape"))
    (issue,) = issues(found(finding(message=message, site=where)))
    assert len(issue["description"].splitlines()) == 1
