"""The grammar of WWW-Authenticate."""

import pytest
from frugal import ends
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.registries._challenge import Challenge, challenges


def test_bearer_challenge_has_its_parameters():
    header = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"'
    assert challenges([header]) == (
        Challenge(
            "bearer",
            {
                "realm": "https://auth.docker.io/token",
                "service": "registry.docker.io",
                "scope": "repository:a/b:pull,push",
            },
        ),
    )


def test_one_header_can_hold_several_challenges():
    header = 'Negotiate, Basic realm="GitHub Package Registry", Bearer realm="https://r.example/token"'
    assert [challenge.scheme for challenge in challenges([header])] == ["negotiate", "basic", "bearer"]


def test_several_headers_are_read_in_their_order():
    assert [c.scheme for c in challenges(["Basic realm=a", "Bearer realm=b"])] == ["basic", "bearer"]


@pytest.mark.parametrize(
    ("header", "realm"),
    [
        ('BEARER REALM="x"', "x"),
        ('Bearer  realm = "x" ', "x"),
        ("Bearer realm=x", "x"),
        (r'Bearer realm="a\"b"', 'a"b'),
        ('Bearer realm="a,b=c"', "a,b=c"),
        ('Bearer ,realm="x"', "x"),
        ('Bearer service="s", realm="x"', "x"),
        ('Bearer realm="x", realm="y"', "x"),
        ('Bearer realm=""', ""),
        ("Bearer", ""),
    ],
)
def test_realm_is_read(header, realm):
    assert challenges([header])[0].get("realm") == realm


def test_credentials_of_another_scheme_are_passed_over():
    found = challenges(['Negotiate dGVzdA==, Bearer realm="x"'])
    assert found == (Challenge("negotiate"), Challenge("bearer", {"realm": "x"}))


@given(st.text(alphabet='Bearer realm="x\\,= \t;()', max_size=60))
@settings(max_examples=300)
def test_no_header_stops_the_reader(header):
    assert isinstance(challenges([header]), tuple)


_NAMES = st.text(alphabet="abcdefgh", min_size=1, max_size=6)
_VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)


@given(
    st.lists(
        st.tuples(_NAMES, st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=3)), min_size=1, max_size=3
    )
)
@settings(max_examples=150)
def test_what_is_written_by_the_grammar_is_read_back(written):
    def quoted(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    header = ", ".join(
        f"{scheme} " + ", ".join(f"{name}={quoted(value)}" for name, value in parameters.items())
        for scheme, parameters in written
    )
    assert [(found.scheme, found.parameters) for found in challenges([header])] == written


@pytest.mark.parametrize("part", [",", " ,", "=,", "a ,", ", ="])
@pytest.mark.parametrize("beginning", ["", "Bearer "])
def test_hostile_header_is_read_once(beginning, part):
    code = f"""
from planner.registries._challenge import challenges
header = {beginning!r} + {part!r} * 30_000
for _ in range(50):
    challenges([header] * 7)
"""
    assert ends(code)
