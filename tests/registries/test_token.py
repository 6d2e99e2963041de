"""Asking for bearer tokens."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import RegistryError
from planner.registries._credential import Credential
from planner.registries._token import Realm, Token, read_token, token_request
from planner.registries.answer import Answer, Headers

REALM = Realm("https://auth.example/token", "r.example")
HOME = "https://r.example"


def test_each_scope_is_a_parameter():
    request = token_request(REALM, ("repository:a/b:pull,push", "repository:c:pull"), None, HOME)
    assert request.url == (
        "https://auth.example/token?service=r.example&scope=repository:a/b:pull,push&scope=repository:c:pull"
    )


def test_query_of_a_realm_is_kept():
    request = token_request(
        Realm("https://auth.example/token?account=x", ""), ("repository:a:pull",), None, HOME
    )
    assert request.url == "https://auth.example/token?account=x&scope=repository:a:pull"


def test_service_cannot_add_parameters():
    request = token_request(Realm("https://auth.example/token", "x&scope=repository:a:push"), (), None, HOME)
    assert request.url == "https://auth.example/token?service=x%26scope%3Drepository:a:push"


def test_what_a_challenge_holds_goes_back_as_it_came():
    """The head of an answer may hold any bytes; what is no UTF-8 is a surrogate in its text."""
    service = b"caf\xe9".decode("utf-8", "surrogateescape")
    asked = token_request(Realm("https://auth.example/token", service), (service,), None, HOME)
    assert asked.url == "https://auth.example/token?service=caf%E9&scope=caf%E9"
    form = token_request(
        Realm("https://a.example/", service), (), Credential("", "r", is_refresh_token=True), HOME
    )
    assert b"service=caf%E9&" in form.body


def test_password_goes_into_the_header():
    request = token_request(REALM, (), Credential("me", "secret"), HOME)
    assert ("Authorization", "Basic bWU6c2VjcmV0") in request.headers


def test_refresh_token_goes_into_a_form():
    request = token_request(REALM, ("a", "b"), Credential("", "r/t", is_refresh_token=True), HOME)
    assert request.method == "POST"
    assert (
        request.body
        == b"grant_type=refresh_token&service=r.example&scope=a+b&client_id=hub2ar&refresh_token=r%2Ft"
    )


@pytest.mark.parametrize(
    ("given", "token"),
    [
        ({"token": "t", "expires_in": 300}, Token("t", 1240.0)),
        ({"access_token": "t", "expires_in": "100"}, Token("t", 1080.0)),
        ({"token": "t"}, Token("t", 1048.0)),
        ({"token": "t", "expires_in": 0}, Token("t", 1048.0)),
        ({"token": "t", "expires_in": "soon"}, Token("t", 1048.0)),
        ({"token": "t", "expires_in": {}, "issued_at": 1700000000}, Token("t", 1048.0)),
        (
            {"token": "t", "access_token": "u", "expires_in": 10, "issued_at": "1999-01-01T00:00:00Z"},
            Token("t", 1008.0),
        ),
    ],
)
def test_token_is_old_after_four_fifths_of_its_life(given, token):
    assert read_token(Answer(200, "", body=json.dumps(given).encode()), asked=1000.0) == token


@pytest.mark.parametrize(
    ("date", "issued", "old_at"),
    [
        ("Mon, 30 Nov 2026 12:03:20 GMT", "2026-11-30T12:00:00Z", 1080.0),  # made 200 s ago
        ("Mon, 30 Nov 2026 12:03:20 GMT", "2026-11-30T13:00:00+01:00", 1080.0),
        ("Mon, 30 Nov 2026 12:00:00 GMT", "2026-11-30T12:00:09Z", 1240.0),  # its clocks differ
        ("Mon, 30 Nov 2026 12:00:00 GMT", "2020-01-01T00:00:00Z", 1240.0),
        ("Mon, 30 Nov 2026 12:00:00 GMT", "then", 1240.0),
        ("Mon, 30 Nov 2026 12:00:00 GMT", "2026-11-30T12:00:00", 1240.0),
        ("now", "2026-11-30T12:00:00Z", 1240.0),
        ("Mon, 23 Nov 99999999999999999999 12:00:30 GMT", "2026-11-30T12:00:00Z", 1240.0),
        ("", "2026-11-30T12:00:00Z", 1240.0),
    ],
)
def test_age_of_a_token_is_told_by_the_server_s_own_clock(date, issued, old_at):
    body = json.dumps({"token": "t", "expires_in": 300, "issued_at": issued}).encode()
    answer = Answer(200, "", Headers((("Date", date),)), body)
    assert read_token(answer, asked=1000.0) == Token("t", old_at)


@pytest.mark.parametrize("life", ["nan", "inf", "-5", "1e300"])
def test_life_that_cannot_be_is_the_usual_one(life):
    body = f'{{"token": "t", "expires_in": "{life}"}}'.encode()
    assert read_token(Answer(200, "", body=body), asked=0) == Token("t", 48.0)


@given(
    st.binary(max_size=60) | st.from_regex(rb'\{"(token|expires_in|issued_at)": [^}]{0,30}\}', fullmatch=True)
)
def test_whatever_comes_back_is_a_token_or_one_error(body):
    try:
        token = read_token(Answer(200, "", body=body), asked=0)
    except RegistryError:
        return
    assert token.value.isprintable()


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'{"token": 5}', b'{"token": "hidden\\r\\nX: y"}', b'{"token": "hidden token"}'],
)
def test_what_is_no_token_is_refused_without_quoting_it(body):
    with pytest.raises(RegistryError) as caught:
        read_token(Answer(200, "", body=body), asked=0)
    assert "hidden" not in repr(caught.value)


def test_nothing_prints_a_secret():
    credential = Credential("me", "hidden")
    request = token_request(REALM, (), credential, HOME)
    assert "hidden" not in f"{Token('hidden', 0)!r} {request!r} {credential!r}"
    assert credential.basic.partition(" ")[2] not in repr(request)
