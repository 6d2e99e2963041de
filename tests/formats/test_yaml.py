"""YAML as nodes with places: scalars of every style, aliases, errors, hostile input."""

import json
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._yaml import Mapping, Scalar, Sequence, Yaml, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile


def read(text: str) -> Yaml:
    return parse(SourceFile("x.yaml", text))


def scalars(text: str) -> list[Scalar]:
    return [
        node for document in read(text).documents for _, node in walk(document) if isinstance(node, Scalar)
    ]


def first(text: str) -> Scalar:
    return scalars(text)[0]


def reason(text: str) -> str:
    return "; ".join(problem for _, problem in read(text).problems)


def misplaced(text: str) -> list[Scalar]:
    """Return the scalars that do not stand where they say."""
    wrong = []
    for scalar in scalars(text):
        runs = scalar.text.runs
        placed = all(
            text[run.start : run.start + len(run.text)] == run.text for run in runs if run.start >= 0
        )
        if str(scalar.text) != scalar.value or not placed:
            wrong.append(scalar)
    return wrong


# Scalars


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("nginx:1.27", "nginx:1.27"),
        ("'nginx:1.27'", "nginx:1.27"),
        ('"nginx:1.27"', "nginx:1.27"),
        ("nginx:1.27   # comment", "nginx:1.27"),
        ("&i !!str redis:7   # c", "redis:7"),
        ("!!str 'redis:7'", "redis:7"),
        (">-\n  nginx:1.25", "nginx:1.25"),
        ("|\n  nginx:1.25\n", "nginx:1.25\n"),
        ("|+ # keep\n  nginx:1.25\n\n", "nginx:1.25\n\n"),
        ("|2-\n    two\n  none", "  two\nnone"),
        ("one\n  two\n\n  three", "one two\nthree"),
        ("'it''s\n  one'", "it's one"),
        ('"a\\tb\n  c\\\n  d\n\n  e"', "a\tb cd\ne"),
        (">\n  a\n  b\n\n    c\n    d\n\n  e\n", "a b\n\n  c\n  d\n\ne\n"),
    ],
)
def test_scalar_has_its_value_and_every_character_its_place(written, value):
    text = f"image: {written}"
    assert (first(text).value, misplaced(text)) == (value, [])


def test_a_value_in_one_piece_is_found_where_it_stands():
    text = "image: &i !!str redis:7   # c"
    assert first(text).text.start == text.index("redis")


def test_an_escape_stands_nowhere_and_its_neighbours_do():
    text = 'a: "x\\ty"'
    assert [(run.text, run.start) for run in first(text).text.runs] == [("x", 4), ("\t", -1), ("y", 7)]


def test_raw_span_holds_quotes_but_neither_anchor_nor_tag():
    text = "image: &i !!str 'redis:7'   # c"
    assert text[first(text).start : first(text).end] == "'redis:7'"


def test_tag_is_told_as_written():
    assert [item.tag for item in scalars("[!!str a, !own b, c]")] == ["!!str", "!own", ""]


def test_tag_of_a_list():
    document = read("!reference [a, b]").documents[0]
    assert isinstance(document, Sequence)
    assert document.tag == "!reference"


def test_plain_and_quoted_are_told_apart():
    assert [item.plain for item in scalars("[a, 'b', \"c\"]")] == [True, False, False]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_move_places(end):
    text = f"a: |{end}  one{end}  two{end}b: nginx{end}c: x{end}  y{end}"
    assert (misplaced(text), scalars(text)[1].text.start) == ([], text.index("nginx"))


def test_byte_order_mark_does_not_move_places():
    text = "\ufeffimage: nginx\n"
    assert first(text).text.start == text.index("nginx")


def test_astral_characters_and_line_separators_do_not_move_places():
    text = "a: '\U0001f600'\nb: 'x\u2028y'\nimage: nginx\n"
    assert scalars(text)[-1].text.start == text.index("nginx")


def test_forbidden_characters_are_read_over_and_kept():
    text = "a: x\x00y\nb: \udcff\nimage: nginx\x7f\n"
    assert ([item.value for item in scalars(text)], misplaced(text)) == (
        ["x\x00y", "\udcff", "nginx\x7f"],
        [],
    )


def test_json_surrogate_pairs_do_not_keep_the_rest_from_being_read():
    text = '{"a": "\\ud83d\\ude00x", "image": "nginx"}'
    assert (scalars(text)[1].value, read(text).complete) == ("nginx", True)


@pytest.mark.parametrize(
    "text", ["image:\tnginx\n", "image: nginx\nversion: @version@\n", "image: nginx\nv: %{x}\n"]
)
def test_what_libyaml_alone_refuses_is_read(text):
    assert (first(text).value, reason(text)) == ("nginx", "")


def test_refused_characters_are_shown_as_they_are():
    assert first("version: @version@\n").value == "@version@"


# Containers


def mapping(text: str) -> Mapping:
    document = read(text).documents[-1]
    assert isinstance(document, Mapping)
    return document


def shown(node: object) -> object:
    return node.value if isinstance(node, Scalar) else type(node).__name__


def test_get_goes_through_mappings():
    assert shown(mapping("a: {b: {c: x}}").get("a", "b", "c")) == "x"


def test_get_of_what_is_not_there():
    document = mapping("a: [x]")
    assert (document.get("b"), document.get("a", "b")) == (None, None)


def test_the_last_of_equal_keys_counts_and_all_are_kept():
    document = mapping("a: 1\na: 2\n")
    assert (shown(document.get("a")), len(document.pairs)) == ("2", 2)


def test_merged_keys_are_found_and_own_keys_win():
    document = mapping("x: &x {a: 1, b: 2}\ny: {<<: *x, a: 3}\n")
    assert (shown(document.get("y", "a")), shown(document.get("y", "b"))) == ("3", "2")


def test_entries_hold_merged_keys_once_from_several_mappings():
    text = "x: &x {a: 1, b: 2}\ny: &y {b: 5, c: 6}\nz: {<<: [*x, *y], a: 3}\n"
    entries = mapping(text).get("z").entries()
    assert [(key.value, shown(value)) for key, value in entries] == [("a", "3"), ("b", "2"), ("c", "6")]


def test_an_alias_is_the_node_of_its_anchor():
    document = mapping("a: &x nginx\nb: *x\n")
    assert document.get("a") is document.get("b")


def test_an_alias_without_anchor_is_text():
    assert first("a: *nothing\n").value == "*nothing"


def test_anchors_end_with_their_document():
    assert [item.value for item in scalars("a: &x 1\n---\nb: *x\n")] == ["1", "*x"]


def test_walk_tells_paths_and_visits_shared_nodes_once():
    document = mapping("a: &x [{b: 1}]\nc: *x\n")
    paths = [".".join(path) for path, node in walk(document) if isinstance(node, Scalar)]
    assert paths == ["a.[].b"]


# Errors


def test_what_stands_before_an_error_is_kept():
    text = "a: nginx\nb:\n  c: redis\n d: x\n"
    assert [item.value for item in scalars(text)] == ["nginx", "redis"]


def test_an_error_is_told_with_its_line_and_reason():
    assert reason("a: nginx\nb: x: y\n") == (
        "not valid YAML at line 2 (mapping values are not allowed in this context): read line by line"
    )


def test_reading_goes_on_at_the_line_of_the_error():
    text = "a: nginx\nb: x: y\nc: z\n"
    assert text[read(text).read :].startswith("b: x: y")


def test_an_error_as_a_candidate_shows_its_line():
    source = SourceFile("x.yaml", "a: nginx\n  b: x: y\n")
    [problem] = problems(source, parse(source), Role.WORKLOAD)
    assert (problem.spelled, source.position(problem.start)[0]) == ("b: x: y", 2)


# Hostile input


def bomb(levels: int) -> str:
    return "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, levels)
    )


def test_alias_bomb_is_told_and_not_expanded():
    text = bomb(9)
    visited = sum(1 for _ in walk(read(text).documents[0]))
    assert visited < 100
    assert reason(text).startswith("aliases stand for more than anyone writes")


def test_long_alias_bomb_has_no_endless_number():
    assert len(reason(bomb(5000))) < 100


def test_ordinary_aliases_are_no_problem():
    assert reason(bomb(3)) == ""


def test_a_node_that_contains_itself_is_read():
    document = read("&a [*a, nginx]").documents[0]
    assert [node.value for _, node in walk(document) if isinstance(node, Scalar)] == ["nginx"]


def test_a_long_chain_of_merges_is_followed_to_a_limit():
    text = "m0: &m0 {a: 1}\n" + "".join(f"m{n}: &m{n} {{<<: *m{n - 1}}}\n" for n in range(1, 2000))
    assert (shown(mapping(text).get("m30", "a")), mapping(text).get("m1999", "a")) == ("1", None)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "{a: " * 100_000,
        "- " * 500_000,
        "? " * 100_000,
        "".join(f"{' ' * n}a:\n" for n in range(1000)),
    ],
)
def test_deep_nesting_is_read_to_a_limit(text):
    assert "nested deeper than 200 levels" in reason(text)


@pytest.mark.parametrize(
    "text", ["{{" * 100_000, "{{/*" * 50_000, "&a " * 50_000, '"' + "\\" * 99_999, "a: " * 50_000]
)
def test_long_nonsense_is_read(text):
    assert isinstance(read(text), Yaml)


# Laws

_MANIFEST = """\
# comment
apiVersion: v1
kind: Pod
metadata: {name: 'it''s', labels: &l {a: "b\\n"}}
spec:
  containers:
  - image: "nginx:{{ .tag }}"
    args: [--x, *l, !!str y]
  - <<: *l
    image: >-
      redis
      :7
  text: |2
      two
     one
{{- if x }}
  é: \U0001f600
{{- end }}
---
plain
  text
"""


@given(st.text(alphabet=st.sampled_from(" \n\t:-#&*!|>'\"%@`{}[],?ab<$\\\r\ufeff\x00\u2028é"), max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_and_every_place_is_true(text):
    assert misplaced(text) == []


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_MANIFEST)),
            st.sampled_from(["", " ", "\n", "{{", "}}", "'", '"', ":", "*l", "\t", "\udc80", "- ", "|", "#"]),
            st.integers(0, 3),
        ),
        max_size=4,
    )
)
@settings(max_examples=200, deadline=None)
def test_a_mutated_manifest_is_read_and_every_place_is_true(edits):
    text = _MANIFEST
    for start, inserted, removed in edits:
        text = text[:start] + inserted + text[start + removed :]
    assert misplaced(text) == []


_LETTER = re.compile("[a-z]")
# NEL and the Unicode separators end a line for YAML 1.1, and are text for JSON
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029")
_DATA = st.recursive(
    st.text(_CHARACTERS, max_size=12) | st.integers() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc \"'", max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_DATA, st.sampled_from([None, "'", '"', "|", ">"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_places_are_true_and_known_in_what_libyaml_writes(data, style, flow):
    text = yaml.safe_dump(data, default_style=style, default_flow_style=flow, allow_unicode=True, width=20)
    assert misplaced(text) == []
    assert [item for item in scalars(text) if _LETTER.search(item.value) and item.text.start < 0] == []


@given(_DATA)
@settings(max_examples=100, deadline=None)
def test_json_is_read_as_what_it_means(data):
    def strings(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for item in value.values() for text in strings(item)]
        if isinstance(value, list):
            return [text for item in value for text in strings(item)]
        return [value] if isinstance(value, str) else []

    text = json.dumps(data, ensure_ascii=False)
    assert [item.value for item in scalars(text) if not item.plain] == strings(data)


merging = st.recursive(
    st.sampled_from(["{a: 1}", "{b: 2, a: 3}", "{c: 4, c: 5}", "7"]),
    lambda inner: (
        st.builds("{{<<: [{0}, {1}], b: 8}}".format, inner, inner)
        | st.builds("{{a: 9, <<: {0}, x: {1}}}".format, inner, inner)
    ),
    max_leaves=6,
)


@given(merging)
def test_a_key_is_looked_up_where_the_entries_have_it(text):
    node = read(text).documents[0]
    if isinstance(node, Mapping):
        held: dict[str, list[object]] = {}
        for key, value in node.entries():
            held.setdefault(key.value, []).append(value)
        assert {key: node.get(key) for key in "abcx"} == {
            key: held[key][-1] if key in held else None for key in "abcx"
        }


def test_many_mappings_merged_from_a_long_one_cost_no_copies_of_it():
    keys = ", ".join(f"k{number}: v" for number in range(2_000))
    services = "".join(f"s{number}: {{<<: *x, a: {number}}}\n" for number in range(2_000))
    document = mapping(f"x: &x {{{keys}}}\n{services}")
    assert all(shown(document.get(f"s{number}", "k1999")) == "v" for number in range(2_000))


def test_entries_that_mappings_are_merged_from_are_bounded_and_told():
    keys = ", ".join(f"k{number}: v" for number in range(2_000))
    services = "".join(f"s{number}: {{<<: *x, a: {number}}}\n" for number in range(2_000))
    read = parse(SourceFile("a.yaml", f"x: &x {{{keys}}}\n{services}"))
    (document,) = read.documents
    listed = [len(node.entries()) for key, node in document.entries() if key.value != "x"]
    assert (listed[0], listed[-1]) == (2_001, 2)
    assert sum(listed) < 30_000
    ((offset, reason),) = read.problems
    assert (document.get(f"s{listed.index(2)}").start, reason[:23]) == (offset, "merged (`<<`) from more")


@pytest.mark.parametrize("quote", ["", "'", '"'])
@pytest.mark.parametrize("blank", [" ", "\t"])
def test_reading_very_many_blanks_in_a_folded_text_ends(quote, blank):
    text = f"a: {quote}x{blank * 200_000}y\n  z{quote}\n"
    (document,) = parse(SourceFile("a.yaml", text)).documents
    assert str(document.get("a").text) == f"x{blank * 200_000}y z"


def test_blank_that_is_escaped_stays_before_a_fold():
    (document,) = parse(SourceFile("a.yaml", 'a: "x\\   \n  y"\n')).documents
    assert str(document.get("a").text) == "x  y"


@pytest.mark.parametrize("quote", ["'", '"', ""])
def test_blanks_that_no_break_follows_are_looked_at_once(quote):
    # Beginning a fold at each blank would take hours, and the run ends a test after minutes.
    text = f"a: {quote}b\n {' ' * 300_000}c{' ' * 300_000}d{quote}\n"
    (document,) = parse(SourceFile("a.yaml", text)).documents
    assert str(document.get("a").text) == f"b c{' ' * 300_000}d"


def test_fold_behind_an_escaped_blank_has_its_places():
    (document,) = parse(SourceFile("a.yaml", 'a: "b\\ \n  c"\n')).documents
    assert document.get("a").text.start == 4
