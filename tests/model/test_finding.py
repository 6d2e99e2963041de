"""Findings: what they say, and addresses of the files they are in."""

from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.finding import Criterion, Finding, Level, Region, Site, uri_of

SITE = Site("a", "a", Region(1))


def test_what_is_said_is_the_message_and_the_advice():
    finding = Finding(Criterion.NEW, Level.ERROR, "s", "it is wrong", "do that", SITE, "f")
    assert finding.said == "it is wrong; do that"
    assert Finding(Criterion.NEW, Level.ERROR, "s", "it is wrong", "", SITE, "f").said == "it is wrong"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/c.yaml", "a%20b/c.yaml"),
        ("50%#1?.tf", "50%25%231%3F.tf"),
        ("caf\udce9/Dockerfile", "caf%E9/Dockerfile"),
        ("é", "%C3%A9"),
        ("a:b", "a%3Ab"),
        ("/x/y", "file:///x/y"),
        ("a\nb", "a%0Ab"),
    ],
)
def test_address_of_a_path(path, uri):
    assert uri_of(path) == uri


@given(st.binary(min_size=1, max_size=30).filter(lambda name: b"\0" not in name and name[:1] != b"/"))
def test_address_is_a_relative_reference_that_gives_the_bytes_back(name):
    uri = uri_of(name.decode("utf-8", "surrogateescape"))
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert unquote_to_bytes(uri) == name
    assert uri.isascii()
