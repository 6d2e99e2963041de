"""Dockerfile: what holds for any text, and agreement with BuildKit's own parser.

The parser is that of the `dockerfile` package, which is older than what we follow: it does not know `<< EOF`
with a space, `# check=`, nor an escape directive in flags, and takes a JSON array with text after it for one.
"""

import re

import dockerfile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._dockerfile_directives import header
from planner.formats._dockerfile_flags import flags, words
from planner.formats._dockerfile_lines import instructions
from planner.formats._dockerfile_patterns import matches, prefix, suffix, tokens
from planner.formats.dockerfile import extract
from planner.model.source import SourceFile, Text

Read = list[tuple[str, tuple[str, ...], tuple[str, ...]]]  # keyword, flags, arguments of FROM


def ours(text: str) -> Read | None:
    """Return the instructions we read, None where one of them is refused."""
    head = header(text)
    read: Read = []
    for each in instructions(text, head.escape):
        line, found = each.line, flags(each.line, each.rest, head.escape)
        arguments = tuple(line.text[start:stop] for start, stop in words(line, found.end))
        written = tuple(flag.written.text.rstrip() for flag in found.flags)
        read.append((each.keyword, written, arguments if each.keyword == "from" else ()))
        if each.problem:
            return None
    return read if not head.problems else None


def theirs(text: str) -> Read | None:
    try:
        commands = dockerfile.parse_string(text)
    except dockerfile.GoParseError:
        return None
    named = [(command, (command.cmd or "").lower()) for command in commands]
    return [
        (
            name,
            tuple(flag.rstrip() for flag in command.flags),
            tuple(filter(None, command.value)) if name == "from" else (),
        )
        for command, name in named
        if name
    ]


TRICKY = {
    "comments and empty lines inside": "FROM \\\n# c\n  a:3 \\\n\n  # d\n  AS b\nFROM b\n",
    "keyword over two lines": "FR\\\nOM a\nCO\\\r\nPY --fr\\\nom=x a b\n",
    "backtick": "# escape=`\nFROM a `\n AS b\nRUN dir c:\\\nFROM b\n",
    "indented escape": "  # escape = `\r\nFROM a `\r\n AS b\r\n",
    "escape after a comment": "# c\n# escape=`\nFROM a \\\n AS b\n",
    "byte order mark": "\ufeffFROM a\r\nRUN x\r\n",
    "here-documents": 'FROM a\nCOPY <<A <<-"B" /x/\nFROM c\nA\nFROM d\n\tB\nFROM f\n',
    "here-document with a number": "FROM a\nRUN 3<<EOF cat\nFROM e\nEOF\nFROM f\n",
    "no here-documents": "FROM a\nRUN cat <<<EOF\nRUN echo \"<<EOF\" $((1<<2))\nCMD <<EOF\nFROM b\n",
    "here-document with a comment in quotes": "FROM a\nRUN <<E # it's\nFROM b\n",
    "here-document in a list": 'FROM a\nRUN ["x", "<<EOF"]\nFROM b\n',
    "onbuild": "FROM a\nONBUILD RUN <<EOF\nFROM b\nEOF\nONBUILD CMD <<EOF\nFROM c\n",
    "flags": "COPY --from='x' --chown=\\1 -- --from=y b\nRUN --mount=a=\"b c\" --x y --z\n",
    "flags of FROM": 'FROM --platform="a b" -- a\nFROM --a --b="c" d AS e\n',
    "double escape": "FROM a\nRUN x \\\\\nFROM b\nRUN y \\ \t\n z\n",
    "modified variables": "FROM a\nRUN ${V^^} <<EOF\nRUN ${V:0:1} <<EOF\nFROM b\nEOF\n",
    "white space": "\x0c FROM\x0ba\u00a0\n\u00a0FROM\tb\t\n",
    "nothing but an escape character": "FROM a\n\\\n\nRUN x\n",
}  # fmt: skip


@pytest.mark.parametrize("text", TRICKY.values(), ids=TRICKY.keys())
def test_instructions_are_those_of_buildkit(text):
    expected = theirs(text)
    assert expected is not None
    assert ours(text) == expected


# fmt: off
PIECES = st.sampled_from([
    "FROM", "RUN", "COPY", "ADD", "ONBUILD", "CMD", "ARG", " ", " ", "\t", "\n", "\n", "\r\n", "\\\n",
    "\\ \r\n", " ",
    "`\n", "`", "\\", "# c\n", "#", "\n\n", "a:3", "AS", "--from=x", "--mount=from=y,z", "--", '--p="a b"',
    "<<EOF", "<<-EOF", '<<"EOF"', "<<'A B'", "3<<A", "<<<x", "a<<b", "EOF\n", "\nEOF\n", "\n\tEOF\n", "\nA\n",
    "'", '"', "$", "${V}", "${V:-a b}", "${", "$((1<<2))", '["<<EOF"]', "[", "]", "=", "x", "\x0b", "\x0c",
])
FRAGMENTS = st.sampled_from([
    "\nFROM ", "\nARG V=", "\nCOPY --from=", "\nRUN --mount=from=", "\nONBUILD COPY --from=", "# syntax=",
    "\n", "$", "${", "${V", "${V:-", "${V#", "${V//", "/", "}", "$V", "*", "?", "'", '"', "\\", "\\\n", "`",
    "{{ x }}", "nginx:1", " AS b", "b", "@", ":", ",", "{", "{{", "<%", "<<", "<<EOF", "\nEOF", "é", "\udce9",
    "\x00", "\r",
])
# fmt: on
HEADS = st.sampled_from(
    ["", "\ufeff", "# escape=`\n", " # escape = `\r\n", "# syntax=x\n#escape=`\n", "#!x\n# escape=`\n"]
)
DOCKERFILES = st.builds(lambda head, body: head + "".join(body), HEADS, st.lists(PIECES, max_size=25))


@given(DOCKERFILES)
@settings(max_examples=400, deadline=None)
def test_what_buildkit_reads_we_read_alike(text):
    expected = theirs(text)
    escaped_flag = header(text).escape == "`" and re.search(r"--[^\n]*[`\\]", text)
    known_difference = escaped_flag or "]" in text
    if expected is not None and not known_difference:
        assert [each for each in ours(text) or () if each[0]] == expected


# any text

TEXTS = st.one_of(
    st.text(max_size=60),
    st.builds(lambda head, body: head + "FROM a" + "".join(body), HEADS, st.lists(FRAGMENTS, max_size=20)),
)


@given(TEXTS, st.dictionaries(st.sampled_from(["V", "BUILDKIT_SYNTAX", "TARGETARCH"]), st.text(max_size=8)))
@settings(max_examples=400, deadline=None)
def test_every_piece_of_a_value_stands_where_it_says(text, outside):
    source = SourceFile("Dockerfile", text)
    values = {name: Text.at(0, value, "compose.yaml") for name, value in outside.items()}
    for candidate in extract(source, values):
        assert 0 <= candidate.start <= len(text)
        assert "\n" not in candidate.spelled
        for run in candidate.value.runs:
            if run.start >= 0 and not run.path:
                assert text[run.start : run.start + len(run.text)] == run.text
            else:
                assert run.path in ("", "compose.yaml")


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_two_readings_are_the_same(text):
    assert list(extract(SourceFile("Dockerfile", text))) == list(extract(SourceFile("Dockerfile", text)))


# patterns

LETTERS = st.text("ab", max_size=7)


def regex(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern.replace("*", ".*").replace("?", "."))


@given(st.text("ab*?", max_size=5), LETTERS)
def test_prefix_is_the_shortest_or_longest_that_a_glob_covers(pattern, value):
    lengths = [n for n in range(len(value) + 1) if regex(pattern).fullmatch(value[:n])] or [0]
    assert prefix(tokens(pattern), value, longest=False) == lengths[0]
    assert prefix(tokens(pattern), value, longest=True) == lengths[-1]


@given(st.text("ab*?", max_size=5), LETTERS)
def test_suffix_is_the_shortest_or_longest_that_a_glob_covers(pattern, value):
    lengths = [n for n in range(len(value) + 1) if regex(pattern).fullmatch(value[len(value) - n :])] or [0]
    assert suffix(tokens(pattern), value, longest=False) == lengths[0]
    assert suffix(tokens(pattern), value, longest=True) == lengths[-1]


@given(st.text("ab?", min_size=1, max_size=3), LETTERS)
def test_matches_are_leftmost_and_apart(pattern, value):
    assert list(matches(tokens(pattern), value)) == [match.span() for match in regex(pattern).finditer(value)]


# size

SIZE = 100_000  # a reading that looks again and again at the same text would take minutes
HOSTILE = {
    "continuations": "FROM a\n" + "\\\n" * SIZE,
    "pieces": "FROM a" + "\\\nb" * SIZE,
    "dollars": "FROM " + "$" * SIZE,
    "dollars in ARG": "ARG A=" + "$" * SIZE + "\nFROM $A",
    "dollars beside a here-document": "FROM a\nRUN <<" + "$" * SIZE,
    "openings": "FROM a\nRUN " + "<<" * SIZE,
    "here-documents in a line": "FROM a\nRUN " + "<<A " * SIZE,
    "here-documents without an end": "FROM a\n" + "".join(f"RUN <<A{n}\n" for n in range(SIZE // 10)),
    "open substitutions": "FROM " + "${a:-" * SIZE,
    "open quotes": "FROM a\nRUN <<A " + "'\"" * SIZE,
    "open actions": "FROM a\nRUN --mount=" + "{{" * SIZE,
    "lines of actions": "FROM a\n" + "{{ x\n" * SIZE,
    "doubling": "ARG A0=x\n" + "".join(f"ARG A{n + 1}=$A{n}$A{n}\n" for n in range(5000)) + "FROM $A11",
    "a chain": "ARG A0=x\n" + "".join(f"ARG A{n + 1}=$A{n}\n" for n in range(5000)) + "FROM $A5000",
    "stars": f"ARG V={'a' * 4000}\nFROM x:${{V%{'*a' * 2000}b}}\n",
    "many replacements": f"ARG V={'a' * 500}\n" + "FROM x:${V//a/b}\n" * 1000,
    "stages": "".join(f"FROM a AS b{n}\n" for n in range(SIZE // 20)),
    "flags": "FROM a\nCOPY " + "--from=a " * (SIZE // 10) + "x",
    "fields": "FROM a\nRUN --mount=" + ",\\\"" * (SIZE // 10),
    "a deep array": '{"syntax":' + "[" * SIZE,
    "a directive of spaces": "#escape=" + (" " * 1000 + "x") * 100,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_in_one_pass(text):
    for candidate in extract(SourceFile("Dockerfile", text)):
        assert candidate.problem or candidate.value
