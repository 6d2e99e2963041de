import re

import pytest
import yaml
from exporting import EVERYTHING, HOSTILE, files, plan, refusals, text
from guarding import REFUSED, images, refused
from hypothesis import given

from planner.errors import NoInput
from planner.model.plan import CreateRepository
from planner.model.repository import Mode, Target


def policy(document=EVERYTHING, **options):
    return yaml.safe_load(text("binary_authorization", document, **options))


def admits(document, image):
    """Whether a pattern admits an image: `*` at the end is anything but a slash, `**` anything."""
    patterns = [each["namePattern"] for each in document["admissionWhitelistPatterns"]]
    return any(re.fullmatch(_expression(pattern), image) for pattern in patterns)


def _expression(pattern):
    for end, expression in (("**", ".*"), ("*", "[^/]*")):
        if pattern.endswith(end):
            return re.escape(pattern.removesuffix(end)) + expression
    return re.escape(pattern)


POLICY = policy()


def test_policy_is_one_that_binary_authorization_takes():
    assert refusals("binary_authorization", POLICY) == []


@pytest.mark.parametrize("image", [
    "europe-docker.pkg.dev/acme/docker-hub/library/nginx:1.27",
    "europe-docker.pkg.dev/acme/docker-hub-copies/grafana/grafana@sha256:" + "a" * 64,
    "europe-docker.pkg.dev/acme/ghcr-io/acme/app:2",
    "docker.io/library/postgres:16",
    "docker.io/postgres:16",
    "docker.io/library/postgres:16@sha256:" + "a" * 64,
    "quay.io/acme/tool:1",
])  # fmt: skip
def test_what_was_moved_or_is_kept_is_admitted(image):
    assert admits(POLICY, image)


@pytest.mark.parametrize("image", [
    *REFUSED,
    "europe-docker.pkg.dev/other/docker-hub/library/nginx",
    "europe-docker.pkg.dev/acme/docker-hub-2/nginx",
    "quay.io/acme/tool:2",
])  # fmt: skip
def test_everything_else_is_not(image):
    assert not admits(POLICY, image)


@given(images)
def test_what_was_moved_is_never_admitted(image):
    assert not (refused(image) and admits(POLICY, image))


def test_it_reports_unless_it_is_told_to_refuse():
    assert POLICY["defaultAdmissionRule"] == {
        "evaluationMode": "ALWAYS_DENY",
        "enforcementMode": "DRYRUN_AUDIT_LOG_ONLY",
    }
    enforced = policy(enforce=True)["defaultAdmissionRule"]["enforcementMode"]
    assert enforced == "ENFORCED_BLOCK_AND_AUDIT_LOG"


def test_system_images_of_google_are_admitted():
    assert POLICY["globalPolicyEvaluationMode"] == "ENABLE"


def test_plan_that_moves_nothing_has_no_guard():
    with pytest.raises(NoInput, match="moves no image"):
        files("binary_authorization", plan())


@pytest.mark.parametrize("name", HOSTILE)
def test_name_stays_a_text(name):
    target = Target("acme", "us", name, Mode.REMOTE)
    document = policy(plan(CreateRepository(target, "a proxy")))
    assert document["admissionWhitelistPatterns"] == [{"namePattern": f"us-docker.pkg.dev/acme/{name}/**"}]
