"""SARIF as its schema has it, and as a viewer uses it: places, and fixes that give the very text."""

import json
from functools import cache
from pathlib import Path

import pytest
from gated import HUB, NEW, UNRESOLVED, finding, found, gate, rendered, repaired, site, written
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import FormatChecker
from jsonschema.validators import validator_for

from planner.model.finding import Level, Region, Replacement, Site
from reports.writers.sarif import FINGERPRINT, SCHEMA

TARGET = "us-docker.pkg.dev/acme/hub"
HOSTILE = "a b/50%#1 caf\udce9:[x](https://example.com)\n\u202e.yaml"


@cache
def validator():
    schema = json.loads((Path(__file__).parent / "schemas/sarif-schema-2.1.0.json").read_text())
    assert schema["id"] == SCHEMA
    return validator_for(schema)(schema, format_checker=FormatChecker())


def run(findings):
    document = json.loads(rendered("sarif", findings))
    validator().validate(document)
    (only,) = document["runs"]
    return only


def region(result):
    return result["locations"][0]["physicalLocation"]["region"]


def test_document_without_findings_is_valid_and_names_what_was_asked():
    said = run(found(criteria=(HUB, NEW, UNRESOLVED)))
    assert [each["id"] for each in said["tool"]["driver"]["rules"]] == ["docker-hub", "new", "unresolved"]
    assert said["results"] == []


def test_rule_says_what_it_means_and_where_that_is_told():
    (rule,) = run(found())["tool"]["driver"]["rules"]
    assert rule["helpUri"].endswith("docs/gate.md#docker-hub")
    assert rule["help"]["text"]
    assert "hub2ar: ignore" in rule["help"]["markdown"]


def test_result_has_its_rule_level_place_and_fingerprint():
    each = finding(criterion=UNRESOLVED, level=Level.WARNING)
    (result,) = run(found(each, criteria=(HUB, UNRESOLVED), measured=True))["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("unresolved", 1, "warning")
    assert region(result) == {"startLine": 3, "startColumn": 6, "endLine": 3, "endColumn": 11}
    assert result["partialFingerprints"] == {FINGERPRINT: each.fingerprint}
    assert "baselineState" not in result


def test_what_a_baseline_does_not_have_is_new():
    (result,) = run(found(finding(), compared=True))["results"]
    assert result["baselineState"] == "new"


def test_columns_are_in_the_unit_that_is_named():
    wide = Site("a", "a", Region(1, 5, 1, 9, 2, 3))
    said = run(found(finding(site=wide), measured=True))
    assert said["columnKind"] == "utf16CodeUnits"
    assert region(said["results"][0]) == {"startLine": 1, "startColumn": 7, "endLine": 1, "endColumn": 12}
    assert run(found(finding()))["columnKind"] == "unicodeCodePoints"


def test_file_without_a_column_has_a_line_alone():
    (result,) = run(found(finding(site=Site("a", "a", Region(4)))))["results"]
    assert region(result) == {"startLine": 4}


def test_place_of_a_hostile_name_is_encoded_and_relative_to_the_root():
    (result,) = run(found(finding(site=site(HOSTILE))))["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uriBaseId"] == "%SRCROOT%"
    assert place["uri"].startswith(
        "a%20b/50%25%231%20caf%E9%3A%5Bx%5D%28https%3A//example.com%29%0A%E2%80%AE"
    )


def test_file_outside_the_repository_is_absolute():
    (result,) = run(found(finding(site=site("/srv/a"))))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///srv/a"}


def test_message_is_no_link():
    (result,) = run(found(finding(message="see [here](https://example.com) \\ \u202e")))["results"]
    assert result["message"]["text"] == "see \\[here\\](https://example.com) \\\\ \\\\u202e; write X"


def test_fix_names_each_file_once_with_its_replacements():
    other = Site("b", "b", Region(1, 1, 1, 1))
    edits = (Replacement(site("a", 1), "x"), Replacement(site("a", 2), "y"), Replacement(other, "z"))
    ((fix,),) = (each["fixes"] for each in run(found(finding(edits=edits)))["results"])
    assert [each["artifactLocation"]["uri"] for each in fix["artifactChanges"]] == ["a", "b"]
    assert [len(each["replacements"]) for each in fix["artifactChanges"]] == [2, 1]


TEXTS = [
    ("Dockerfile", "FROM nginx:1 AS web\nFROM web\n"),
    ("Dockerfile", "\ufeffFROM nginx:1\r\nCOPY --from=alpine:3 a b\r\n"),
    (
        "compose.yaml",
        "services:\n  '🦊': {image: nginx:1, labels: ['🦊']}\n  b: {labels: {a: '🦊'}, image: redis}\n",
    ),
    ("Dockerfile", "ARG REGISTRY=docker.io\nFROM ${REGISTRY}/library/python:3\n"),
    ("kustomization.yaml", "resources: [a.yaml]\nimages:\n  - name: nginx\n    newTag: '1'\n"),
    ("values.yaml", "image:\n  registry: docker.io\n  repository: bitnami/redis\n  tag: '7'\n"),
]


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_fixes_of_all_places_give_text_that_names_nothing_to_move(tmp_path, name, text):
    root = written(tmp_path, {name: text})
    results = run(gate(root, HUB))["results"]
    assert results
    changes = {
        (json.dumps(each["deletedRegion"]), each["insertedContent"]["text"])
        for result in results
        for change in result["fixes"][0]["artifactChanges"]
        for each in change["replacements"]
    }
    body = text.removeprefix("\ufeff")
    after = repaired(body, [(json.loads(where), new) for where, new in changes])
    written(root, {name: text[: len(text) - len(body)] + after})
    assert gate(root, HUB).found == ()
    assert TARGET in after or "us-docker.pkg.dev" in after


@given(st.text(), st.text(), st.binary(min_size=1).filter(lambda each: b"\0" not in each))
def test_any_text_makes_a_valid_document(message, advice, path):
    where = site(path.decode("utf-8", "surrogateescape"))
    run(found(finding(message=message, advice=advice, site=where, subject=message)))


def test_same_findings_make_the_same_document():
    assert rendered("sarif", found(finding(1), finding(2))) == rendered(
        "sarif", found(finding(1), finding(2))
    )
