import yaml
from exporting import refusals, text

from planner.exports._base import Engine


def build(engine=Engine()):  # noqa: B008  frozen
    return yaml.safe_load(text("cloud_build", engine=engine))


def test_build_has_the_fields_of_the_api():
    assert refusals("cloud_build", build()) == []


def test_misspelled_field_would_be_found():
    assert refusals("cloud_build", build() | {"timeOut": "1s"})


def test_one_step_does_what_the_uploaded_plan_says():
    (step,) = build(Engine(image="ghcr.io/acme/hub2ar:1", folder="gs://bucket/a"))["steps"]
    assert step["name"] == "ghcr.io/acme/hub2ar:1"
    assert step["args"][:2] == ["apply", "/workspace/plan.json"]
    assert step["args"][-2:] == ["--outcomes", "gs://bucket/a/outcomes"]


def test_build_ends_within_the_day_that_it_is_given():
    assert build()["timeout"] == "86400s"


def test_build_of_a_service_account_says_where_its_log_goes():
    assert build()["serviceAccount"] == "projects/acme/serviceAccounts/hub2ar@acme.iam.gserviceaccount.com"
    assert build()["options"]["logging"] == "CLOUD_LOGGING_ONLY"  # else the build is refused
