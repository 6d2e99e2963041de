"""Precision and recall on public repositories kept beside the project, each with every reference it holds."""

import importlib.util
import os
from pathlib import Path

import pytest

from planner.model.inventory import Role
from planner.scan import scan

CORPUS = Path(os.environ.get("HUB2AR_SHARED", Path(__file__).parents[2] / "shared")) / "corpus"
REPOSITORIES = ("awesome-compose", "kubernetes-examples")
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no {CORPUS}")


def scored(repository):
    """Return what the corpus's own score says of a scan: figures, what was missed, what was invented."""
    specification = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
    assert specification is not None
    assert specification.loader is not None
    score = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(score)
    found = scan([CORPUS / repository]).occurrences
    pulled = [each for each in found if each.role not in (Role.OUTPUT, Role.RULE)]
    return score.score(repository, [(each.path, str(each.reference)) for each in pulled])["exact"]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the score leaves its tables open
@pytest.mark.parametrize("repository", REPOSITORIES)
def test_nothing_is_missed(repository):
    figures, missed, _ = scored(repository)
    assert (missed, figures["Rcore"]) == ([], 1.0)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("repository", REPOSITORIES)
def test_nothing_is_invented(repository):
    figures, _, invented = scored(repository)
    assert (invented, figures["P"]) == ([], 1.0)
