from planner.model.inventory import Confidence, Occurrence, Role
from planner.model.plan import Rewrite
from planner.model.reference import Reference
from planner.model.source import Fragment, Part
from planner.rewriting.choice import choose


def rewrite(text, *fragments, prefix="us-docker.pkg.dev/p/hub", path="f"):
    old = Reference.parse(text)
    return Rewrite(path, 1, 1, text, old, Reference.parse(f"{prefix}/{old.repository}"), fragments, "")


def fragment(part, start, text, path=""):
    return Fragment(part, start, start + len(text), text, path)


def staying(text, *fragments, path="f"):
    return Occurrence(
        path, 1, 1, "x", Role.OUTPUT, Reference.parse(text), text, Confidence.CERTAIN, fragments
    )


def edits(choice):
    return sorted({(edit.start, edit.new) for edit in choice.edits})


def test_shared_text_is_edited_once():
    shared = fragment(Part.NAME, 0, "a/b")
    choice = choose([rewrite("a/b:1", shared), rewrite("a/b:2", shared)], [])
    assert (edits(choice), choice.left) == ([(0, "us-docker.pkg.dev/p/hub/a/b")], ())


def test_text_that_something_else_needs_is_not_edited():
    name = fragment(Part.NAME, 0, "a/b")
    choice = choose([rewrite("a/b:1", name)], [staying("a/b:2", name)])
    assert edits(choice) == []
    assert "also gives docker.io/a/b:2, which stays" in choice.left[0].reason


def test_it_is_edited_where_it_is_used_instead():
    name, whole = fragment(Part.NAME, 0, "a/b"), fragment(Part.WHOLE, 20, "${X}:1")
    choice = choose([rewrite("a/b:1", name, whole)], [staying("a/b:2", name)])
    assert (edits(choice), choice.left) == ([(20, "us-docker.pkg.dev/p/hub/")], ())


def test_careful_ones_are_not():
    name, whole = fragment(Part.NAME, 0, "a/b"), fragment(Part.WHOLE, 20, "${X}:1")
    assert len(choose([rewrite("a/b:1", name, whole)], [staying("a/b:2", name)], {0}).left) == 1


def test_two_destinations_of_one_text_are_left_and_both_told():
    name = fragment(Part.NAME, 0, "a/b")
    choice = choose([rewrite("a/b:1", name), rewrite("a/b:2", name, prefix="us-docker.pkg.dev/p/copies")], [])
    reasons = [each.reason for each in choice.left]
    assert edits(choice) == []
    assert any("p/hub/a/b" in each and "p/copies/a/b" in each for each in reasons)


def test_all_that_share_a_registry_agree_on_how_it_is_written():
    registry = fragment(Part.REGISTRY, 0, "docker.io")
    field = rewrite("docker.io/a/b", registry, fragment(Part.REPOSITORY, 20, "a/b"))
    whole = fragment(Part.WHOLE, 50, "{{ .r }}/{{ .n }}")
    template = Rewrite(
        "f", 2, 1, "{{ .r }}/{{ .n }}", field.reference, field.destination, (*field.fragments, whole), ""
    )
    choice = choose([field, template], [])
    assert (edits(choice), choice.left) == ([(0, "us-docker.pkg.dev"), (20, "p/hub/a/b")], ())


def test_name_that_stands_nowhere_is_left():
    assert [each.reason for each in choose([rewrite("a/b")], []).left] == [
        "its name, or its registry, is not written here"
    ]


def test_literals_of_one_expression_are_edited_side_by_side():
    whole = fragment(Part.WHOLE, 0, "{{ 'a/b:1' if x else 'c/d:1' }}")
    one = rewrite("a/b:1", fragment(Part.NAME, 4, "a/b"), whole)
    other = rewrite("c/d:1", fragment(Part.NAME, 22, "c/d"), whole)
    choice = choose([one, other], [])
    assert ([start for start, _ in edits(choice)], choice.left) == ([4, 22], ())


def test_many_that_share_a_text_are_settled_at_once():
    name = fragment(Part.NAME, 0, "a/b")
    choice = choose([rewrite(f"a/b:{number}", name) for number in range(5_000)], [])
    assert (len(choice.made), len(set(choice.edits))) == (5_000, 1)
