"""What a gate finds, and what it passes over."""

import pytest
from gated import HUB, NEW, REGISTRY, SETTINGS, UNRESOLVED, asked, gate, planned, subjects, written
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.gate import of_inventory, of_plan, touches
from planner.model.finding import Level
from planner.model.rule import Route, Rule
from planner.scan import scan


@pytest.fixture
def tree(tmp_path):
    return lambda **files: written(tmp_path, {name.replace("__", "/"): text for name, text in files.items()})


def test_pull_from_docker_hub_is_found_with_what_to_write(tree):
    (found,) = gate(tree(Dockerfile="FROM nginx:1.27\nFROM ghcr.io/a/b:1\n"), HUB).found
    assert (found.criterion, found.level, found.subject) == (HUB, Level.ERROR, "docker.io/library/nginx:1.27")
    assert (
        found.said
        == f"docker.io/library/nginx:1.27 comes from Docker Hub; write {REGISTRY}/library/nginx:1.27"
    )


@pytest.mark.parametrize(
    "name",
    ["mirror.gcr.io/library/nginx:1", f"{REGISTRY}/library/nginx:1", "public.ecr.aws/docker/library/nginx"],
)
def test_what_does_not_come_from_docker_hub_is_no_finding(tree, name):
    assert gate(tree(Dockerfile=f"FROM {name}\n"), HUB).found == ()


def test_outputs_documentation_rules_and_fixtures_are_no_findings(tree):
    root = tree(
        Makefile="push:\n\tdocker build -t acme/app:1 .\n\tdocker push acme/app:1\n",
        **{"README.md": "```sh\ndocker run nginx\n```\n", "testdata__Dockerfile": "FROM nginx\nFROM $X\n"},
    )
    assert gate(root, HUB, UNRESOLVED).found == ()


def test_comment_excuses_a_line(tree):
    root = tree(Dockerfile="# hub2ar: ignore\nFROM nginx\nFROM alpine\n")
    assert subjects(gate(root, HUB)) == ["docker.io/library/alpine"]


def test_rule_that_keeps_an_image_excuses_it_and_is_counted(tree):
    settings = replace(SETTINGS, rule=(Rule(Route.KEEP, "we pay for it", repository="nginx"),))
    found = gate(tree(Dockerfile="FROM nginx\nFROM alpine\n"), HUB, settings=settings)
    assert (subjects(found), found.kept) == (["docker.io/library/alpine"], 1)


def test_rule_keeps_an_image_whatever_its_version_is(tree):
    settings = replace(SETTINGS, rule=(Rule(Route.KEEP, "it is small", repository="nginx"),))
    found = gate(tree(Dockerfile="FROM nginx:$V\n"), HUB, UNRESOLVED, settings=settings)
    assert (found.found, found.kept) == ((), 1)


def test_new_image_of_a_mirror_says_what_to_write(tree):
    root = tree(Dockerfile="FROM scratch\n")
    baseline = scan([root])
    tree(Dockerfile="FROM mirror.gcr.io/library/nginx:1\n")
    (found,) = gate(root, NEW, baseline=baseline).found
    assert (found.advice, len(found.edits)) == (f"write {REGISTRY}/library/nginx:1", 1)


def test_rule_that_leaves_an_image_to_a_person_gives_its_reason(tree):
    settings = replace(SETTINGS, rule=(Rule(Route.MANUAL, "ask the owner", repository="nginx"),))
    (found,) = gate(tree(Dockerfile="FROM nginx\n"), HUB, settings=settings).found
    assert found.advice == "ask the owner"


def test_other_registry_that_is_moved_is_found_too(tree):
    target = replace(SETTINGS.target, upstreams=("docker.io", "ghcr.io"))
    (found,) = gate(
        tree(Dockerfile="FROM ghcr.io/a/b:1\n"), HUB, settings=replace(SETTINGS, target=target)
    ).found
    assert found.message == "ghcr.io/a/b:1 comes from ghcr.io"
    assert found.advice == "write us-docker.pkg.dev/acme/ghcr-io/a/b:1"


def test_name_on_docker_hub_whose_version_is_open_comes_from_there_and_is_told_once(tree):
    (found,) = gate(tree(Dockerfile="FROM nginx:$V\n"), HUB, UNRESOLVED).found
    assert (found.criterion, found.subject, found.level) == (HUB, "docker.io/library/nginx", Level.WARNING)
    assert "in a version that is not known" in found.message


def test_what_is_not_known_is_found_where_that_is_asked(tree):
    root = tree(Dockerfile="FROM $IMAGE\n")
    assert gate(root, HUB).found == ()
    (found,) = gate(root, UNRESOLVED).found
    assert (found.criterion, found.level) == (UNRESOLVED, Level.WARNING)
    assert found.message.startswith("'$IMAGE' is not known: IMAGE ")


def test_guess_is_a_warning(tree):
    (found,) = gate(tree(**{"config.py": 'IMAGE = "nginx:1.27"\n'}), HUB).found
    assert (found.level, found.subject) == (Level.WARNING, "docker.io/library/nginx:1.27")


def test_what_pulls_by_itself_says_which_setting_moves_it(tree):
    (found,) = gate(tree(**{"a.sh": "docker buildx create --use\n"}), HUB).found
    assert found.advice.startswith(f"write {REGISTRY}/moby/buildkit:buildx-stable-1 (")
    assert "--driver-opt image=" in found.advice


def test_with_a_baseline_only_what_it_does_not_have_is_found(tree):
    root = tree(Dockerfile="FROM nginx\nFROM $A\n")
    baseline = scan([root])
    tree(Dockerfile="# more\nFROM nginx\nFROM $A\nFROM alpine\nFROM $B\n")
    found = gate(root, HUB, UNRESOLVED, baseline=baseline)
    assert subjects(found) == ["docker.io/library/alpine", "$B"]
    assert (found.compared, found.known, found.gone) == (True, 2, 0)


def test_new_image_of_any_registry_is_found_and_known_ones_are_not(tree):
    root = tree(Dockerfile="FROM quay.io/a/b:1\n")
    baseline = scan([root])
    tree(Dockerfile="FROM quay.io/a/b:2\nFROM quay.io/c/d:1\n")
    (found,) = gate(root, NEW, baseline=baseline).found
    assert (found.criterion, found.message) == (NEW, "quay.io/c/d:1 is not in the baseline")


def test_new_image_from_docker_hub_is_told_once_and_as_that(tree):
    root = tree(Dockerfile="FROM nginx\n")
    baseline = scan([root])
    tree(Dockerfile="FROM nginx\nFROM alpine\n")
    (found,) = gate(root, HUB, NEW, baseline=baseline).found
    assert (found.criterion, found.subject) == (HUB, "docker.io/library/alpine")


def test_image_that_was_moved_is_not_new_and_one_that_came_back_is_found(tree):
    root = tree(Dockerfile="FROM nginx:1\n")
    before = scan([root])
    tree(Dockerfile=f"FROM {REGISTRY}/library/nginx:1\n")
    after = scan([root])
    moved = {REGISTRY: "docker.io"}
    assert gate(root, HUB, NEW, baseline=before, moved=moved).found == ()
    tree(Dockerfile="FROM nginx:1\n")
    assert len(gate(root, HUB, NEW, baseline=after, moved=moved).found) == 1


def test_what_is_found_may_be_limited_to_files_and_what_is_set_there(tree):
    root = tree(**{".env": "IMAGE=redis:7\n"}, Dockerfile="FROM nginx\n")
    tree(**{"compose.yaml": "services:\n  a:\n    image: ${IMAGE}\n  b:\n    image: alpine\n"})
    assert subjects(gate(root, HUB, only={".env"})) == ["docker.io/library/redis:7"]
    assert subjects(gate(root, HUB, only={"Dockerfile"})) == ["docker.io/library/nginx"]
    assert [touches(each, {".env"}) for each in scan([root]).found].count(True) == 1


def test_plan_alone_tells_what_is_left(tree):
    root = tree(Dockerfile="FROM nginx\nFROM $IMAGE\nFROM ghcr.io/a/b:1\n")
    found = of_plan(planned(root)).found
    assert [(each.criterion, each.subject) for each in found] == [
        (HUB, "docker.io/library/nginx"),
        (UNRESOLVED, "$IMAGE"),
    ]
    assert found[0].advice == f"write {REGISTRY}/library/nginx"


def test_rule_that_only_follows_an_image_is_no_finding_of_a_plan(tree):
    text = '{"packageRules": [{"matchPackageNames": ["docker.io/library/nginx"], "enabled": false}]}\n'
    root = tree(Dockerfile="FROM docker.io/library/nginx:1\n", **{"renovate.json": text})
    assert [each.site.path for each in of_plan(planned(root)).found] == ["Dockerfile"]


def test_without_a_plan_nothing_is_advised(tree):
    (found,) = of_inventory(scan([tree(Dockerfile="FROM nginx\n")]), asked(HUB)).found
    assert (found.advice, found.edits) == ("", ())


_LINES = st.lists(
    st.sampled_from(["FROM nginx:1", "FROM nginx:2", "FROM alpine", "FROM $X", "# note"]), max_size=12
)


@given(_LINES, st.integers(0, 5), st.integers(0, 12))
def test_fingerprints_stay_where_lines_shift_and_differ_from_each_other(tmp_path_factory, lines, more, at):
    folder = tmp_path_factory.mktemp("tree")
    root = written(folder, {"Dockerfile": "".join(f"{line}\n" for line in lines)})
    before = [each.fingerprint for each in gate(root, HUB, UNRESOLVED).found]
    shifted = [*lines[:at], *["# more"] * more, *lines[at:]]
    written(folder, {"Dockerfile": "".join(f"{line}\n" for line in shifted)})
    assert [each.fingerprint for each in gate(root, HUB, UNRESOLVED).found] == before
    assert len(set(before)) == len(before)


def test_fingerprint_stays_when_a_version_does_not(tree):
    before = [each.fingerprint for each in gate(tree(Dockerfile="FROM nginx:1\n"), HUB).found]
    assert [each.fingerprint for each in gate(tree(Dockerfile="FROM nginx:2\n"), HUB).found] == before
