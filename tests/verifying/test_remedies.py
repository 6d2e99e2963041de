"""Commands that fix what is missing."""

import shlex

import pytest

from planner.errors import ArtifactRegistryError
from planner.model.plan import Grant
from planner.model.repository import Mode, Target
from planner.verifying.remedies import creation, grant_command

TARGET = Target("acme", "us", "hub", Mode.REMOTE)
APP = "serviceAccount:app@acme.iam.gserviceaccount.com"


def test_reader_is_let_in_by_one_command():
    assert shlex.split(grant_command(TARGET, APP)) == [
        *("gcloud", "artifacts", "repositories", "add-iam-policy-binding", "hub"),
        *("--project=acme", "--location=us", f"--member={APP}", "--role=roles/artifactregistry.reader"),
    ]


def test_right_on_a_secret_is_given_there():
    grant = Grant(TARGET, "roles/secretmanager.secretAccessor", APP, "", "projects/other/secrets/pat")
    command = grant_command(TARGET, APP, grant)
    assert command.startswith("gcloud secrets add-iam-policy-binding pat --project=other ")
    assert command.endswith("--role=roles/secretmanager.secretAccessor")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "app@acme.iam.gserviceaccount.com",
            ": `gcloud iam service-accounts create app --project=acme`",
        ),
        ("service-1@gcp-sa-run.iam.gserviceaccount.com", ""),
        ("1@developer.gserviceaccount.com", ""),
        ("nobody", ""),
    ],
)
def test_accounts_of_services_are_made_by_nobody(address, expected):
    assert creation(address) == expected


def test_error_in_a_line_has_its_hint():
    assert ArtifactRegistryError("no", hint="log in").in_a_line == "no (log in)"
    assert ArtifactRegistryError("no").in_a_line == "no"
