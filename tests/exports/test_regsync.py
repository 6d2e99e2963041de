import pytest
import yaml
from copying import ALL, COPIES, HOST, OTHER, PINNED, WARM, transferring
from exporting import HOSTILE, text

from planner.exports._base import Engine
from planner.model.job import Copy
from planner.model.reference import Reference


def configuration(document=ALL, engine=Engine()):  # noqa: B008  frozen
    return yaml.safe_load(text("regsync", document, engine=engine))


def expanded(value):
    """What Go's templates make of a text without any action but the one that writes braces."""
    return value.replace('{{"{{"}}', "{{")


def test_every_copy_is_a_step_from_its_cheapest_source_by_digest():
    assert [(each["source"], each["target"]) for each in configuration()["sync"]] == [
        (f"mirror.gcr.io/library/redis@{PINNED}", f"{COPIES}/library/redis:7"),
        (f"docker.io/grafana/grafana@{OTHER}", f"{COPIES}/monitoring/dashboards:11"),
        ("docker.io/acme/app:latest", f"{COPIES}/acme/app:latest"),
        (f"docker.io/acme/tool@{OTHER}", f"{COPIES}/acme/tool@{OTHER}"),
    ]
    assert {each["type"] for each in configuration()["sync"]} == {"image"}


def test_it_stops_short_of_the_limit_and_looks_before_it_pulls():
    assert configuration()["defaults"] == {
        "schedule": "17 3 * * *",
        "parallel": 2,
        "fastCheck": True,
        "ratelimit": {"min": 20, "retry": "15m"},
    }


def test_schedule_is_the_chosen_one():
    assert configuration(engine=Engine(schedule="0 4 * * 1"))["defaults"]["schedule"] == "0 4 * * 1"


def test_no_password_is_in_it():
    assert configuration()["creds"] == [{"registry": HOST, "credHelper": "docker-credential-gcloud"}]


def test_what_is_only_pulled_is_left_out_and_counted():
    said = text("regsync", transferring(WARM))
    assert "# 1 image of the plan that are pulled through" not in said
    assert "# 1 image of the plan that is pulled through a remote repository is not in it" in said
    assert yaml.safe_load(said)["sync"] == []


@pytest.mark.parametrize("hostile", [*HOSTILE, '{{env "HOME"}}', "{{{{"])
def test_text_of_a_plan_is_no_template(hostile):
    source = Reference("docker.io", f"a{hostile}", "1")
    place = Reference(HOST, f"b{hostile}", "1")
    (step,) = configuration(transferring(Copy(source, source, place, None, hostile)))["sync"]
    assert (expanded(step["source"]), expanded(step["target"])) == (str(source), str(place))
    assert "{{" not in step["source"].replace('{{"{{"}}', "")
