from planner.model.inventory import Confidence, Inventory, Occurrence, Role
from planner.model.plan import Rewrite
from planner.model.reference import Reference
from planner.model.source import Fragment, Part
from planner.planning.renaming import renamed

NAME = Fragment(Part.NAME, 0, 5, "nginx")
MATCH = Fragment(Part.MATCH, 3, 8, "nginx")


def item(text, role, path="f", *fragments):
    return Occurrence(path, 1, 1, "x", role, Reference.parse(text), text, Confidence.CERTAIN, fragments)


def rewrite(found, prefix="r.io/hub"):
    old = found.reference
    new = Reference("r.io", f"{prefix.partition('/')[2]}/{old.repository}", old.tag, old.digest)
    return Rewrite(found.path, found.line, found.column, found.text, old, new, found.fragments, "")


def changed(found, *moved):
    made = renamed(Inventory((), tuple(found), {}), [rewrite(each) for each in moved])
    return [(each.path, str(each.destination)) for each in made[len(moved) :]]


def test_rule_for_a_name_that_moves_everywhere_moves():
    pulled, rule = item("nginx:1", Role.BASE, "a", NAME), item("nginx", Role.RULE, "b", NAME)
    assert changed([pulled, rule], pulled) == [("b", "r.io/hub/library/nginx")]


def test_rule_for_a_name_that_stays_somewhere_stays():
    pulled, other = item("nginx:1", Role.BASE, "a", NAME), item("nginx:2", Role.BASE, "c", NAME)
    assert changed([pulled, other, item("nginx", Role.RULE, "b", NAME)], pulled) == []


def test_rule_for_something_else_stays():
    pulled = item("nginx:1", Role.BASE, "a", NAME)
    assert changed([pulled, item("redis", Role.RULE, "b", NAME)], pulled) == []


def test_name_that_manifests_call_otherwise_follows_though_its_image_stays():
    pulled = item("nginx:1", Role.WORKLOAD, "a", NAME)
    entry = item("ghcr.io/a/b:1", Role.WORKLOAD, "b", MATCH)
    made = renamed(Inventory((), (pulled, entry), {}), [rewrite(pulled)])[1]
    assert (made.destination, made.fragments[0].lead) == (entry.reference, "r.io/hub/library/nginx")


def test_name_that_only_a_build_has_is_none_of_the_manifests_():
    pulled = item("nginx:1", Role.BASE, "a", NAME)
    assert changed([pulled, item("ghcr.io/a/b:1", Role.WORKLOAD, "b", MATCH)], pulled) == []
