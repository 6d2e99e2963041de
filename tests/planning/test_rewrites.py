from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from planner.config import Settings, TargetSettings
from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Unresolved
from planner.model.plan import Manual, Rewrite
from planner.model.reference import Reference
from planner.model.repository import Mode
from planner.model.rule import Route, Rule
from planner.model.source import Fragment, Part
from planner.plan import plan
from planner.planning.cases import Basis

NAME = Fragment(Part.NAME, 5, 10, "nginx")
TARGET = TargetSettings(project="acme", location="us", repository="hub")


def item(text, path="f", *fragments):
    return Occurrence(path, 1, 6, "x", Role.BASE, Reference.parse(text), text, Confidence.CERTAIN, fragments)


def open_name(name, path="f"):
    return Unresolved(
        path,
        2,
        "x",
        f"{name}:$V",
        "V is not set",
        column=6,
        reference=Reference.parse(name),
        fragments=(NAME,),
    )


def planned(*found, files=("f",), **target):
    inventory = Inventory((), found, dict.fromkeys(files, "0" * 64))
    return plan(Basis(inventory, settings=Settings(target=replace(TARGET, **target))), datetime.now(UTC))


def rewrites(document):
    return [(each.line, str(each.destination)) for each in document.actions if isinstance(each, Rewrite)]


def test_name_of_an_official_image_moves_without_its_version():
    document = planned(item("alpine:3"), open_name("nginx"))
    assert rewrites(document)[1] == (2, "us-docker.pkg.dev/acme/hub/library/nginx")
    assert not any(isinstance(each, Manual) for each in document.actions)


def test_name_that_is_pulled_elsewhere_does_too():
    assert (2, "us-docker.pkg.dev/acme/hub/acme/app") in rewrites(
        planned(item("acme/app:1"), open_name("acme/app"))
    )


@pytest.mark.parametrize("name", ["acme/app", "app", "ghcr.io/a/b"])
def test_name_of_which_nothing_else_is_known_does_not(name):
    document = planned(item("alpine:3"), open_name(name))
    assert len(rewrites(document)) == 1
    assert [each.subject for each in document.actions if isinstance(each, Manual)] == [f"{name}:$V"]


def test_copies_are_only_of_versions_that_are_known():
    assert len(rewrites(planned(item("alpine:3"), open_name("nginx"), mode=Mode.STANDARD))) == 1


def test_remote_repository_that_nothing_else_needs_is_not_made_for_it():
    assert rewrites(planned(open_name("nginx"))) == []


def test_rule_of_the_user_may_keep_it():
    inventory = Inventory((), (item("alpine:3"), open_name("nginx")), {"f": "0" * 64})
    rules = (Rule(Route.KEEP, repository="library/nginx"),)
    document = plan(Basis(inventory, settings=Settings(target=TARGET, rule=rules)), datetime.now(UTC))
    assert len(rewrites(document)) == 1


def test_digest_of_every_file_that_is_edited_is_kept():
    other = Fragment(Part.NAME, 0, 5, "nginx", "values.yaml")
    document = planned(item("nginx:1", "f", other), files=("f", "values.yaml", "g"))
    assert set(document.files) == {"f", "values.yaml"}
