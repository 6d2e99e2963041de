from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.cli._changes_text import changes as told
from planner.model.change import About, Change, Difference, Kind
from planner.model.job import Copy, Warm
from planner.model.plan import (
    AllowUpstreams,
    Charge,
    CreateRepository,
    Effort,
    Grant,
    Keep,
    Manual,
    Plan,
    Rewrite,
    Wave,
    key,
)
from planner.model.reference import Reference
from planner.model.repository import Cleanup, Credentials, Mode, Setup, Target
from planner.planning.baseline import changes

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
A, B = (f"sha256:{letter * 64}" for letter in "ab")
HUB = Target("acme", "us", "docker-hub", Mode.REMOTE)
COPIES = Target("acme", "us", "docker-hub-copies", Mode.STANDARD)
NGINX = Reference.parse("nginx:1.27")
CREATE = CreateRepository(HUB, "a proxy")


def document(*actions, **more):
    return Plan((), actions, more.pop("waves", ()), "", NOW, **more)


def warm(text="nginx:1.27", digest=A, pulls=0):
    source = Reference.parse(text)
    return Warm(source, HUB.place(source), digest, "it is cached", pulls)


def copied(text="nginx:1.27", digest=A, origin="mirror.gcr.io/library/nginx:1.27"):
    source = Reference.parse(text)
    return Copy(source, Reference.parse(origin), COPIES.place(source), digest, "it is gone")


def rewrite(line=1, text="nginx:1.27", path="Dockerfile", column=6, owners=()):
    source = Reference.parse(text)
    return Rewrite(path, line, column, text, source, HUB.place(source), (), "named", owners)


def lines(old, new):
    return [line.strip() for line in told(old, new)][:-2]


def test_plan_made_again_has_not_changed():
    old = document(CREATE, warm(), rewrite())
    later = replace(old, created=NOW.replace(year=2027), notes=("a note",))
    assert changes(old, later) == ()
    assert list(told(old, later)) == ["Nothing has changed since the plan of 2026-11-23 10:30 UTC."]


def test_tag_that_names_another_digest_is_told_with_both():
    assert lines(document(warm()), document(warm(digest=B))) == [
        "~ image docker.io/library/nginx:1.27: named sha256:aaaaaaaaaaaa, names sha256:bbbbbbbbbbbb"
    ]
    (change,) = changes(document(warm()), document(warm(digest=B)))
    assert change.differences == (Difference("digest", A, B),)


def test_digest_that_was_not_known_is_told_as_that():
    assert lines(document(warm(digest=None)), document(warm())) == [
        "~ image docker.io/library/nginx:1.27: named not known, names sha256:aaaaaaaaaaaa"
    ]


def test_other_decision_is_told_with_both_reasons():
    assert lines(document(warm()), document(copied())) == [
        "~ image docker.io/library/nginx:1.27:"
        " warm to us-docker.pkg.dev/acme/docker-hub/library/nginx:1.27 (it is cached) ->"
        " copy to us-docker.pkg.dev/acme/docker-hub-copies/library/nginx:1.27 (it is gone)"
    ]


def test_image_that_was_left_to_a_person_and_is_moved_now():
    manual = Manual(str(NGINX), ("Dockerfile:1",), "no registry has it")
    assert lines(document(manual), document(warm())) == [
        "~ image docker.io/library/nginx:1.27: manual (no registry has it) ->"
        " warm to us-docker.pkg.dev/acme/docker-hub/library/nginx:1.27 (it is cached)"
    ]


def test_copy_from_elsewhere_is_told():
    before, after = copied(), copied(origin="docker.io/library/nginx:1.27")
    assert lines(document(before), document(after)) == [
        "~ image docker.io/library/nginx:1.27: origin mirror.gcr.io -> docker.io"
    ]


def test_reason_of_a_transfer_alone_is_no_change():
    assert changes(document(warm()), document(replace(warm(), reason="seen 7 times"))) == ()


def test_new_and_gone_images_are_told_with_what_is_done():
    assert lines(document(warm("a/b:1")), document(warm("c/d:1"))) == [
        "- image docker.io/a/b:1: warm to us-docker.pkg.dev/acme/docker-hub/a/b:1 (it is cached)",
        "+ image docker.io/c/d:1: warm to us-docker.pkg.dev/acme/docker-hub/c/d:1 (it is cached)",
    ]


def test_line_that_only_moved_is_no_change():
    old = document(rewrite(3), rewrite(10), rewrite(5, "redis:7"))
    assert changes(old, document(rewrite(4), rewrite(6, "redis:7"), rewrite(12))) == ()


def test_place_that_comes_between_others_is_the_one_that_is_new():
    old = document(rewrite(3), rewrite(10))
    assert lines(old, document(rewrite(3), rewrite(7), rewrite(10))) == [
        "+ place Dockerfile:7: nginx:1.27 -> us-docker.pkg.dev/acme/docker-hub/library/nginx:1.27"
    ]


def test_other_text_at_the_same_place_is_one_change():
    assert lines(document(rewrite()), document(rewrite(text="nginx:1.28")))[0].startswith(
        "~ place Dockerfile:1: text nginx:1.27 -> nginx:1.28; reference docker.io/library/nginx:1.27 ->"
    )


def test_other_owners_of_a_place_are_told():
    assert lines(document(rewrite(owners=("@a", "@b"))), document(rewrite(owners=("@b", "@c")))) == [
        "~ place Dockerfile:1: owners +@c, -@a"
    ]


def test_places_of_what_stays_are_told_by_file():
    old, new = (Keep(NGINX, places, "it is ours") for places in (("a:1", "b:2"), ("a:7", "c:1", "c:2")))
    assert lines(document(old), document(new)) == ["~ image docker.io/library/nginx:1.27: places +c, -b"]


def test_texts_that_are_not_known_are_kept_apart_by_their_files():
    first, second, third = (Manual("$X", (f"{name}:1",), "X is not set") for name in "abc")
    assert lines(document(first, second), document(second, first, third)) == [
        "+ image $X: manual (X is not set)"
    ]


def test_setup_of_a_repository_is_told_field_by_field():
    old = Setup(labels={"team": "a", "env": "x"}, cleanup=Cleanup(60, keep=(A,)))
    login = Credentials("me", "projects/p/secrets/s/versions/1")
    new = Setup(labels={"team": "b"}, scanning=False, cleanup=Cleanup(60, keep=(A, B)), credentials=login)
    before, after = (document(replace(CREATE, setup=each)) for each in (old, new))
    (change,) = changes(before, after)
    assert {each.name: (each.before, each.after) for each in change.differences} == {
        "labels.team": ("a", "b"),
        "labels.env": ("x", None),
        "scanning": (None, False),
        "credentials.username": (None, "me"),
        "credentials.secret": (None, "projects/p/secrets/s/versions/1"),
        "cleanup.keep": ((A,), (A, B)),
    }
    assert "scanning none -> no" in lines(before, after)[0]


@pytest.mark.parametrize(
    ("action", "line"),
    [
        (CREATE, "repository us-docker.pkg.dev/acme/docker-hub: remote"),
        (AllowUpstreams("acme", "us", "x"), "perimeter acme in us"),
        (
            Grant(HUB, "roles/reader", "allUsers", "x"),
            "grant roles/reader on us-docker.pkg.dev/acme/docker-hub to allUsers",
        ),
        (
            Grant(HUB, "roles/accessor", "allUsers", "x", "projects/p/secrets/s"),
            "grant roles/accessor on projects/p/secrets/s to allUsers",
        ),
    ],
)
def test_what_is_set_up_is_new_or_gone(action, line):
    assert lines(document(), document(action)) == [f"+ {line}"]
    assert lines(document(action), document()) == [f"- {line}"]


def test_waves_effort_and_charges_are_told():
    def charge(low, high):
        return Charge("storage", low, high, "USD", "month", "12 GiB", "a page", "2026-10-01")

    old = document(
        waves=(Wave("first", ("a", "b"), 0, 60, 2, 1024), Wave("then", ("c",), 21600, 60, 2)),
        effort=Effort(4, 21660),
        charges=(charge(1.2, 1.5),),
    )
    new = document(
        waves=(Wave("first", ("a",), 0, 60, 2, 2048),),
        effort=Effort(2, 60),
        direct=Effort(9, 90),
        charges=(charge(1.2, None),),
    )
    assert lines(old, new) == [
        "~ wave 1: images 2 -> 1; size 1.0 kB -> 2.0 kB",
        "- wave 2: then",
        "~ effort as planned: pulls 4 -> 2; takes 6 h 1 min -> 1 min",
        "+ effort from Docker Hub alone: 9 pulls in 90 s",
        "~ charge storage, month: high 1.50 -> not known",
    ]


def test_changes_are_counted():
    old, new = document(warm("a/b:1"), warm()), document(warm(digest=B), warm("c/d:1"), warm("e/f:1"))
    assert list(told(old, new))[-1] == "2 new, 1 gone, 1 different since the plan of 2026-11-23 10:30 UTC."


def test_numbers_sort_as_numbers():
    found = changes(document(), document(rewrite(10), rewrite(9), rewrite(9, path="9" * 5000)))
    assert [each.subject[-5:] for each in found] == ["ile:9", "le:10", "999:9"]


references = st.sampled_from(["nginx:1.27", "redis:7", "a/b:1"])
actions = st.one_of(
    st.builds(warm, references, st.sampled_from([A, B, None]), st.integers(0, 2)),
    st.builds(copied, references, st.sampled_from([A, B])),
    st.builds(rewrite, st.integers(1, 4), references, st.sampled_from(["a", "b"]), st.just(1)),
    st.builds(
        Keep,
        references.map(Reference.parse),
        st.lists(st.sampled_from(["a:1", "b:2"]), max_size=2).map(tuple),
        st.sampled_from(["x", "y"]),
    ),
    st.builds(
        Manual, references, st.lists(st.sampled_from(["a:1", "b:2"]), max_size=2).map(tuple), st.just("x")
    ),
    st.builds(
        CreateRepository,
        st.sampled_from([HUB, COPIES]),
        st.just("x"),
        setup=st.builds(Setup, labels=st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy"))),
    ),
)
plans = st.lists(actions, max_size=7, unique_by=key).map(lambda each: document(*each))


@given(plans)
def test_no_plan_differs_from_itself(plan):
    assert changes(plan, plan) == ()


@given(plans, plans)
def test_what_is_new_one_way_is_gone_the_other_way(old, new):
    there, back = changes(old, new), changes(new, old)
    for about in About:
        counts = [
            [sum(each.kind is kind and each.about is about for each in found) for kind in kinds]
            for found, kinds in (
                (there, (Kind.NEW, Kind.GONE, Kind.DIFFERENT)),
                (back, (Kind.GONE, Kind.NEW, Kind.DIFFERENT)),
            )
        ]
        assert counts[0] == counts[1]


@given(plans, plans)
def test_changes_are_told_one_a_line_and_read_back_from_json(old, new):
    found = changes(old, new)
    assert len(list(told(old, new))) == len(found) + bool(found) + 1
    assert not any("\n" in line for line in told(old, new))
    assert msgspec.json.decode(msgspec.json.encode(found), type=tuple[Change, ...]) == found
