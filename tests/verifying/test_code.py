"""What code names after a real rewriting, and what has changed beside it."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repository import committed
from rewritten import MEANS, SCAN, write
from rewritten import planned as planned_here

from planner.cli.main import run
from planner.model.document import decode
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, Rewrite
from planner.rewrite import rewrite
from planner.scan import places, scan
from planner.verifying.code import code

TARGET = "us-docker.pkg.dev/acme/docker-hub"
DOCKERFILE = "FROM nginx:1.27 AS a\nFROM redis:7\nFROM ghcr.io/a/b:1\n"
COMPOSE = "services:\n  web:\n    image: nginx:1.27\n"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    root = tmp_path / "shop"
    root.mkdir()
    committed(root, Dockerfile=DOCKERFILE, compose__yaml="x")
    monkeypatch.chdir(root)
    (root / "compose" / "yaml").unlink()
    (root / "compose.yaml").write_text(COMPOSE)
    return root


def planned(root: Path) -> Plan:
    place = root.parent / "plan.json"
    assert run(["plan", "--offline", "--project", "acme", "--output", str(place)]) == 0
    return decode(place.read_bytes(), Plan, "plan.json")


def rewritten(root: Path) -> Plan:
    plan = planned(root)
    place = str(root.parent / "plan.json")
    assert run(["rewrite", place, "--unverified", "--allow-dirty"]) == 0
    return plan


def said(plan: Plan, root: Path, **more: bool) -> list[tuple[str, str, str]]:
    found = code(plan, scan([root]), **more)
    return [(each.result, each.subject, each.error or each.detail) for each in found]


def bad(plan: Plan, root: Path) -> list[tuple[str, str]]:
    found = code(plan, scan([root]))
    return [(each.subject, each.error) for each in found if each.result is Result.FAILED]


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_rewritten_code_names_what_was_planned(tree):
    assert said(rewritten(tree), tree) == [
        ("done", "Dockerfile:1", f"names {TARGET}/library/nginx:1.27"),
        ("done", "Dockerfile:2", f"names {TARGET}/library/redis:7"),
        ("done", "compose.yaml:3", f"names {TARGET}/library/nginx:1.27"),
        ("done", "ghcr.io/a/b:1", "stays, as planned"),
    ]


def test_code_that_was_not_rewritten_is_listed_with_what_it_should_be(tree):
    assert bad(planned(tree), tree) == [
        ("Dockerfile:1", f"names docker.io/library/nginx:1.27, should name {TARGET}/library/nginx:1.27"),
        ("Dockerfile:2", f"names docker.io/library/redis:7, should name {TARGET}/library/redis:7"),
        ("compose.yaml:3", f"names docker.io/library/nginx:1.27, should name {TARGET}/library/nginx:1.27"),
    ]


def test_one_place_that_was_left_is_the_only_one_listed(tree):
    plan = rewritten(tree)
    (tree / "compose.yaml").write_text(COMPOSE)
    assert [subject for subject, _ in bad(plan, tree)] == ["compose.yaml:3"]


def test_lines_may_move(tree):
    plan = rewritten(tree)
    edit(tree / "Dockerfile", "FROM", "# one\n# two\nFROM")
    assert bad(plan, tree) == []


def test_place_that_is_left_is_told_where_it_is_now(tree):
    plan = planned(tree)
    (tree / "compose.yaml").write_text(f"# moved\n{COMPOSE}")
    assert "compose.yaml:4" in [subject for subject, _ in bad(plan, tree)]


def test_what_was_to_stay_and_is_gone_is_told(tree):
    plan = rewritten(tree)
    edit(tree / "Dockerfile", "ghcr.io/a/b:1", "ghcr.io/a/b:2")
    assert bad(plan, tree) == [
        (
            "ghcr.io/a/b:1",
            "was to stay, and is not named any more at Dockerfile:3 (`hub2ar plan` again)",
        )
    ]


def test_place_that_names_something_else_by_now_is_told(tree):
    plan = rewritten(tree)
    edit(tree / "Dockerfile", f"{TARGET}/library/redis:7", f"{TARGET}/library/redis:8")
    assert bad(plan, tree) == [
        (
            "Dockerfile:2",
            f"names neither docker.io/library/redis:7 any more nor {TARGET}/library/redis:7"
            " (`hub2ar plan` again)",
        )
    ]


def test_image_that_is_new_is_told_and_no_failure(tree):
    plan = rewritten(tree)
    (tree / "new.Dockerfile").write_text("FROM alpine:3\n")
    assert ("present", "docker.io/library/alpine:3", "new since the plan: new.Dockerfile:1") in said(
        plan, tree
    )
    assert bad(plan, tree) == []


def test_image_that_is_new_fails_where_that_is_wanted(tree):
    plan = rewritten(tree)
    (tree / "new.Dockerfile").write_text("FROM alpine:3\n")
    assert [each[:2] for each in said(plan, tree, strict=True) if each[0] == "failed"] == [
        ("failed", "docker.io/library/alpine:3")
    ]


def test_new_place_of_an_image_that_is_moved_fails(tree):
    plan = rewritten(tree)
    (tree / "new.Dockerfile").write_text("FROM mirror.gcr.io/library/nginx:1.27\n")
    assert bad(plan, tree) == [
        (
            "new.Dockerfile:1",
            "names mirror.gcr.io/library/nginx:1.27, new since the plan;"
            f" should name {TARGET}/library/nginx:1.27",
        )
    ]


def test_new_place_in_a_file_that_was_rewritten_fails(tree):
    plan = rewritten(tree)
    with (tree / "Dockerfile").open("a") as file:
        file.write("FROM nginx:1.27 AS again\n")
    assert [subject for subject, _ in bad(plan, tree)] == ["Dockerfile:4"]


def test_what_a_person_was_to_decide_is_told_until_it_is_decided(tree):
    (tree / "a.Dockerfile").write_text("ARG WHAT\nFROM ${WHAT}\n")
    plan = rewritten(tree)
    (left,) = (each for each in said(plan, tree) if each[0] == "present")
    assert left[2].startswith("left to you, at a.Dockerfile:2: ")
    edit(tree / "a.Dockerfile", "ARG WHAT", "ARG WHAT=ghcr.io/a/b:1")
    assert [each for each in said(plan, tree) if each[0] != "done"] == []


def test_name_of_which_only_the_version_is_open_is_proven(tree):
    (tree / "a.Dockerfile").write_text("ARG V\nFROM nginx:${V}\n")
    plan = planned(tree)
    assert "a.Dockerfile:2" in [subject for subject, _ in bad(plan, tree)]
    assert bad(rewritten(tree), tree) == []


def test_trees_that_were_not_scanned_are_not_spoken_of(tree):
    plan = planned(tree)
    (tree / "Dockerfile").unlink()
    found = code(plan, scan([tree]), ["Dockerfile"])
    assert [each.subject for each in found] == ["compose.yaml:3"]


def test_what_others_own_is_no_matter_of_a_plan_of_some(tree):
    (tree / "CODEOWNERS").write_text("Dockerfile @a\ncompose.yaml @b\n")
    place = tree.parent / "plan.json"
    assert run(["plan", "--offline", "--project", "acme", "--owner", "@a", "--output", str(place)]) == 0
    assert run(["rewrite", str(place), "--unverified", "--allow-dirty"]) == 0
    plan = decode(place.read_bytes(), Plan, "plan.json")
    assert [each for each in said(plan, tree) if each[0] != "done"] == []


def test_names_that_kustomizations_match_change_with_them(tree):
    (tree / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
        "spec:\n  containers:\n    - {name: a, image: redis:7}\n"
    )
    (tree / "kustomization.yaml").write_text(
        "resources: [pod.yaml]\nimages:\n  - name: redis\n    newTag: '7.2'\n"
    )
    plan = rewritten(tree)
    assert bad(plan, tree) == []


def test_image_that_is_built_here_is_matched_by_the_name_that_manifests_have_now(tree):
    (tree / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
        "spec:\n  containers:\n    - {name: a, image: manager:latest}\n"
    )
    (tree / "kustomization.yaml").write_text(
        "resources: [pod.yaml]\nimages:\n- name: manager\n  newName: quay.io/acme/manager\n  newTag: '1'\n"
    )
    (tree / "dev").mkdir()
    (tree / "dev/kustomization.yaml").write_text("resources: [../pod.yaml]\n")
    (tree / "Makefile").write_text("build:\n\tdocker build -t quay.io/acme/manager:1 .\n")
    plan = rewritten(tree)
    paths = [each.path for each in plan.actions if isinstance(each, Rewrite)]
    assert "kustomization.yaml" in paths
    assert bad(plan, tree) == []


IMAGES = ("nginx:1.27", "redis:7", "postgres:16", "ghcr.io/a/b:1", "quay.io/c/d:2")
FILES = st.dictionaries(
    st.sampled_from(["Dockerfile", "a/Dockerfile", "b.Dockerfile"]),
    st.lists(st.sampled_from(IMAGES), min_size=1, max_size=5),
    min_size=1,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, data=st.data())
def test_exactly_what_is_put_back_is_listed(files, data, tmp_path_factory):
    root = tmp_path_factory.mktemp("any") / "tree"
    committed(root_of(root), **{name.replace("/", "__"): text(images) for name, images in files.items()})
    here = Path.cwd()
    os.chdir(root)
    try:
        plan = rewritten(root)
        places = [(name, number) for name, images in files.items() for number in range(len(images))]
        moved = [each for each in places if "/" not in files[each[0]][each[1]]]
        back = data.draw(st.lists(st.sampled_from(moved), unique=True)) if moved else []
        for name, number in back:
            lines = (root / name).read_text().splitlines(keepends=True)
            lines[number] = text(files[name]).splitlines(keepends=True)[number]
            (root / name).write_text("".join(lines))
        expected = sorted(f"{name}:{number + 1}" for name, number in back)
        assert sorted(subject for subject, _ in bad(plan, root)) == expected
        assert count(code(plan, scan([root])), Result.DONE) >= len(moved) - len(back)
    finally:
        os.chdir(here)


def root_of(root: Path) -> Path:
    root.mkdir()
    return root


def text(images: list[str]) -> str:
    return "".join(f"FROM {image}\n" for image in images)


def count(found: list[Outcome], result: Result) -> int:
    return sum(each.result is result for each in found)


CENTRAL = {
    "kustomize": {
        "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
        "    - {name: a, image: 'redis:1'}\n    - {name: b, image: 'redis:2'}\n"
        "    - {name: c, image: 'redis:3'}\n",
        "kustomization.yaml": "resources: [pod.yaml]\n",
    },
    "build_context": {
        "compose.yaml": "services:\n  web:\n    build:\n      context: .\n"
        "      additional_contexts:\n        base: docker-image://nginx:1.27\n",
        "Dockerfile": "FROM nginx:1.27 AS a\nFROM nginx:1.27 AS b\nFROM nginx:1.27 AS c\n",
    },
    "hub_prefix": {
        "src/test/resources/testcontainers.properties": "ryuk.disabled=true\n",
        "src/test/java/ATest.java": "import org.testcontainers.containers.GenericContainer;\n"
        'class ATest { GenericContainer<?> a = new GenericContainer<>("acme/a:1");\n'
        '  GenericContainer<?> b = new GenericContainer<>("acme/b:1");\n'
        '  GenericContainer<?> c = new GenericContainer<>("acme/c:1"); }\n',
    },
}


@pytest.mark.parametrize("kind", CENTRAL)
def test_code_that_is_told_in_one_central_place_is_proven_too(tmp_path, kind):
    write(tmp_path, CENTRAL[kind])
    plan = planned_here(tmp_path)
    result = rewrite(plan, places([tmp_path]), SCAN, MEANS, central=True)
    for repository in result.repositories:
        for each in repository.files:
            each.file.file.write_bytes(each.after)
    found = code(plan, scan([tmp_path]))
    assert [(each.subject, each.error) for each in found if each.result is Result.FAILED] == []
    assert count(found, Result.DONE) == sum(isinstance(each, Rewrite) for each in plan.actions) > 0
