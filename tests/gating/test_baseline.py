"""What a baseline has: which places are the same ones though lines, versions and names of files change."""

from gated import planned, written
from hypothesis import given
from hypothesis import strategies as st

from planner.gating.baseline import compare, entry, items
from planner.gating.planned import inventory_of
from planner.scan import scan

A, B = "docker.io/library/a", "docker.io/library/b"


def entries(root, upstreams=None):
    return [entry(each, upstreams or {}) for each in items(scan([root]))]


def new(old, now):
    return [f"{now[number].path}:{now[number].line}" for number in sorted(compare(old, now).new)]


def dockerfile(*names):
    return "".join(f"FROM {name}\n" for name in names)


def changed(tree, before, after):
    """Return what is new, and how much is gone, when a tree becomes another."""
    root = tree(before)
    old = entries(root)
    for name in before:
        (root / name).unlink()
    now = entries(tree(after))
    return new(old, now), compare(old, now).gone


def test_lines_may_shift(tree):
    assert changed(tree, {"Dockerfile": "FROM a\n"}, {"Dockerfile": "# x\n\nFROM a\n"}) == ([], 0)


def test_versions_may_change(tree):
    before, after = dockerfile("a:1", "b:1"), dockerfile("b:2", f"a:1@sha256:{'0' * 64}")
    assert changed(tree, {"Dockerfile": before}, {"Dockerfile": after}) == ([], 0)


def test_one_more_of_a_kind_in_a_file_is_new(tree):
    before, after = {"Dockerfile": dockerfile("a:1")}, {"Dockerfile": dockerfile("a:2", "a:1")}
    assert changed(tree, before, after) == (["Dockerfile:1"], 0)


def test_file_may_be_renamed_with_its_folder(tree):
    before = {"x/Dockerfile": dockerfile("a", "$V"), "x/compose.yaml": "services: {s: {image: b}}\n"}
    after = {name.replace("x/", "y/z/"): text for name, text in before.items()}
    assert changed(tree, before, after) == ([], 0)


def test_image_that_goes_to_another_file_that_was_there_is_new_there(tree):
    before = {"x/Dockerfile": dockerfile("a"), "y/Dockerfile": dockerfile("b")}
    after = {"x/Dockerfile": dockerfile("b"), "y/Dockerfile": dockerfile("b", "a")}
    assert changed(tree, before, after) == (["x/Dockerfile:1", "y/Dockerfile:2"], 1)


def test_new_file_beside_the_old_one_is_new(tree):
    before = {"x/Dockerfile": dockerfile("a")}
    assert changed(tree, before, {**before, "y/Dockerfile": dockerfile("a")}) == (["y/Dockerfile:1"], 0)


def test_what_is_gone_is_counted(tree):
    assert changed(tree, {"Dockerfile": dockerfile("a", "b")}, {"Dockerfile": dockerfile("b")}) == ([], 1)


def test_plan_has_what_it_was_made_of(tree):
    root = tree(
        {"Dockerfile": dockerfile("a", "ghcr.io/x/y:1", "$V", "b:$W"), "c/compose.yaml": "services: {}\n"}
    )
    old = [entry(each, {}) for each in items(inventory_of(planned(root)))]
    assert compare(old, entries(root)).new == frozenset()


_ENTRIES = st.lists(
    st.tuples(st.sampled_from("xyz"), st.sampled_from(["a:1", "a:2", "b:1", "$V"])), max_size=10
)


@given(_ENTRIES, _ENTRIES)
def test_what_was_added_and_nothing_else_is_new(tmp_path_factory, first, second):
    root = tmp_path_factory.mktemp("tree")

    def put(pairs):
        files = {f"{folder}/Dockerfile": "# none\n" for folder in "xyz"}
        for folder, name in pairs:
            files[f"{folder}/Dockerfile"] += f"FROM {name}\n"
        return entries(written(root, files))

    old, now = put(first), put([*first, *second])
    assert len(compare(old, now).new) == len(now) - len(old)
    assert compare(now, now).new == frozenset()
    assert compare(now, old) == compare(now, old)
    assert compare(now, old).new == frozenset()
