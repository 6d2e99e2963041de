import pytest

from planner.model.plan import Rewrite
from planner.model.reference import Reference
from planner.model.source import Fragment, Part
from planner.rewriting.ways import ways

TO = "us-docker.pkg.dev/p/hub"


def place(text, reference, *fragments, to=None):
    old = Reference.parse(reference)
    new = to or Reference("us-docker.pkg.dev", f"p/hub/{old.repository}", old.tag, old.digest)
    return Rewrite("f", 1, 1, text, old, new, fragments, "")


def fragment(part, start, text, lead="", path=""):
    return Fragment(part, start, start + len(text), text, path, lead)


def said(way):
    return [(edit.path, edit.start, edit.text, edit.new) for edit in way]


def test_name_is_replaced():
    rewrite = place("nginx:1", "nginx:1", fragment(Part.NAME, 5, "nginx"), fragment(Part.TAG, 11, "1"))
    assert [said(way) for way in ways(rewrite)] == [[("f", 5, "nginx", f"{TO}/library/nginx")]]


def test_name_that_several_files_set_is_replaced_in_each():
    rewrite = place(
        "$X", "a/b", fragment(Part.NAME, 1, "a/b", path="x"), fragment(Part.NAME, 2, "a/b", path="y")
    )
    assert said(ways(rewrite)[0]) == [("x", 1, "a/b", f"{TO}/a/b"), ("y", 2, "a/b", f"{TO}/a/b")]


def test_new_name_is_written_behind_its_lead():
    rewrite = place("nginx:1", "nginx:1", fragment(Part.NAME, 9, "", "\n  newName: "))
    assert said(ways(rewrite)[0]) == [("f", 9, "", f"\n  newName: {TO}/library/nginx")]


def test_registry_field_stays_a_host():
    parts = fragment(Part.REGISTRY, 0, "docker.io"), fragment(Part.REPOSITORY, 20, "a/b")
    assert said(ways(place("docker.io/a/b", "docker.io/a/b", *parts))[0]) == [
        ("f", 0, "docker.io", "us-docker.pkg.dev"),
        ("f", 20, "a/b", "p/hub/a/b"),
    ]


def test_registry_variable_takes_the_path():
    whole = fragment(Part.WHOLE, 40, "${R}/a/b")
    parts = fragment(Part.REGISTRY, 0, "docker.io"), fragment(Part.REPOSITORY, 45, "a/b"), whole
    first, *_, last = map(said, ways(place("${R}/a/b", "docker.io/a/b", *parts)))
    assert first == [("f", 0, "docker.io", TO)]
    assert last == [("f", 40, "${R}/a/b", f"{TO}/a/b")]


def test_registry_that_stands_nowhere_has_no_way():
    given, repository = fragment(Part.GIVEN, 0, "", "docker.io/"), fragment(Part.REPOSITORY, 3, "a/b")
    assert ways(place("docker.io/a/b", "docker.io/a/b", given, repository)) == ()


def test_piece_that_stands_nowhere_is_counted_with():
    registry, repository = fragment(Part.REGISTRY, 0, "docker.io"), fragment(Part.REPOSITORY, 10, "coredns")
    given = fragment(Part.GIVEN, 17, "", "/coredns")
    found = ways(place("docker.io/coredns", "docker.io/coredns/coredns", registry, repository, given))
    assert [said(way) for way in found] == [
        [("f", 0, "docker.io", "us-docker.pkg.dev"), ("f", 10, "coredns", "p/hub/coredns")],
        [("f", 0, "docker.io", TO)],
    ]


@pytest.mark.parametrize("whole", ["${O}/b", "$O/b", "{{ .Values.o }}/b", "<< parameters.o >>/b"])
def test_prefix_goes_before_what_is_filled_in(whole):
    parts = fragment(Part.REPOSITORY, 0, "a", path="x"), fragment(Part.REPOSITORY, 9, "/b", path="y")
    rewrite = place(whole, "a/b", *parts, fragment(Part.WHOLE, 30, whole))
    assert said(ways(rewrite)[0]) == [("f", 30, "", f"{TO}/")]


def test_no_prefix_goes_before_an_expression():
    parts = fragment(Part.REPOSITORY, 0, "a/"), fragment(Part.REPOSITORY, 9, "b")
    rewrite = place("IMAGE", "a/b", *parts, fragment(Part.WHOLE, 30, "IMAGE"))
    assert [said(way) for way in ways(rewrite)] == [[("f", 0, "a/", f"{TO}/a/")]]


@pytest.mark.parametrize("whole", ['X + "/b', "%s/b", "${X:-a/b", "f(a/b"])
def test_text_is_not_torn(whole):
    last = whole[-2:]
    start = 30 + len(whole) - len(last)
    parts = (
        fragment(Part.REGISTRY, 0, "docker.io"),
        fragment(Part.REPOSITORY, 0, "a"),
        fragment(Part.REPOSITORY, start, last),
    )
    rewrite = place(whole, "docker.io/a/b", *parts, fragment(Part.WHOLE, 30, f"{whole}:1"))
    assert all(edit[1] < 30 or edit[1] >= start for way in ways(rewrite) for edit in said(way))


def test_names_are_edited_only_where_they_are_spelled_if_asked():
    rewrite = place("${X}", "a/b", fragment(Part.NAME, 0, "a/b"), fragment(Part.WHOLE, 9, "${X}"))
    assert (len(ways(rewrite)), len(ways(rewrite, at_use=False))) == (2, 1)


def test_what_has_to_stand_beside_comes_with_every_way():
    beside = fragment(Part.BESIDE, 9, "", ').asCompatibleSubstituteFor("a")')
    rewrite = place("a", "a", fragment(Part.NAME, 3, "a"), beside)
    assert said(ways(rewrite)[0])[1:] == [("f", 9, "", beside.lead)]


def test_what_is_only_called_otherwise_keeps_its_destination():
    match = fragment(Part.MATCH, 3, "nginx", f"{TO}/library/nginx")
    reference = Reference.parse("ghcr.io/a/b:1")
    rewrite = place(
        "ghcr.io/a/b:1", "ghcr.io/a/b:1", fragment(Part.NAME, 20, "ghcr.io/a/b"), match, to=reference
    )
    assert [said(way) for way in ways(rewrite)] == [[("f", 3, "nginx", f"{TO}/library/nginx")]]


def test_call_that_is_not_renamed_is_left():
    rewrite = place(
        "ghcr.io/a/b:1",
        "ghcr.io/a/b:1",
        fragment(Part.MATCH, 3, "nginx"),
        to=Reference.parse("ghcr.io/a/b:1"),
    )
    assert ways(rewrite) == ()
