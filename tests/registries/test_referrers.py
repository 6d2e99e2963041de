"""The tags that stand in for a list of referrers, and what an index under one of them becomes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import RegistryError
from planner.registries.manifest import OCI_INDEX, OCI_MANIFEST, Manifest, digest_of, read
from planner.registries.referrers import about, described, fallback, merged

DIGITS = "0123456789abcdef" * 4


def artifact(name: str, **more: object) -> Manifest:
    empty = {"mediaType": "application/vnd.example.config", "digest": f"sha256:{DIGITS}", "size": 2}
    content = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": empty, "layers": [], **more}
    body = json.dumps(content | {"annotations": {"name": name}}).encode()
    return read(body, OCI_MANIFEST, digest_of(body))


@pytest.mark.parametrize(
    ("digest", "tag"),
    [
        (f"sha256:{DIGITS}", f"sha256-{DIGITS}"),
        (f"sha512:{DIGITS}{'f' * 64}", f"sha512-{DIGITS}"),  # a tag has 128 characters at most
    ],
)
def test_tag_of_a_list_is_made_from_the_digest(digest: str, tag: str):
    assert fallback(digest) == tag == about(tag)


@pytest.mark.parametrize("ending", [".sig", ".att", ".sbom", ".cosign.bundle"])
def test_tag_with_an_ending_belongs_to_the_same(ending: str):
    assert about(f"sha256-{DIGITS}{ending}") == f"sha256-{DIGITS}"


@pytest.mark.parametrize(
    "tag",
    ["latest", f"sha256-{DIGITS}x", f"sha256-{DIGITS[1:]}", f"md5-{DIGITS}", f"sha256-{DIGITS.upper()}"],
)
def test_other_tags_belong_to_nothing(tag: str):
    assert about(tag) == ""


def test_entry_has_the_type_and_the_annotations_of_its_manifest():
    made = artifact("x", artifactType="application/vnd.example.sbom")
    assert described(made) == {
        "mediaType": OCI_MANIFEST,
        "digest": made.digest,
        "size": len(made.body),
        "artifactType": "application/vnd.example.sbom",
        "annotations": {"name": "x"},
    }


def test_type_is_that_of_the_configuration_where_no_other_is_told():
    assert described(artifact("x"))["artifactType"] == "application/vnd.example.config"


def test_image_is_no_list():
    with pytest.raises(RegistryError, match="is no index"):
        merged(artifact("x"), [artifact("y")])


NAMES = st.lists(st.text(alphabet="abcdef", min_size=1, max_size=2), max_size=6)


@given(NAMES, NAMES)
def test_merging_keeps_what_is_there_and_adds_each_once(first: list[str], then: list[str]):
    index = merged(None, [artifact(name) for name in dict.fromkeys(first)])
    added = [artifact(name) for name in dict.fromkeys(then)]
    more = merged(index, added)
    before = [child.digest for child in index.children] if index else []
    new = [each.digest for each in added if each.digest not in before]
    assert (more is None) == (not new)
    if more:
        assert [child.digest for child in more.children] == before + new
        assert (more.media_type, merged(more, added)) == (OCI_INDEX, None)
