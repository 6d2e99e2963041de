from pathlib import Path

import pytest
from repository import committed, git, write

from planner.cli.main import run
from planner.config import ScanSettings
from planner.model.document import decode
from planner.model.inventory import Inventory
from planner.repositories import Repository, merged, scan_all
from planner.scan import Place, scan, scan_places
from planner.scanning.gather import Means
from planner.sources.revision import resolve
from planner.sources.worktree import Worktree

ONLY = ScanSettings(select=("dockerfile",))
IMAGE = "FROM nginx:1\n"
LIMIT = 10**7


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def owners(*paths, settings=ONLY):
    return dict(scan(paths, settings).owners)


def test_files_in_which_something_is_found_have_the_owners_of_their_path(here):
    committed(here, CODEOWNERS="* @all\n/web/ @web\n", web__Dockerfile=IMAGE, Dockerfile=IMAGE, web__x="")
    assert owners(here) == {"Dockerfile": ("@all",), "web/Dockerfile": ("@web",)}


def test_path_without_an_owner_is_left_out(here):
    committed(here, CODEOWNERS="/web/ @web\n/web/free\n", web__free__Dockerfile=IMAGE, Dockerfile=IMAGE)
    assert owners(here) == {}


def test_first_place_counts_that_the_forge_looks_at(here):
    everywhere = {
        "docs__CODEOWNERS": "* @docs\n",
        "CODEOWNERS": "* @root\n",
        ".github__CODEOWNERS": "* @github\n",
    }
    write(here, Dockerfile=IMAGE, **{".gitlab__CODEOWNERS": "* @gitlab\n"})
    git(here, "init", "-q")
    seen = [owners(here)["Dockerfile"]]
    for name, text in everywhere.items():
        write(here, **{name: text})
        seen.append(owners(here)["Dockerfile"])
    assert seen == [("@gitlab",), ("@docs",), ("@root",), ("@github",)]


def test_other_files_tell_whose_rules_a_file_at_the_root_follows(here):
    write(here, a__b__Dockerfile=IMAGE, CODEOWNERS="b/Dockerfile @x\n")
    assert owners(here) == {}  # GitHub's: a slash ties a pattern to the root
    write(here, **{".gitlab-ci.yml": ""})
    assert owners(here) == {"a/b/Dockerfile": ("@x",)}


def test_file_is_read_where_git_ignores_it_and_the_scan_leaves_it_out(here):
    committed(here, Dockerfile=IMAGE, **{".gitignore": "CODEOWNERS\n"})
    write(here, CODEOWNERS="* @all\n")
    settings = ScanSettings(select=("dockerfile",), include=("Dockerfile",))
    assert owners(here, settings=settings) == {"Dockerfile": ("@all",)}


@pytest.mark.parametrize("named", ["web/api", "web/api/Dockerfile"])
def test_part_of_a_repository_has_the_owners_that_its_root_gives(here, named):
    committed(here, CODEOWNERS="Dockerfile @all\n/web/api/ @api\n", web__api__Dockerfile=IMAGE)
    assert list(owners(here / named).values()) == [("@api",)]


def test_several_arguments_keep_their_owners_apart(here):
    committed(here / "a", CODEOWNERS="* @a\n", Dockerfile=IMAGE)
    committed(here / "b", CODEOWNERS="* @b\n", Dockerfile=IMAGE)
    assert owners(Path("a"), Path("b/Dockerfile")) == {"a/Dockerfile": ("@a",), "b/Dockerfile": ("@b",)}


def test_repository_inside_another_has_its_own(here):
    committed(here / "inner", CODEOWNERS="* @inner\n", Dockerfile=IMAGE)
    write(
        here,
        CODEOWNERS="* @outer\n",
        Dockerfile=IMAGE,
        none__docs__CODEOWNERS="* @no\n",
        none__Dockerfile=IMAGE,
    )
    git(here, "init", "-q")
    expected = {"Dockerfile": ("@outer",), "inner/Dockerfile": ("@inner",), "none/Dockerfile": ("@outer",)}
    assert owners(here) == expected


def test_commit_of_a_bare_repository_has_the_owners_of_that_commit(here):
    committed(here / "a", CODEOWNERS="* @old\n", Dockerfile=IMAGE)
    committed(here / "a", CODEOWNERS="* @new\n")
    git(here, "clone", "-q", "--bare", "a", "a.git")
    places = [Place(resolve(here / "a.git", name), "a", f"{name}/") for name in ("HEAD", "HEAD~1")]
    assert scan_places(places, ONLY).owners == {"HEAD/Dockerfile": ("@new",), "HEAD~1/Dockerfile": ("@old",)}


def test_repositories_of_a_list_are_joined_with_their_owners(here):
    for name in ("a", "b"):
        committed(here / name, CODEOWNERS=f"* @{name}\n", Dockerfile=IMAGE)
    listed = [Repository(str(here / "a")), Repository(str(here / "b"), "HEAD")]
    expected = {f"{here}/a/Dockerfile": ("@a",), f"{here}/b/Dockerfile": ("@b",)}
    assert scan_all(listed, ONLY, here / "kept").owners == expected
    parts = [scan_all([each], ONLY, here / "kept") for each in listed]
    assert merged(parts).owners == expected


@pytest.mark.parametrize("revision", [False, True])
def test_changed_file_changes_the_owners_of_a_scan_that_is_kept(here, revision, kept_in):
    cache = kept_in(here / "kept")
    root = here / "a"
    seen = []
    for name in ("@one", "@two", ""):
        committed(root, CODEOWNERS=f"* {name}\n", Dockerfile=IMAGE)
        place = Place(resolve(root, "HEAD"), "a") if revision else Place(Worktree(root), "a")
        seen += [scan_places([place], ONLY, Means(LIMIT, cache)).owners for _ in range(2)]
    assert seen == [{"Dockerfile": ("@one",)}] * 2 + [{"Dockerfile": ("@two",)}] * 2 + [{}] * 2


def test_lines_that_are_left_out_are_one_finding_of_the_file(here):
    broken = "* @all\n!a @x\n!b @x\n[c] @x\n!d @x\n"
    committed(here, Dockerfile=IMAGE, **{".github__CODEOWNERS": broken})
    (problem,) = scan([here], ONLY).unresolved
    assert (problem.path, problem.line, problem.text) == (".github/CODEOWNERS", 2, "")
    assert "line 2: " in problem.reason
    assert problem.reason.endswith("; and 1 more")
    assert owners(here) == {"Dockerfile": ("@all",)}


def test_nothing_is_told_where_nothing_is_found(here):
    committed(here, CODEOWNERS="![ @x\n")
    assert scan([here], ONLY).found == ()


def test_file_over_the_limit_of_github_is_told_and_owns_nothing(here):
    committed(here, Dockerfile=IMAGE, **{".github__CODEOWNERS": "* @all\n" * 500_000})
    inventory = scan([here], ONLY)
    assert inventory.owners == {}
    assert ["3,500,000 bytes" in each.reason for each in inventory.unresolved] == [True]


def test_link_out_of_the_tree_is_not_followed(here):
    write(here, outside__secret="* @secret\n!x @hidden\n")
    committed(here / "a", Dockerfile=IMAGE)
    (here / "a" / "CODEOWNERS").symlink_to(here / "outside" / "secret")
    (here / "a" / "docs").symlink_to(here / "outside")
    write(here, outside__CODEOWNERS="* @outside\n")
    inventory = scan([here / "a"], ONLY)
    assert inventory.owners == {}
    assert "hidden" not in str(inventory)


def test_folder_of_that_name_is_no_file(here):
    write(here, Dockerfile=IMAGE, CODEOWNERS__x="", docs__CODEOWNERS="* @docs\n")
    assert owners(here) == {"Dockerfile": ("@docs",)}


def test_bytes_that_are_no_text_do_no_harm(here):
    write(here, Dockerfile=IMAGE)
    (here / "CODEOWNERS").write_bytes(b"\xff\xfe* @x\n* @all\n\0")
    assert owners(here) == {"Dockerfile": ("@all",)}


def test_shards_of_a_list_keep_the_owners_when_they_are_merged(here, capsys):
    for name in ("a", "b"):
        committed(here / name, Dockerfile=IMAGE, **{".gitlab__CODEOWNERS": f"[Team] @{name}\nDockerfile\n"})
    write(here, list="a\nb HEAD\n")
    for part in ("1", "2"):
        arguments = ["--repositories", "list", "--shard", f"{part}/2", "--output-format", "json"]
        assert run(["scan", *arguments, "--select", "dockerfile"]) == 0
        (here / f"{part}.json").write_text(capsys.readouterr().out)
    assert run(["merge", "1.json", "2.json"]) == 0
    merged_owners = decode(capsys.readouterr().out.encode(), Inventory, "merged").owners
    assert merged_owners == {"a/Dockerfile": ("@a",), "b/Dockerfile": ("@b",)}


def test_scan_beside_an_inventory_keeps_the_owners_of_both(here, capsys):
    for name in ("a", "b"):
        committed(here / name, CODEOWNERS=f"* @{name}\n", Dockerfile=IMAGE)
    assert run(["scan", "a", "--select", "dockerfile", "--output-format", "json"]) == 0
    write(here, **{"a.json": capsys.readouterr().out})
    assert run(["scan", "a.json", "b/Dockerfile", "--output-format", "json"]) == 0
    found = decode(capsys.readouterr().out.encode(), Inventory, "joined").owners
    assert found == {"Dockerfile": ("@a",), "b/Dockerfile": ("@b",)}
