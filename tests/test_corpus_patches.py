"""What rewriting changes in the corpus: before and after for every format, as patches that git takes."""

import shutil
import subprocess
from pathlib import Path

import pytest
from corpus_patches import patch
from rewritten import MEANS, SCAN, planned

from planner import discover
from planner.rewrite import rewrite
from planner.rewriting.edits import undo
from planner.rewriting.reverting import revert
from planner.scan import places

CORPUS = Path(__file__).parent / "corpus"
CASES = sorted(CORPUS.glob("*/*.references"))
PATCHES = sorted(CORPUS.glob("*/*.patch"))
NAME = {"ids": lambda case: f"{case.parent.name}-{case.stem}"}
# A lock file names what it locks by its registry, and is written anew by the tool that made it.
REFUSED = {("helmfile", "layered")}
# Patterns of rules, prose, what names no registry, and settings of what is pulled without being named.
NOTHING = {
    *(
        "binary_authorization",
        "connaisseur",
        "dependabot",
        "digitalocean",
        "hadolint",
        "kube_linter",
        "markdown",
    ),
    *("opa_data", "polaris", "registries_conf", "rego", "ryuk"),
}


@pytest.mark.parametrize("case", CASES, **NAME)
def test_rewriting_changes_what_the_patch_says_and_nothing_else(case, tmp_path):
    golden = case.with_suffix(".patch")
    content, refused = patch(case.with_suffix(""))
    assert bool(refused) == ((case.parent.name, case.stem) in REFUSED)
    assert content == (golden.read_bytes() if golden.exists() else b"")
    if content:
        shutil.copytree(case.with_suffix(""), tmp_path, symlinks=True, dirs_exist_ok=True)
        subprocess.run(["git", "apply", "--check", "-"], input=content, cwd=tmp_path, check=True)


@pytest.mark.parametrize("case", PATCHES, **NAME)
def test_second_run_changes_nothing_and_a_revert_gives_back_the_bytes(case, tmp_path):
    shutil.copytree(case.with_suffix(""), tmp_path, symlinks=True, dirs_exist_ok=True)
    document = planned(tmp_path)
    first = rewrite(document, places([tmp_path]), SCAN, MEANS).repositories
    files = [each for repository in first for each in repository.files]
    for each in files:
        text = each.after.decode("utf-8", "surrogateescape")
        assert undo(text, each.edits).encode("utf-8", "surrogateescape") == each.file.before
        each.file.file.write_bytes(each.after)
    again = rewrite(document, places([tmp_path]), SCAN, MEANS).repositories
    assert [one.pending or one.refused for one in again if one.pending or one.refused] == []
    back = {
        each.file.path: each.after
        for one in revert(document, places([tmp_path]), 10**7)
        for each in one.files
    }
    assert back == {each.file.path: each.file.before for each in files}


@pytest.mark.parametrize("name", discover.names("planner.formats"))
def test_format_has_a_before_and_an_after(name):
    assert (name in NOTHING) != any(case.parent.name == name for case in PATCHES)
