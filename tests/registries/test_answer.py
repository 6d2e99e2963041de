"""What a refusal says."""

import pytest
from frugal import ends
from hypothesis import given
from hypothesis import strategies as st

from planner.registries.answer import Answer, Headers, clean, text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"errors":[{"code":"DENIED","message":"no right"}]}', "403 DENIED: no right"),
        (b'{"errors":[{"code":"A","message":"b"},{"code":"C","message":""}]}', "403 A: b; C"),
        (b'{"details":"incorrect username or password"}', "403 incorrect username or password"),
        (b'{"message":"gone","request_id":1}', "403 gone"),
        (b"<html><head><title>x</title></head><body>Bad\n\nGateway</body></html>", "403 Bad Gateway"),
        (b'{"errors": "all of them"}', '403 {"errors": "all of them"}'),
        (b"", "403"),
        (b"[" * 60_000, "403 " + "[" * 299 + "…"),
        (b"a<script>b<c>d</script >e<STYLE x>f</style>g<head>h", "403 a e g"),
        (b"1 < 2 <b>3</b", "403 1 < 2 3</b"),
    ],
)
def test_refusal_is_one_line(body, said):
    assert text(Answer(403, "", body=body)) == said


@pytest.mark.parametrize("part", ["<script ", "<script>", "<head>", "<", "</head", "<a"])
def test_markup_of_a_hostile_refusal_is_read_once(part):
    code = f"""
from planner.registries.answer import LARGEST_ERROR, Answer, text
body = ({part!r} * LARGEST_ERROR)[:LARGEST_ERROR].encode()
for _ in range(50):
    text(Answer(500, "", body=body))
"""
    assert ends(code)


@given(st.text())
def test_foreign_text_cannot_move_the_cursor(said):
    line = clean("\x1b[2J\u202e" + said)
    assert line.isprintable() or not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in line)
    assert len(line) <= 300


def test_headers_are_found_whatever_their_case():
    headers = Headers((("WWW-Authenticate", "a"), ("www-authenticate", "b")))
    assert headers.all("www-authenticate") == ("a", "b")


def test_answer_does_not_print_its_content():
    answer = Answer(200, "https://cdn.example/?signature=hidden", Headers((("a", "hidden"),)), b"hidden")
    assert "hidden" not in repr(answer)
