"""Heads of requests and answers: what two readers could take in two ways is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import RegistryError
from planner.registries._transport_faults import NotHTTP
from planner.registries._transport_head import Head, authority, read_head, request_head, target

LINES = st.lists(st.text(st.characters(max_codepoint=255), max_size=20), max_size=6)


def read(*lines: str, method: str = "GET") -> Head:
    return read_head("\r\n".join(lines).encode(), method)


def test_headers_are_found_without_case_and_without_space_around_them():
    head = read("HTTP/1.1 200 OK", "Content-Length:  5\t", "X-Empty:", "Via: a", "via: b")
    assert (head.status, head.length, head.kept) == (200, 5, True)
    assert head.headers.get("x-empty") == ""
    assert head.headers.all("via") == ("a", "b")


@pytest.mark.parametrize(
    "lines",
    [
        ("HTTP/2 200",),
        ("HTTP/1.1 20",),
        ("HTTP/1.1 200 OK", " folded: x"),
        ("HTTP/1.1 200 OK", "a: b", "\tgoes on"),
        ("HTTP/1.1 200 OK", "no colon"),
        ("HTTP/1.1 200 OK", "space : before colon"),
        ("HTTP/1.1 200 OK", "a: b\nc: d"),
        ("HTTP/1.1 200 OK", "a: b\rc"),
        ("HTTP/1.1 200 OK", "a: \0"),
        ("HTTP/1.1 200 OK", "Content-Length: 1", "Content-Length: 2"),
        ("HTTP/1.1 200 OK", "Content-Length: 1", "Content-Length: 1"),
        ("HTTP/1.1 200 OK", "Content-Length: 1, 1"),
        ("HTTP/1.1 200 OK", "Content-Length: +1"),
        ("HTTP/1.1 200 OK", "Content-Length: ٣"),
        ("HTTP/1.1 200 OK", "Content-Length: 5", "Transfer-Encoding: chunked"),
        ("HTTP/1.1 200 OK", "Transfer-Encoding: gzip, chunked"),
        ("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
        ("HTTP/1.0 200 OK", "Transfer-Encoding: chunked"),
    ],
)
def test_what_is_doubtful_is_no_answer(lines: tuple[str, ...]):
    with pytest.raises(NotHTTP):
        read(*lines)


@pytest.mark.parametrize(
    ("line", "method", "length"),
    [
        ("HTTP/1.1 200 OK", "HEAD", 0),
        ("HTTP/1.1 204 No Content", "DELETE", 0),
        ("HTTP/1.1 304 Not Modified", "GET", 0),
        ("HTTP/1.1 200 Connected", "CONNECT", 0),
        ("HTTP/1.1 407 No", "CONNECT", 9),
        ("HTTP/1.1 200 OK", "GET", 9),
    ],
)
def test_some_answers_have_no_body_whatever_they_say(line: str, method: str, length: int):
    assert read(line, "Content-Length: 9", method=method).length == length


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (("HTTP/1.1 200 OK", "Content-Length: 0"), True),
        (("HTTP/1.1 200 OK", "Content-Length: 0", "Connection: Close"), False),
        (("HTTP/1.0 200 OK", "Content-Length: 0"), False),
        (("HTTP/1.0 200 OK", "Content-Length: 0", "Connection: Keep-Alive"), True),
        (("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked"), True),
        (("HTTP/1.1 200 OK",), False),
    ],
)
def test_connection_is_kept_where_the_end_of_the_answer_is_known(lines: tuple[str, ...], kept: bool):
    assert read(*lines).kept is kept


@given(LINES)
def test_any_text_is_a_head_whose_lines_are_all_told_or_none(lines: list[str]):
    text = "\r\n".join(("HTTP/1.1 200 OK", *lines))
    try:
        head = read_head(text.encode(), "GET")
    except NotHTTP:
        return
    assert len(head.headers.items) == text.count("\r\n")


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://r.example", "/"),
        ("http://r.example/v2/?n=1#x", "/v2/?n=1"),
        ("https://r.example:5000?a=/b", "/?a=/b"),
        ("https://r.example/a?b=http://c/d", "/a?b=http://c/d"),
        ("https://r.example#f", "/"),
    ],
)
def test_request_asks_for_path_and_query(url: str, asked: str):
    assert target(url) == asked


def test_host_is_named_with_a_port_that_is_not_the_usual_one():
    assert authority(("https", "r.example", 443)) == "r.example"
    assert authority(("https", "r.example", 80)) == "r.example:80"
    assert authority(("http", "::1", 5000)) == "[::1]:5000"


@pytest.mark.parametrize("value", ["a\r\nb: c", "a\nb", "a\0"])
def test_header_that_would_be_two_is_not_sent(value: str):
    with pytest.raises(RegistryError, match="header X cannot be sent"):
        request_head("GET", "/", ("http", "r.example", 80), (("X", value),))
