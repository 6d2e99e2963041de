from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.config import Settings, TargetSettings
from planner.errors import ConfigError
from planner.model.availability import Availabilities, Availability, Probe, Status, Verdict
from planner.model.document import decode, encode
from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Source, Unresolved
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
from planner.model.repository import Mode, Target
from planner.model.source import Fragment, Part
from planner.plan import plan
from planner.planning.cases import Basis
from planner.planning.cut import NOBODY, by_owner, owners

NOW = datetime(2026, 11, 23, tzinfo=UTC)
IMAGES = ("nginx:1.27", "nginx", "redis:7", "ghcr.io/a/b:1", f"mysql:8@sha256:{'b' * 64}", "quay.io/c/d:2")


def occurrence(text, path, line=1):
    return Occurrence(path, line, 6, "dockerfile", Role.BASE, Reference.parse(text), text, Confidence.CERTAIN)


def rescued(text):
    """Say that Docker Hub no longer has an image, so that it is copied from the mirror."""
    reference = Reference.parse(text)
    hub = Probe(reference, Status.MISSING, NOW)
    mirror = Probe(reference, Status.PRESENT, NOW, f"sha256:{'a' * 64}")
    return Availability(reference, Verdict.RESCUE, hub, mirror)


def planned(found, mode=Mode.REMOTE, copied=()):
    """Plan what is found as (image, path); the first folder of a path is its owner, where it has one."""
    target = TargetSettings(
        project="acme", location="us", mode=mode, readers=("group:x",), upstreams=("docker.io", "ghcr.io")
    )
    items = tuple(
        occurrence(text, path, line) if text else Unresolved(path, line, "dockerfile", "$X", "X is not set")
        for line, (text, path) in enumerate(found, start=1)
    )
    known = Availabilities(tuple(rescued(text) for text in copied))
    basis = Basis(Inventory((Source(".", 1),), items, {}), known, Settings(target=target))
    made = plan(basis, NOW)
    return replace(
        made,
        actions=tuple(map(_owned, made.actions)),
        files={each.path: "0" * 64 for each in made.actions if isinstance(each, Rewrite)},
    )


def _owned(action):
    if not isinstance(action, Rewrite | Keep | Manual):
        return action
    places = (action.path,) if isinstance(action, Rewrite) else action.places
    found = sorted({f"@{place.partition('/')[0]}" for place in places if "/" in place})
    return replace(action, owners=tuple(found))


def kinds(document):
    return [type(action).__name__ for action in document.actions]


def moved(document):
    return [str(job.source) for job in document.transfers]


TWO = [("nginx:1.27", "web/Dockerfile"), ("redis:7", "data/Dockerfile"), ("nginx:1.27", "data/x.Dockerfile")]


def test_cut_has_the_places_of_an_owner_and_the_images_that_these_need():
    cut = by_owner(planned(TWO), ["@web"])
    assert kinds(cut) == ["CreateRepository", "Grant", "Warm", "Rewrite"]
    assert (moved(cut), list(cut.files)) == (["docker.io/library/nginx:1.27"], ["web/Dockerfile"])


def test_image_that_two_owners_need_is_in_both_cuts():
    document = planned(TWO)
    assert [len(by_owner(document, [owner]).transfers) for owner in ("@web", "@data")] == [1, 2]


def test_cut_for_all_is_the_plan():
    document = planned(TWO)
    assert by_owner(document, owners(document)) is document


@pytest.mark.parametrize("copied", [(), ("redis:7",)])
def test_virtual_repository_keeps_all_that_it_stands_in_front_of(copied):
    document = planned(TWO, Mode.VIRTUAL, copied)
    cut = by_owner(document, ["@web"])
    repositories = [each for each in document.actions if isinstance(each, CreateRepository)]
    assert [each for each in cut.actions if isinstance(each, CreateRepository)] == repositories
    assert moved(cut) == ["docker.io/library/nginx:1.27"]


def test_repository_that_only_others_need_is_left_out_with_its_grants():
    document = planned([("nginx:1", "web/Dockerfile"), ("ghcr.io/a/b:1", "data/Dockerfile")])
    cut = by_owner(document, ["@web"])
    assert [each.repository for each in cut.targets] == ["docker-hub"]
    assert kinds(cut) == ["CreateRepository", "Grant", "Warm", "Rewrite"]


def test_image_that_no_place_needs_is_nobodys():
    document = planned([("nginx:1", "web/Dockerfile"), ("redis:7", "-")])
    assert owners(document) == ("@web", NOBODY)
    assert moved(by_owner(document, [NOBODY])) == ["docker.io/library/redis:7"]
    assert moved(by_owner(document, [""])) == ["docker.io/library/redis:7"]


def test_perimeter_goes_with_the_remote_repositories_of_its_location():
    document = planned(TWO)
    perimeter = AllowUpstreams("acme", "us", "inside a perimeter")
    document = replace(document, actions=(document.actions[0], perimeter, *document.actions[1:]))
    assert perimeter in by_owner(document, ["@web"]).actions


def test_case_of_an_owner_says_nothing():
    assert by_owner(planned(TWO), ["@WEB"]).transfers


def test_owner_that_owns_nothing_is_one_error_with_the_nearest_name():
    with pytest.raises(ConfigError, match="'@wob' owns nothing in this plan") as told:
        by_owner(planned(TWO), ["@web", "@wob"])
    assert told.value.hint == "did you mean '@web'?"


def test_file_that_is_edited_for_a_place_elsewhere_stays():
    document = planned(TWO)
    edit = Fragment(Part.TAG, 0, 1, "1", "web/.env")
    actions = tuple(
        replace(each, fragments=(edit,))
        if isinstance(each, Rewrite) and each.path == "web/Dockerfile"
        else each
        for each in document.actions
    )
    document = replace(document, actions=actions, files={**document.files, "web/.env": "1" * 64})
    assert sorted(by_owner(document, ["@web"]).files) == ["web/.env", "web/Dockerfile"]


def test_waves_are_those_of_the_images_that_stay_and_the_first_begins_at_once():
    document = planned([("nginx:1", "web/Dockerfile"), ("redis:7", "data/Dockerfile")])
    nginx, redis = (replace(job, pulls=3, size=10) for job in document.transfers)
    other = [each for each in document.actions if not isinstance(each, Warm | Copy)]
    waves = (Wave("a", (key(nginx),), 0, 60, 3, 10), Wave("b", (key(redis),), 21600, 60, 3, 10))
    charge = Charge("storage", 1, 2, "USD", "month", "1 GiB", "here", "2026-01-01")
    document = replace(
        document,
        actions=(*other[:2], nginx, redis, *other[2:]),
        waves=waves,
        effort=Effort(6, 21660),
        direct=Effort(9, 30000),
        charges=(charge,),
    )
    cut = by_owner(document, ["@data"])
    assert cut.waves == (Wave("b", (key(redis),), 0, 60, 3, 10),)
    assert (cut.effort, cut.direct, cut.charges) == (Effort(3, 60), None, ())
    assert "costs" in cut.notes[-1]


def test_wave_that_becomes_smaller_counts_its_pulls_and_bytes_again():
    document = planned([("nginx:1", "web/Dockerfile"), ("redis:7", "data/Dockerfile")])
    nginx, redis = (replace(job, pulls=3, size=10) for job in document.transfers)
    other = [each for each in document.actions if not isinstance(each, Warm | Copy)]
    wave = Wave("a", (key(nginx), key(redis)), 0, 60, 6, 20)
    document = replace(document, actions=(*other[:2], nginx, redis, *other[2:]), waves=(wave,))
    assert by_owner(document, ["@web"]).waves == (Wave("a", (key(nginx),), 0, 60, 3, 10),)


def test_copy_of_another_tag_is_left_out():
    document = planned([("nginx:1", "web/Dockerfile"), ("nginx:2", "data/Dockerfile")], Mode.STANDARD)
    assert moved(by_owner(document, ["@web"])) == ["docker.io/library/nginx:1"]


def test_project_of_a_domain_is_part_of_the_repository():
    target = Target("example.com:p", "us", "hub", Mode.REMOTE)
    source = Reference.parse("nginx:1")
    rewrite = Rewrite("web/x", 1, 1, "nginx:1", source, target.place(source), (), "", ("@web",))
    actions = (CreateRepository(target, ""), Warm(source, target.place(source), None, ""), rewrite)
    document = Plan((target,), actions, (), "", NOW)
    assert by_owner(document, ["@web"]) is document


paths = st.sampled_from(["Dockerfile", "-", "a/Dockerfile", "b/Dockerfile", "c/x/Dockerfile"])
everything = st.lists(st.tuples(st.sampled_from([*IMAGES, ""]), paths), max_size=8)
modes = st.sampled_from(Mode)


@given(everything, modes, st.sets(st.sampled_from(IMAGES[:3])))
def test_cuts_for_each_owner_and_nobody_cover_the_plan(found, mode, copied):
    document = planned(found, mode, copied)
    cuts = [by_owner(document, [owner]) for owner in {*owners(document), NOBODY}]
    assert {encode_one(action) for cut in cuts for action in cut.actions} == {
        encode_one(action) for action in document.actions
    }
    assert {each for cut in cuts for wave in cut.waves for each in wave.keys} == {
        each for wave in document.waves for each in wave.keys
    }
    assert {path for cut in cuts for path in cut.files} == set(document.files)


def encode_one(action):
    return encode(Plan((), (action,), (), "", NOW))


@given(everything, modes, st.sets(st.sampled_from(IMAGES[:3])))
def test_what_a_cut_rewrites_is_moved_by_it_into_a_repository_that_it_makes(found, mode, copied):
    document = planned(found, mode, copied)
    for owner in owners(document):
        cut = by_owner(document, [owner])
        made = {each.target for each in cut.actions if isinstance(each, CreateRepository)}
        there = {
            str(job.destination).partition("/library/")[2] or str(job.destination) for job in cut.transfers
        }
        for action in cut.actions:
            if isinstance(action, Rewrite):
                assert any(str(action.destination).startswith(f"{target.prefix}/") for target in made)
                name = str(action.destination).partition("/library/")[2] or str(action.destination)
                assert any(each.endswith(name.rpartition("/")[2]) for each in there)
            if isinstance(action, Grant):
                assert action.target in made
        for job in cut.transfers:
            assert any(str(job.destination).startswith(f"{target.prefix}/") for target in made)
        assert {key(job) for job in cut.transfers} == {each for wave in cut.waves for each in wave.keys}


@given(everything, modes)
def test_cut_is_a_plan_that_is_written_and_read(found, mode):
    document = planned(found, mode)
    for owner in owners(document):
        cut = by_owner(document, [owner])
        assert decode(encode(cut), Plan, "plan") == cut
