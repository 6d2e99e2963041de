import json

import pytest
from exporting import EVERYTHING, HOSTILE, plan, reference, refusals, rewrite, text

from planner.model.job import Copy, Warm
from planner.model.plan import CreateRepository
from planner.model.repository import Mode, Target

COPIES = Target("acme", "us", "copies", Mode.STANDARD)
PROXY = Target("acme", "us", "proxy", Mode.REMOTE)
PREFIX = "us-docker.pkg.dev/acme"


def settings(document=EVERYTHING):
    return json.loads(text("renovate", document))


def looked_up(said, image):
    """What Renovate asks for an image: the first alias that it begins with is put in its place.

    https://github.com/renovatebot/renovate/blob/main/lib/modules/manager/dockerfile/extract.ts
    """
    for own, other in said["registryAliases"].items():
        if image.startswith(f"{own}/"):
            return f"{other}/{image.removeprefix(f'{own}/')}"
    return image


def copying(upstream, name):
    source, destination = reference(f"{upstream}:1"), reference(f"{PREFIX}/copies/{name}:1")
    copy = Copy(source, source, destination, None, "copied")
    return copy, rewrite("a.yaml", f"{upstream}:1", str(destination))


def test_settings_are_ones_that_renovate_takes():
    assert refusals("renovate", settings()) == []


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ("europe-docker.pkg.dev/acme/docker-hub/library/nginx", "docker.io/library/nginx"),
        ("europe-docker.pkg.dev/acme/docker-hub/grafana/grafana", "docker.io/grafana/grafana"),
        ("europe-docker.pkg.dev/acme/ghcr-io/acme/app", "ghcr.io/acme/app"),
        ("europe-docker.pkg.dev/acme/docker-hub-2/a", "europe-docker.pkg.dev/acme/docker-hub-2/a"),
    ],
)
def test_updates_are_looked_for_upstream(named, asked):
    assert looked_up(settings(), named) == asked


def test_image_of_another_name_is_looked_for_by_its_own():
    actions = [*copying("grafana/grafana", "monitoring/grafana"), *copying("library/nginx", "library/nginx")]
    said = settings(plan(CreateRepository(COPIES, "copies"), *actions))
    assert looked_up(said, f"{PREFIX}/copies/monitoring/grafana") == "docker.io/grafana/grafana"
    assert looked_up(said, f"{PREFIX}/copies/library/nginx") == "docker.io/library/nginx"


def test_image_that_no_alias_fits_is_told():
    said = settings(plan(CreateRepository(COPIES, "copies"), *copying("grafana/grafana", "dashboards")))
    assert said["registryAliases"] == {}
    assert f"{PREFIX}/copies/dashboards is asked for at Artifact Registry" in said["description"]


def test_new_version_of_a_copy_has_to_be_copied_first():
    warm = Warm(reference("redis:7"), reference(f"{PREFIX}/proxy/library/redis:7"), None, "public")
    made = [CreateRepository(COPIES, "copies"), CreateRepository(PROXY, "a proxy")]
    said = settings(plan(*made, *copying("library/nginx", "library/nginx"), warm))
    (rule,) = said["packageRules"]
    assert rule["matchDepNames"] == [f"{PREFIX}/copies/**"]
    assert "hub2ar apply" in rule["prBodyNotes"][0]


def test_what_is_pulled_through_needs_no_rule():
    assert "packageRules" not in settings()


def test_host_is_logged_in_to_with_a_secret_of_renovate():
    (rule,) = settings()["hostRules"]
    assert rule == {
        "hostType": "docker",
        "matchHost": "europe-docker.pkg.dev",
        "username": "_json_key_base64",
        "password": "{{ secrets.ARTIFACT_REGISTRY_KEY }}",
    }


@pytest.mark.parametrize("location", HOSTILE)
def test_host_stays_a_text(location):
    target = Target("acme", location, "hub", Mode.REMOTE)
    (rule,) = settings(plan(CreateRepository(target, "a proxy")))["hostRules"]
    assert rule["matchHost"] == f"{location}-docker.pkg.dev"
