from planner.model.inventory import Confidence, Inventory, Occurrence, Output, Role, Unresolved
from planner.model.reference import Reference
from planner.rewriting.proof import differences, still_mentioned


def item(reference, role=Role.BASE, path="Dockerfile", line=1):
    return Occurrence(
        path, line, 6, "dockerfile", role, Reference.parse(reference), reference, Confidence.CERTAIN
    )


def inventory(*found):
    return Inventory((), found, {})


def test_what_was_planned_is_no_difference():
    before, after = inventory(item("nginx:1"), item("a/b")), inventory(item("r.io/nginx:1"), item("a/b"))
    assert differences(before, after, {0: Reference.parse("r.io/nginx:1")}) == {}


def test_anything_else_is_told_with_its_file():
    before, after = inventory(item("nginx:1")), inventory(item("r.io/nginx:2"))
    assert differences(before, after, {0: Reference.parse("r.io/nginx:1")}) == {
        "Dockerfile": "r.io/nginx:1 (base) would no longer be found;"
        " r.io/nginx:2 (base) would be found instead"
    }


def test_what_stays_is_part_of_it():
    before, after = inventory(item("a/b"), item("c/d", path="x")), inventory(item("a/b"))
    assert list(differences(before, after, {})) == ["x"]


def test_number_counts():
    assert differences(inventory(item("a"), item("a", line=2)), inventory(item("a")), {}) != {}


def test_role_counts():
    assert differences(inventory(item("a")), inventory(item("a", Role.OUTPUT)), {}) != {}


def test_texts_that_are_not_known_and_names_that_are_built_count():
    before = inventory(Unresolved("f", 1, "x", "$A", "why"), Output("f", 2, "x", "b"))
    assert (differences(before, before, {}), len(differences(before, inventory(), {}))) == ({}, 1)


def test_what_a_comment_says_of_a_moved_image_is_no_difference():
    before, after = inventory(item("a/b:1")), inventory(item("r.io/a/b:1"), item("a/b:1", Role.IMPLICIT))
    moved = {0: Reference.parse("r.io/a/b:1")}
    assert differences(before, after, moved) == {}
    assert still_mentioned(before, after, moved) == {("Dockerfile", "docker.io/a/b:1")}
