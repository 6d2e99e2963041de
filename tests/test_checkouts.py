"""What a plan calls the files of a checkout, whatever it was made of."""

import subprocess

import pytest

from planner.checkouts import called
from planner.scan import places


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "web"
    (folder / "deploy").mkdir(parents=True)
    for name in ("Dockerfile", "deploy/compose.yaml"):
        (folder / name).touch()
    return folder


def cloned_from(folder, url):
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "remote", "add", "origin", url], check=True)


def prefix(folder, *paths):
    (place,) = places([folder])
    return called(place, frozenset(paths)).prefix


def test_plan_of_the_folder_itself_calls_its_files_as_they_are(checkout):
    assert prefix(checkout, "Dockerfile", "web/Dockerfile") == ""


def test_plan_of_a_list_calls_a_folder_as_the_list_does(checkout):
    assert prefix(checkout, f"{checkout}/Dockerfile") == f"{checkout}/"


@pytest.mark.parametrize("url", ["https://github.com/acme/shop.git", "git@github.com:acme/shop.git"])
def test_plan_of_a_list_calls_a_clone_by_its_repository(checkout, url):
    cloned_from(checkout, url)
    assert prefix(checkout, "github.com/acme/shop/deploy/compose.yaml") == "github.com/acme/shop/"


def test_folder_of_the_same_name_is_taken_where_there_is_only_one(checkout):
    assert prefix(checkout, "../services/web/Dockerfile", "../services/api/Dockerfile") == "../services/web/"


def test_of_two_folders_of_a_name_neither_is_taken(checkout):
    assert prefix(checkout, "github.com/a/web/Dockerfile", "github.com/b/web/Dockerfile") == ""


def test_name_that_only_ends_alike_is_another(checkout):
    assert prefix(checkout, "old-web/Dockerfile") == ""


def test_plan_that_names_no_file_of_it_leaves_it_alone(checkout):
    assert prefix(checkout, "web/Makefile") == ""
