import difflib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import BudgetSettings, RepositorySettings, Settings, TargetSettings
from planner.demand import Demand
from planner.errors import ConfigError
from planner.model.availability import Availabilities, Availability, Probe, Status, Verdict
from planner.model.document import encode
from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Source, Unresolved
from planner.model.job import Copy, Warm
from planner.model.plan import CreateRepository, Grant, Keep, Manual, Rewrite, key
from planner.model.reference import Reference
from planner.model.repository import Mode
from planner.model.rule import Route, Rule
from planner.model.stability import Stability
from planner.plan import plan
from planner.planning.cases import Basis

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DIGEST = f"sha256:{'a' * 64}"
TARGET = TargetSettings(project="acme", location="europe")
REMOTE = "europe-docker.pkg.dev/acme/docker-hub"
UNLIMITED = BudgetSettings(limit=0)
COPIES = "europe-docker.pkg.dev/acme/docker-hub-copies"


def occurrence(text, path="Dockerfile", line=1, role=Role.BASE):
    return Occurrence(path, line, 6, "dockerfile", role, Reference.parse(text), text, Confidence.CERTAIN)


def inventory(*found):
    return Inventory((Source(".", 1),), found, {})


def available(text, verdict=Verdict.NOT_CACHED, *, hub=True, mirror=False):
    reference = Reference.parse(text)
    probes = [
        Probe(reference, Status.PRESENT, NOW, DIGEST) if has else Probe(reference, Status.MISSING, NOW)
        for has in (hub, mirror)
    ]
    return Availability(reference, verdict, *probes)


def planned(*found, known=(), target=TARGET, **more):
    settings = Settings(target=target, budget=UNLIMITED, **more)
    return plan(Basis(inventory(*found), Availabilities(tuple(known)), settings), NOW)


def of(document, kind):
    return [action for action in document.actions if isinstance(action, kind)]


def test_image_is_warmed_once_however_many_files_name_it():
    document = planned(
        occurrence("nginx:1"), occurrence("nginx:1", line=2), occurrence("docker.io/nginx:1", line=3)
    )
    assert [str(job.destination) for job in of(document, Warm)] == [f"{REMOTE}/library/nginx:1"]


def test_every_place_is_rewritten():
    document = planned(occurrence("nginx:1"), occurrence("nginx:1", line=2))
    assert [(each.line, str(each.destination)) for each in of(document, Rewrite)] == [
        (1, f"{REMOTE}/library/nginx:1"),
        (2, f"{REMOTE}/library/nginx:1"),
    ]


def test_tag_and_digest_are_both_kept():
    text = f"grafana/grafana:11@{DIGEST}"
    assert str(of(planned(occurrence(text)), Warm)[0].destination) == f"{REMOTE}/{text}"


def test_digest_of_docker_hub_is_what_has_to_arrive():
    assert of(planned(occurrence("nginx:1"), known=[available("nginx:1")]), Warm)[0].digest == DIGEST


def test_unchecked_image_is_planned_without_digest():
    assert of(planned(occurrence("nginx:1")), Warm)[0].digest is None


def test_only_repositories_that_are_used_are_made():
    document = planned(occurrence("nginx:1"))
    assert [action.target.prefix for action in of(document, CreateRepository)] == [REMOTE]


def test_rescue_is_copied_from_the_mirror_into_a_standard_repository_first():
    known = [available("old:1", Verdict.RESCUE, hub=False, mirror=True), available("nginx:1")]
    document = planned(
        occurrence("nginx:1"), occurrence("nginx:1", line=2), occurrence("old:1", line=3), known=known
    )
    first = document.transfers[0]
    assert isinstance(first, Copy)
    assert (str(first.origin), str(first.destination)) == (
        "mirror.gcr.io/library/old:1",
        f"{COPIES}/library/old:1",
    )
    assert document.waves[0].keys == (key(first),)


def test_copy_takes_its_bytes_from_the_mirror_when_it_has_the_digest():
    target = TargetSettings(project="acme", location="europe", mode=Mode.STANDARD)
    document = planned(
        occurrence("nginx:1"), known=[available("nginx:1", Verdict.CACHED_FRESH, mirror=True)], target=target
    )
    assert str(of(document, Copy)[0].origin) == "mirror.gcr.io/library/nginx:1"


def test_copy_takes_its_bytes_from_docker_hub_otherwise():
    target = TargetSettings(project="acme", location="europe", mode=Mode.STANDARD)
    document = planned(occurrence("nginx:1"), known=[available("nginx:1")], target=target)
    assert str(of(document, Copy)[0].origin) == "docker.io/library/nginx:1"


def test_virtual_repository_stands_in_front_of_both():
    target = TargetSettings(project="acme", location="europe", repository="images", mode=Mode.VIRTUAL)
    known = [available("old:1", Verdict.RESCUE, hub=False, mirror=True), available("nginx:1")]
    document = planned(occurrence("old:1"), occurrence("nginx:1", line=2), known=known, target=target)
    front = of(document, CreateRepository)[-1]
    assert [each.repository for each in front.upstreams] == ["images-copies", "images-remote"]
    assert {str(each.destination).rpartition("/library/")[0] for each in of(document, Rewrite)} == {
        front.target.prefix
    }


def test_outputs_and_documentation_are_not_planned():
    document = planned(
        occurrence("acme/app:1", role=Role.OUTPUT), occurrence("nginx:1", role=Role.DOCUMENTATION)
    )
    assert document.actions == ()


def test_unresolved_text_is_for_a_person():
    document = planned(Unresolved("Dockerfile", 2, "dockerfile", "nginx:${V}", "V has no default"))
    assert of(document, Manual) == [Manual("nginx:${V}", ("Dockerfile:2",), "V has no default")]


def test_rule_keeps_a_name_whatever_its_version_is_and_so_decides_something():
    name = Reference.parse("kindest/node")
    item = Unresolved("a.sh", 2, "kind", "kind create cluster", "its version decides", reference=name)
    document = planned(item, rule=(Rule(Route.KEEP, "it is small", repository="kindest/node"),))
    assert of(document, Keep) == [Keep(name, ("a.sh:2",), "it is small")]
    assert (of(document, Manual), document.notes) == ([], ())


def test_other_registries_are_kept_with_their_places():
    document = planned(occurrence("ghcr.io/a/b:1", line=10), occurrence("ghcr.io/a/b:1", line=2))
    assert [each.places for each in of(document, Keep)] == [("Dockerfile:2", "Dockerfile:10")]


def test_cluster_is_moved_and_not_rewritten():
    document = planned(occurrence("nginx:1", path="-"))
    assert (len(of(document, Warm)), of(document, Rewrite), len(document.notes)) == (1, [], 1)


def test_readers_are_granted_every_repository():
    target = TargetSettings(project="acme", readers=("group:dev@acme.example",))
    assert [each.member for each in of(planned(occurrence("nginx:1"), target=target), Grant)] == [
        "group:dev@acme.example"
    ]


def test_actions_come_in_the_order_they_are_done():
    target = TargetSettings(project="acme", readers=("allUsers",))
    document = planned(occurrence("nginx:1"), occurrence("ghcr.io/a/b:1", line=2), target=target)
    assert [type(action) for action in document.actions] == [CreateRepository, Grant, Warm, Rewrite, Keep]


names = st.sampled_from(
    ["nginx:1", "nginx:2", "grafana/grafana:1", "ghcr.io/a/b", "mirror.gcr.io/library/nginx:1", "a/b"]
)
verdicts = st.sampled_from(list(Verdict))


@given(st.lists(names, max_size=12), st.dictionaries(names, verdicts), st.sampled_from(list(Mode)))
def test_every_transfer_is_in_exactly_one_wave(texts, known, mode):
    found = [occurrence(text, line=number) for number, text in enumerate(texts, start=1)]
    target = TargetSettings(project="acme", mode=mode)
    document = planned(
        *found, known=[available(text, verdict) for text, verdict in known.items()], target=target
    )
    assert sorted(name for wave in document.waves for name in wave.keys) == sorted(
        map(key, document.transfers)
    )


@given(st.lists(names, max_size=12), st.dictionaries(names, verdicts))
def test_every_pulled_reference_has_its_decision(texts, known):
    found = [occurrence(text, line=number) for number, text in enumerate(texts, start=1)]
    document = planned(*found, known=[available(text, verdict) for text, verdict in known.items()])
    decided = {each.reference for each in of(document, Rewrite) + of(document, Keep)}
    decided |= {Reference.parse(each.subject) for each in of(document, Manual)}
    assert decided == {each.reference for each in found}


@given(st.permutations(["nginx:1", "grafana/grafana:1", "ghcr.io/a/b", "a/b"]))
def test_order_of_findings_does_not_matter(texts):
    found = sorted((occurrence(text, path=text) for text in texts), key=lambda each: each.path)
    assert encode(planned(*found)) == encode(
        planned(*(occurrence(text, path=text) for text in sorted(texts)))
    )


BOTH = TargetSettings(project="acme", location="europe", upstreams=("docker.io", "ghcr.io"))


def test_other_upstream_has_a_repository_of_its_own_that_is_a_proxy_of_it():
    document = planned(occurrence("nginx:1"), occurrence("ghcr.io/a/b:1", line=2), target=BOTH)
    made = {each.target.repository: each.registry for each in of(document, CreateRepository)}
    assert made == {"docker-hub": "docker.io", "ghcr-io": "ghcr.io"}


def test_image_of_another_upstream_is_moved_like_one_of_docker_hub():
    document = planned(occurrence("ghcr.io/a/b:1"), target=BOTH)
    place = "europe-docker.pkg.dev/acme/ghcr-io/a/b:1"
    assert [str(each.destination) for each in (*of(document, Warm), *of(document, Rewrite))] == [place, place]


def test_upstream_that_is_not_moved_is_kept():
    only = TargetSettings(project="acme", location="europe", upstreams=("ghcr.io",))
    document = planned(occurrence("nginx:1"), target=only)
    assert [str(each.reference) for each in of(document, Keep)] == ["docker.io/library/nginx:1"]


def test_same_name_in_two_registries_goes_to_two_places():
    document = planned(occurrence("a/b:1"), occurrence("ghcr.io/a/b:1", line=2), target=BOTH)
    assert len({each.destination for each in of(document, Warm)}) == 2


def test_history_is_found_for_whatever_name_means_the_image():
    target = TargetSettings(project="acme", mode=Mode.STANDARD)
    asked = Reference.parse("nginx:latest")
    kept = {asked: Stability(asked, NOW, NOW, 3, 2, (NOW,), held_since=NOW)}
    known = [available("mirror.gcr.io/library/nginx", Verdict.CACHED_FRESH, mirror=True)]
    found = inventory(occurrence("mirror.gcr.io/library/nginx"))
    for history, origin in (({}, "mirror.gcr.io"), (kept, "docker.io")):
        basis = Basis(found, Availabilities(tuple(known)), Settings(target=target), history)
        (job,) = of(plan(basis, NOW), Copy)
        assert job.origin.registry == origin


def ordered(demand, *found):
    document = plan(
        Basis(inventory(*found), settings=Settings(target=TARGET, budget=UNLIMITED), demand=demand), NOW
    )
    return [job.source.repository.removeprefix("library/") for job in document.transfers], document


def test_what_is_pulled_most_is_moved_first():
    found = [occurrence("a:1"), occurrence("a:1", line=2), occurrence("b:1", line=3), occurrence("c", line=4)]
    pulled = {Reference.parse("mirror.gcr.io/library/c:latest"): 7, Reference.parse("b:1"): 9}
    assert ordered(Demand({}), *found)[0] == ["a", "b", "c"]
    names, document = ordered(Demand(pulled, ("a note",)), *found)
    assert (names, document.waves[0].title) == (["b", "c", "a"], "everything else, most pulled first")
    assert document.notes[0] == "a note"


def test_what_is_pulled_and_named_nowhere_is_told():
    pulled = {Reference.parse(f"x{number}:1"): number for number in range(1, 8)}
    _, document = ordered(Demand(pulled | {Reference.parse("ghcr.io/a/b"): 50}), occurrence("x7:1"))
    shown = ", ".join(f"docker.io/library/x{number}:1 ({number})" for number in (6, 5, 4, 3, 2))
    assert document.notes == (f"pulled, and named by nothing that was scanned: {shown} and 1 more",)


TEXTS = [
    "nginx:1",
    "redis:7",
    "grafana/grafana:11",
    "mirror.gcr.io/library/nginx:1",
    "quay.io/x/y:1",
    "nginx",
]
FOUND = st.lists(
    st.tuples(st.sampled_from(TEXTS), st.sampled_from(["a", "b", "c"]), st.integers(1, 9)), unique=True
)


@given(FOUND, st.randoms(use_true_random=False))
def test_plan_is_the_same_whatever_order_answers_come_in(found, chance):
    occurrences = [occurrence(text, path, line) for text, path, line in sorted(found, key=lambda x: x[1:])]
    known = [available(text) for text in sorted({text for text, *_ in found})]
    shuffled = chance.sample(known, len(known))
    assert encode(planned(*occurrences, known=known)) == encode(planned(*occurrences, known=shuffled))


@given(FOUND, st.sampled_from(Mode))
def test_every_transfer_is_in_one_wave_and_every_place_leads_to_a_transfer(found, mode):
    document = planned(
        *(occurrence(*each) for each in found), target=TargetSettings("acme", "europe", mode=mode)
    )
    keys = [name for wave in document.waves for name in wave.keys]
    assert sorted(keys) == sorted(key(job) for job in document.transfers)
    arrived = {job.destination.repository.split("/", 2)[2] for job in document.transfers}
    assert {each.destination.repository.split("/", 2)[2] for each in of(document, Rewrite)} <= arrived


def test_one_more_image_adds_lines_and_changes_few():
    few = [occurrence(text, "a", line) for line, text in enumerate(["nginx:1", "redis:7"], start=1)]
    before, after = (
        encode(planned(*each)).decode().splitlines() for each in (few, [*few, occurrence("busybox:1", "b")])
    )
    gone = [line for line in difflib.ndiff(before, after) if line.startswith("- ")]
    assert len(gone) == 7  # the digest of the inventory; pulls and seconds of the wave and of the whole


def test_tag_that_moves_is_refused_where_no_tag_can_unless_it_is_gone_and_moves_no_more():
    immutable = RepositorySettings(immutable_tags=True)
    standard = TargetSettings(project="acme", location="europe", mode=Mode.STANDARD)
    with pytest.raises(ConfigError, match=r"immutable-tags: .* these do: docker.io/library/nginx:1$"):
        planned(occurrence("nginx:1"), target=standard, repositories=immutable)
    known = [available("old:1", Verdict.RESCUE, hub=False, mirror=True)]
    gone = planned(occurrence("old:1"), known=known, target=standard, repositories=immutable)
    assert len(of(gone, Copy)) == 1


@pytest.mark.parametrize(
    ("subject", "image"),
    [
        ("docker.io/library/nginx:1.27", "nginx:1.27"),
        ("nginx:1.27", None),
        ("${IMAGE}", None),
        ("web/Dockerfile", None),
    ],
)
def test_what_is_left_to_a_person_is_an_image_where_it_is_written_in_full(subject, image):
    assert Manual(subject, (), "").reference == (Reference.parse(image) if image else None)
