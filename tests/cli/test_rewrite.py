import os
import subprocess
import tempfile

import pytest
from google_apis import running
from repository import committed, git

from planner.cli.main import run
from planner.model.document import decode, encode, encode_line
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, key
from planner.model.reference import Reference
from planner.rehearsal.filling import fill
from planner.rehearsal.world import World

TARGET = "us-docker.pkg.dev/acme/docker-hub"
BEFORE = "FROM nginx:1.27\nFROM ghcr.io/a/b:1\n"
AFTER = f"FROM {TARGET}/library/nginx:1.27\nFROM ghcr.io/a/b:1\n"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A repository with a plan beside it; the working directory is its root."""
    root = tmp_path / "shop"
    root.mkdir()
    committed(root, Dockerfile=BEFORE, docs__a="x")
    monkeypatch.chdir(root)
    assert run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"]) == 0
    return root


@pytest.fixture
def rewrite(capsys):
    def command(*arguments):
        capsys.readouterr()
        code = run(["rewrite", "../plan.json", *arguments])
        return code, capsys.readouterr()

    return command


def text(root):
    return (root / "Dockerfile").read_text()


def document(root):
    return decode((root.parent / "plan.json").read_bytes(), Plan, "plan.json")


def test_files_are_edited_in_place(tree, rewrite):
    code, said = rewrite("--unverified")
    assert (code, text(tree)) == (0, AFTER)
    assert said.out == f"~ Dockerfile:1: nginx:1.27 -> {TARGET}/library/nginx:1.27\n"
    assert "1 place in 1 file rewritten" in said.err


def test_second_run_changes_nothing_and_says_so(tree, rewrite):
    rewrite("--unverified")
    before = (tree / "Dockerfile").stat().st_mtime_ns
    code, said = rewrite("--unverified")
    assert (code, said.out, (tree / "Dockerfile").stat().st_mtime_ns) == (0, "", before)
    assert "nothing to rewrite" in said.err


def test_diff_is_a_patch_and_nothing_changes(tree, rewrite):
    code, said = rewrite("--diff")
    assert (code, text(tree)) == (0, BEFORE)
    subprocess.run(["git", "apply", "-"], input=said.out.encode(), cwd=tree, check=True)
    assert text(tree) == AFTER


def test_check_tells_by_its_exit_code(tree, rewrite):
    assert (rewrite("--check")[0], text(tree)) == (10, BEFORE)
    rewrite("--unverified")
    assert rewrite("--check")[0] == 0


def test_revert_puts_back_what_was_there(tree, rewrite):
    rewrite("--unverified")
    code, said = rewrite("--revert")
    assert (code, text(tree), git(tree, "status", "--porcelain")) == (0, BEFORE, "")
    assert "1 file put back" in said.err


def test_revert_of_what_was_edited_since_is_refused(tree, rewrite):
    rewrite("--unverified")
    (tree / "Dockerfile").write_text(AFTER + "RUN x\n")
    code, said = rewrite("--revert")
    assert (code, text(tree)) == (1, AFTER + "RUN x\n")
    assert "Dockerfile has changed since the plan was made" in said.err


def test_dirty_tree_is_refused(tree, rewrite):
    (tree / "docs" / "a").write_text("y")
    code, said = rewrite("--unverified")
    assert (code, text(tree)) == (1, BEFORE)
    assert "not committed: docs/a" in said.err
    assert rewrite("--unverified", "--allow-dirty")[0] == 0
    assert text(tree) == AFTER


def test_new_file_that_is_not_rewritten_makes_no_tree_dirty(tree, rewrite):
    (tree / "notes.txt").write_text("x")
    assert rewrite("--unverified")[0] == 0


def test_new_file_that_would_be_rewritten_does(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "shop"
    root.mkdir()
    committed(root, a="x")
    monkeypatch.chdir(root)
    (root / "Dockerfile").write_text(BEFORE)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    assert (rewrite("--unverified")[0], text(root)) == (1, BEFORE)


def test_stale_plan_is_refused(tree, rewrite):
    committed(tree, Dockerfile="FROM nginx:2\n")
    code, said = rewrite("--unverified")
    assert (code, text(tree)) == (1, "FROM nginx:2\n")
    assert "Dockerfile has changed since the plan was made" in said.err


def test_destination_that_no_outcome_confirms_is_refused(tree, rewrite, tmp_path):
    outcomes = tmp_path / "outcomes.jsonl"
    outcomes.write_bytes(b"")
    code, said = rewrite("--outcomes", str(outcomes))
    assert (code, text(tree)) == (1, BEFORE)
    assert f"nothing confirms that {TARGET}/library/nginx:1.27 is there, for Dockerfile:1 (" in said.err


def test_destination_that_an_outcome_confirms_is_written(tree, rewrite, tmp_path):
    [job] = document(tree).transfers
    failed, done = (Outcome(key(job), "warm", "x", result) for result in (Result.FAILED, Result.DONE))
    outcomes = tmp_path / "outcomes.jsonl"
    outcomes.write_bytes(encode_line(done) + b"\n" + encode_line(failed) + b"\n")
    assert rewrite("--outcomes", str(outcomes))[0] == 1
    outcomes.write_bytes(encode_line(failed) + b"\n" + encode_line(done) + b"\n")
    assert (rewrite("--outcomes", str(outcomes))[0], text(tree)) == (0, AFTER)


def test_destination_is_asked_where_no_outcomes_are_given(tree, rewrite):
    (tree.parent / "hub2ar.toml").write_text('[endpoints]\n"us-docker.pkg.dev" = "http://127.0.0.1:9"\n')
    code, said = rewrite("--config", "../hub2ar.toml")
    assert (code, text(tree)) == (1, BEFORE)
    assert "nothing confirms" in said.err


def test_whole_move_against_stand_ins(tree, rewrite, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    settings = ("--config", "../hub2ar.toml")
    with running(World(filling=fill([Reference.parse("nginx:1.27")]), locations=["us"])) as world:
        lines = (f'"{name}" = "{url}"\n' for name, url in world.endpoints.items())
        (tmp_path / "hub2ar.toml").write_text("[endpoints]\n" + "".join(lines))
        assert run(["plan", "--project", "acme", "--output", "../plan.json", *settings]) == 0
        assert rewrite(*settings)[0] == 1
        assert run(["apply", "../plan.json", *settings]) == 0
        code, said = rewrite(*settings)
    assert (code, text(tree), "1 place in 1 file rewritten" in said.err) == (0, AFTER, True)


def test_plan_without_a_project_is_refused(tree, rewrite):
    run(["plan", "--offline", "--output", "../plan.json"])
    assert rewrite("--unverified")[0] == 2


def test_plan_that_is_not_there_is_no_input(tree):
    assert run(["rewrite", "nothing.json"]) == 3


def test_tree_that_is_not_there_is_no_input(tree, rewrite):
    assert rewrite("nothing", "--unverified")[0] == 3


def test_modes_exclude_one_another(tree, rewrite):
    code, said = rewrite("--diff", "--check")
    assert (code, "--diff and --check exclude one another" in said.err) == (2, True)


def test_bare_repository_has_no_files_to_edit(tree, rewrite, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", str(tree), str(tmp_path / "bare.git"))
    code, said = rewrite("../bare.git", "--unverified")
    assert (code, "has no files to edit" in said.err) == (3, True)


def test_each_repository_is_changed_as_a_whole_or_not_at_all(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "all"
    for name in ("one", "two"):
        (root / name).mkdir(parents=True)
        committed(root / name, Dockerfile=BEFORE, b__Dockerfile="FROM redis:7\n")
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    committed(root / "two", b__Dockerfile="FROM redis:8\n")
    code, said = rewrite("--unverified")
    assert (code, text(root / "one"), text(root / "two")) == (1, AFTER, BEFORE)
    assert f"nothing is changed in {root / 'two'}: two/b/Dockerfile has changed" in said.err


def test_patches_are_one_for_each_repository(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "all"
    for name in ("one", "two"):
        (root / name).mkdir(parents=True)
        committed(root / name, Dockerfile=BEFORE)
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    code, _ = rewrite("--patch-dir", "../patches", "--unverified")
    assert (code, sorted(path.name for path in (tmp_path / "patches").iterdir())) == (
        0,
        ["one.patch", "two.patch"],
    )
    git(root / "two", "apply", "../../patches/two.patch")
    assert (text(root / "one"), text(root / "two")) == (BEFORE, AFTER)


def test_patch_is_replaced_whole_and_one_that_cannot_be_written_is_named(tree, rewrite):
    folder = tree.parent / "patches"
    folder.mkdir()
    (folder / "shop.patch").write_text("an earlier one")
    (tree.parent / "kept").hardlink_to(folder / "shop.patch")
    assert rewrite("--patch-dir", "../patches", "--unverified")[0] == 0
    assert (tree.parent / "kept").read_text() == "an earlier one"
    (folder / "shop.patch").unlink()
    (folder / "shop.patch").symlink_to("/dev/full")
    code, said = rewrite("--patch-dir", "../patches", "--unverified")
    assert (code, "'../patches/shop.patch' cannot be written: no space left" in said.err) == (2, True)


def test_folder_that_cannot_be_made_is_named_and_nothing_is_changed(tree, rewrite, monkeypatch):
    code, said = rewrite("--patch-dir", "Dockerfile/patches", "--unverified")
    assert (code, "'Dockerfile/patches' cannot be written: not a directory" in said.err) == (2, True)
    monkeypatch.setenv("HUB2AR_STATE_DIR", str(tree / "Dockerfile"))
    for what in ("--unverified", "--revert"):
        code, said = rewrite(what)
        assert (code, "Dockerfile/rewrites' cannot be written" in said.err) == (2, True)
        assert "HUB2AR_STATE_DIR" in said.err
    assert text(tree) == BEFORE


def test_patches_are_one_for_each_owner(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "shop"
    root.mkdir()
    files = {"web__Dockerfile": BEFORE, "api__Dockerfile": BEFORE, "Dockerfile": BEFORE}
    committed(root, CODEOWNERS="/web/ @acme/web\n/api/ @acme/api\n", **files)
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    rewrite("--patch-dir", "../patches", "--by-owner", "--unverified")
    names = ["shop-acme-api.patch", "shop-acme-web.patch", "shop-nobody.patch"]
    assert sorted(path.name for path in (tmp_path / "patches").iterdir()) == names
    for name in names:
        git(root, "apply", f"../patches/{name}")
    assert [text(root / place) for place in ("web", "api", ".")] == [AFTER] * 3


def test_branch_holds_the_change_and_the_work_tree_does_not(tree, rewrite):
    code, _ = rewrite("--branch", "leave-docker-hub", "--unverified")
    assert (code, text(tree), git(tree, "status", "--porcelain")) == (0, BEFORE, "")
    assert git(tree, "show", "leave-docker-hub:Dockerfile") + "\n" == AFTER
    message = git(tree, "log", "-1", "--format=%B", "leave-docker-hub")
    assert message.startswith("Pull images from us-docker.pkg.dev\n")
    assert f"| `docker.io/library/nginx:1.27` | `{TARGET}/library/nginx:1.27` |" in message
    assert git(tree, "diff", "--name-only", "HEAD", "leave-docker-hub") == "Dockerfile"


def test_branch_takes_a_file_of_two_names_once_and_keeps_its_mode(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "shop"
    root.mkdir()
    (root / "run me.sh").write_text("docker run nginx:1\n")
    (root / "run me.sh").chmod(0o755)
    (root / "link.sh").symlink_to("run me.sh")
    committed(root)
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    assert rewrite("--branch", "next", "--unverified")[0] == 0
    assert git(root, "diff", "--raw", "--abbrev=1", "HEAD", "next").startswith(":100755 100755")
    assert git(root, "diff", "--name-only", "HEAD", "next") == "run me.sh"


def test_branch_keeps_everything_beside_what_moves_and_makes_no_temporary_file(
    tmp_path, monkeypatch, rewrite
):
    root, other = tmp_path / "shop", tmp_path / "other"
    root.mkdir()
    other.mkdir()
    committed(other, README="a submodule\n")
    for place in ("a/b/c d", "a/b.d", "a", "\u00e9"):
        (root / place).mkdir(parents=True, exist_ok=True)
        (root / place / "Dockerfile").write_text(BEFORE)
        (root / place / "kept").write_text(place)
    git(root, "init", "--quiet")
    git(root, "submodule", "--quiet", "add", str(other), "a/sub")
    committed(root)
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))  # one that is killed would leave them
    assert rewrite("--branch", "next", "--unverified")[0] == 0
    moved = git(root, "-c", "core.quotePath=false", "diff", "--name-only", "HEAD", "next").splitlines()
    assert moved == [f"{place}/Dockerfile" for place in ("a", "a/b.d", "a/b/c d", "\u00e9")]
    assert git(root, "show", "next:a/b/c d/Dockerfile") + "\n" == AFTER
    git(root, "fsck", "--strict")


def test_branch_is_not_made_from_what_is_not_committed(tree, rewrite):
    (tree / "Dockerfile").write_text(BEFORE + "RUN x\n")
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    code, said = rewrite("--branch", "next", "--unverified")
    assert (code, "Dockerfile differs from the last commit" in said.err) == (1, True)
    assert git(tree, "branch", "--list", "next") == ""


@pytest.mark.parametrize("name", ["main", "-x", "a..b", "a b", ""])
def test_name_that_is_taken_or_none_is_no_branch(tree, rewrite, name):
    before = git(tree, "branch", "--list")
    if name:
        assert rewrite(f"--branch={name}", "--unverified")[0] == 1
    assert git(tree, "branch", "--list") == before


def test_mode_and_line_ends_stay(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "shop"
    root.mkdir()
    (root / "run.sh").write_bytes(b"\xef\xbb\xbf#!/bin/sh\r\ndocker run nginx:1\r\n# caf\xe9")
    (root / "run.sh").chmod(0o755)
    committed(root)
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    assert rewrite("--unverified")[0] == 0
    expected = b"\xef\xbb\xbf#!/bin/sh\r\ndocker run %s/library/nginx:1\r\n# caf\xe9" % TARGET.encode()
    assert ((root / "run.sh").read_bytes(), (root / "run.sh").stat().st_mode & 0o777) == (expected, 0o755)


NAMES = ["a b", "-rf", "--revert", 'q"q', "n\nl", "caf\udce9", "$(touch x)", "\\", "é"]


@pytest.mark.parametrize("name", NAMES)
def test_path_may_be_anything(tmp_path, monkeypatch, rewrite, name):
    root = tmp_path / "shop"
    (root / name).mkdir(parents=True)
    (root / name / "Dockerfile").write_text(BEFORE)
    committed(root)
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    assert rewrite("--patch-dir", "../patches", "--unverified")[0] == 0
    git(root, "apply", "--check", "../patches/shop.patch")
    assert rewrite("--unverified")[0] == 0
    assert (root / name / "Dockerfile").read_text() == AFTER
    git(root, "apply", "--reverse", "--check", "../patches/shop.patch")
    assert rewrite("--revert")[0] == 0
    assert git(root, "status", "--porcelain") == ""


def test_link_out_of_the_tree_is_not_followed(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "shop"
    root.mkdir()
    committed(root, Dockerfile=BEFORE)
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    outside = tmp_path / "outside"
    outside.write_text(BEFORE)
    (root / "Dockerfile").unlink()
    (root / "Dockerfile").symlink_to(outside)
    assert rewrite("--unverified", "--allow-dirty")[0] == 1
    assert outside.read_text() == BEFORE


def test_plan_that_leads_out_of_the_tree_is_not_followed(tree, rewrite, tmp_path):
    (tmp_path / "Dockerfile").write_text(BEFORE)
    content = encode(document(tree)).replace(b'"Dockerfile"', b'"../Dockerfile"')
    (tmp_path / "plan.json").write_bytes(content)
    assert rewrite("--unverified")[0] in (1, 3)
    assert (tmp_path / "Dockerfile").read_text() == BEFORE


def test_other_run_in_the_same_tree_is_waited_for(tree, rewrite):
    from pathlib import Path

    from planner.cli._rewriting import _alone

    with _alone((Path(),)):
        code, said = rewrite("--unverified")
    assert (code, "another run is rewriting here" in said.err, text(tree)) == (1, True, BEFORE)


def test_who_has_to_be_let_in_is_told(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "shop"
    root.mkdir()
    workflow = "on: push\njobs: {a: {runs-on: x, container: 'node:20', steps: []}}\n"
    pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'nginx:1'}]}\n"
    committed(root, **{".github__workflows__a.yml": workflow, "pod.yaml": pod})
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    said = rewrite("--check")[1].err
    assert "google-github-actions/auth" in said
    assert "registry: us-docker.pkg.dev" in said
    assert "the service account of the nodes needs roles/artifactregistry.reader" in said


def test_pattern_that_no_longer_matches_is_told(tmp_path, monkeypatch, rewrite):
    root = tmp_path / "shop"
    root.mkdir()
    policy = (
        "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec:\n  rules:\n    - verifyImages:\n"
        "        - imageReferences: ['docker.io/library/*']\n"
    )
    committed(root, Dockerfile=BEFORE, **{"policy.yaml": policy})
    monkeypatch.chdir(root)
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    said = rewrite("--check")[1].err
    assert "policy.yaml:6: the glob 'docker.io/library/*' does not match what was moved" in said
    assert f": write '{TARGET}/library/*' beside it" in said


POD = (
    "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
    "    - {name: a, image: 'nginx:1.27'}\n    - {name: b, image: 'nginx:1.26'}\n"
)


@pytest.fixture
def kustomized(tree):
    """The repository with a kustomization of a manifest that names an image twice."""
    (tree / "kustomization.yaml").write_text("resources: [pod.yaml]\n")
    (tree / "pod.yaml").write_text(POD)
    git(tree, "add", "--all")
    git(tree, "commit", "-qm", "pods")
    assert run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"]) == 0
    return tree


def test_central_place_is_told_with_what_it_serves_and_what_is_not_proven(kustomized, rewrite):
    code, said = rewrite("--strategy", "central", "--unverified")
    assert (code, (kustomized / "pod.yaml").read_text()) == (0, POD)
    entry = f"- name: nginx\n  newName: {TARGET}/library/nginx\n"
    assert (kustomized / "kustomization.yaml").read_text().endswith(entry)
    assert (
        "= kustomization.yaml:4: images of a kustomization, for 2 places (docker.io/library/nginx" in said.out
    )
    assert (
        "note: not proven of images of a kustomization: manifests that are applied by themselves" in said.err
    )
    assert rewrite("--strategy", "central", "--check")[0] == 0
    assert rewrite("--revert")[0] == 0
    assert git(kustomized, "status", "--porcelain") == ""


def test_patch_of_a_central_place_begins_with_what_it_serves(kustomized, rewrite):
    rewrite("--strategy", "central", "--unverified", "--patch-dir", "../patches")
    [patch] = (kustomized.parent / "patches").iterdir()
    assert "\n# not proven of images of a kustomization: " in patch.read_text()
    assert patch.read_text().startswith("# kustomization.yaml:4: images of a kustomization, for 2 places")
    subprocess.run(["git", "apply", str(patch)], cwd=kustomized, check=True)
    assert (kustomized / "pod.yaml").read_text() == POD


def test_branch_of_a_central_place_says_what_it_serves(kustomized, rewrite):
    rewrite("--strategy", "central", "--unverified", "--branch", "moved")
    body = git(kustomized, "log", "-1", "--format=%b", "moved")
    assert "- kustomization.yaml:4: images of a kustomization, for 2 places" in body
    assert "- not proven of images of a kustomization" in body


def test_patches_of_both_strategies_give_what_was_planned(kustomized, rewrite):
    _, said = rewrite("--strategy", "edit", "--diff")
    subprocess.run(["git", "apply", "-"], input=said.out.encode(), cwd=kustomized, check=True)
    assert (kustomized / "pod.yaml").read_text() == POD.replace("nginx", f"{TARGET}/library/nginx")


def test_refusal_names_one_place_counts_the_others_and_does_not_say_that_there_is_nothing(tree, rewrite):
    (tree / "Dockerfile").write_text("FROM nginx:1.27\nFROM redis:7\nFROM httpd:2\n")
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    code, said = rewrite("--outcomes", "/dev/null", "--allow-dirty")
    first = (
        f"nothing confirms that {TARGET}/library/nginx:1.27 is there, for Dockerfile:1, nor for 2 more places"
    )
    assert (code, first in said.err) == (1, True)
    assert "nothing rewritten; 1 repository refused" in said.err


@pytest.mark.skipif(os.name == "nt", reason="no file of Windows has such a name")
def test_path_with_a_line_break_stays_in_one_line_of_a_note(tree, rewrite):
    (tree / "a\nb.Dockerfile").write_text("FROM redis:7\n")
    run(["plan", "--offline", "--project", "acme", "--output", "../plan.json"])
    _, said = rewrite("--unverified", "--allow-dirty")
    assert "a\\x0ab.Dockerfile:1)" in said.err


def test_folder_in_the_place_of_the_plan_is_told_what_comes_there(tree, capsys):
    capsys.readouterr()
    assert run(["rewrite", "."]) == 3
    said = capsys.readouterr().err
    assert "'.' cannot be read: is a directory\nhint: `hub2ar plan` writes a plan" in said
