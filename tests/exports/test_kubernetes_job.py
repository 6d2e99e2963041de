import kubernetes_validate
import pytest
import yaml
from exporting import EVERYTHING, HOSTILE, plan, text
from msgspec.structs import replace

from planner.errors import ConfigError
from planner.exports._base import Engine
from planner.model.document import decode
from planner.model.job import Copy, Warm
from planner.model.plan import Plan, Rewrite, Wave, key

VERSIONS = ("1.33", "1.35", "1.37")
CHOICES = (Engine(), Engine(tasks=16, parallelism=4, folder="gs://bucket/acme"))


def objects(document=EVERYTHING, syntax="job", engine=CHOICES[0]):
    said = yaml.safe_load_all(text("kubernetes_job", document, syntax=syntax, engine=engine))
    return {each["kind"]: each for each in said}


def spec(**more):
    found = objects(**more)
    return found["Job"]["spec"] if "Job" in found else found["CronJob"]["spec"]["jobTemplate"]["spec"]


def container(**more):
    (only,) = spec(**more)["template"]["spec"]["containers"]
    return only


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("syntax", ["job", "cronjob"])
@pytest.mark.parametrize("engine", CHOICES, ids=["ConfigMap", "bucket"])
def test_objects_are_ones_that_kubernetes_takes(version, syntax, engine):
    for each in objects(syntax=syntax, engine=engine).values():
        kubernetes_validate.validate(each, version, strict=True)


def test_misspelled_field_would_be_found():
    wrong = objects()["Job"]
    wrong["spec"]["backoffLimitPerindex"] = wrong["spec"].pop("backoffLimitPerIndex")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


@pytest.mark.parametrize("syntax", ["job", "cronjob"])
def test_task_knows_how_many_share_the_transfers(syntax):
    found = spec(syntax=syntax, engine=CHOICES[1])
    assert (found["completionMode"], found["completions"], found["parallelism"]) == ("Indexed", 16, 4)
    said = {each["name"]: each.get("value") for each in container(syntax=syntax, engine=CHOICES[1])["env"]}
    assert said["JOB_COMPLETIONS"] == "16"


def test_wrong_setting_ends_the_job_and_a_pull_limit_an_index():
    rules = spec()["podFailurePolicy"]["rules"]
    assert [(rule["action"], rule["onExitCodes"]["values"]) for rule in rules[:2]] == [
        ("FailJob", [2]),
        ("FailIndex", [75]),
    ]
    assert {rule["onExitCodes"]["containerName"] for rule in rules[:2]} == {container()["name"]}
    assert spec()["backoffLimitPerIndex"] == 3
    assert spec()["template"]["spec"]["restartPolicy"] == "Never"  # else there can be no such rules


def test_plan_of_the_config_map_has_the_transfers_and_nothing_else():
    waves = (Wave("all", tuple(key(each) for each in EVERYTHING.transfers)),)
    found = objects(replace(EVERYTHING, waves=waves, files={"a.yaml": "0" * 64}))
    config = found["ConfigMap"]
    read = decode(config["data"]["plan.json"].encode(), Plan, "plan.json")
    assert read.actions == EVERYTHING.transfers
    assert (read.waves, read.targets, read.files) == (waves, EVERYTHING.targets, {})
    assert not any(isinstance(each, Rewrite) for each in read.actions)
    volumes = {each["name"]: each for each in found["Job"]["spec"]["template"]["spec"]["volumes"]}
    assert volumes["plan"]["configMap"]["name"] == config["metadata"]["name"]


def test_other_plan_is_another_job_and_the_same_plan_the_same():
    other = plan(*EVERYTHING.actions[:-1], *EVERYTHING.transfers[:1])
    names = [objects(each)["Job"]["metadata"]["name"] for each in (EVERYTHING, EVERYTHING, other)]
    assert names[0] == names[1] != names[2]


def test_plan_that_is_too_large_for_a_config_map_is_refused_with_what_to_do():
    (copy,) = [each for each in EVERYTHING.transfers if isinstance(each, Copy)]
    large = plan(*EVERYTHING.actions, *(replace(copy, reason="x" * 500) for _ in range(2000)))
    with pytest.raises(ConfigError) as caught:
        objects(large)
    assert "a ConfigMap 1,000,000 at most" in caught.value.message
    assert "--folder gs://" in caught.value.hint
    assert objects(large, engine=CHOICES[1])


def test_plan_is_read_from_the_bucket_and_outcomes_are_put_there():
    found = container(engine=CHOICES[1])
    template = spec(engine=CHOICES[1])["template"]
    assert template["metadata"]["annotations"] == {"gke-gcsfuse/volumes": "true"}
    assert found["args"][1] == "/plan/acme/plan.json"
    assert found["args"][-2:] == ["--outcomes", "gs://bucket/acme/outcomes"]
    volume = next(each for each in template["spec"]["volumes"] if each["name"] == "plan")
    assert volume["csi"]["volumeAttributes"] == {"bucketName": "bucket"}


def test_without_a_bucket_outcomes_are_lines_of_the_log():
    assert container()["args"][1] == "/plan/plan.json"
    assert container()["args"][-2:] == ["--output-format", "jsonl"]


def test_job_does_what_the_plan_says_and_a_cron_job_follows_tags():
    assert "--follow-tags" not in container()["args"]
    assert "--follow-tags" in container(syntax="cronjob")["args"]
    cron = objects(syntax="cronjob", engine=Engine(schedule="0 4 * * 1-5"))["CronJob"]["spec"]
    assert (cron["schedule"], cron["timeZone"], cron["concurrencyPolicy"]) == (
        "0 4 * * 1-5",
        "Etc/UTC",
        "Forbid",
    )


def test_pods_are_bound_to_the_service_account():
    account = "copier@acme.iam.gserviceaccount.com"
    found = objects(engine=Engine(service_account=account))
    said = found["ServiceAccount"]["metadata"]
    assert said["annotations"] == {"iam.gke.io/gcp-service-account": account}
    assert found["Job"]["spec"]["template"]["spec"]["serviceAccountName"] == said["name"]


def test_pod_may_write_to_its_scratch_directory_only():
    found = container()
    assert found["securityContext"]["readOnlyRootFilesystem"]
    assert [each["mountPath"] for each in found["volumeMounts"] if not each.get("readOnly")] == ["/tmp"]
    assert spec()["template"]["spec"]["securityContext"]["runAsNonRoot"]


@pytest.mark.parametrize("reason", HOSTILE)
def test_text_of_a_plan_stays_in_the_plan(reason):
    warm = next(each for each in EVERYTHING.transfers if isinstance(each, Warm))
    found = objects(plan(*EVERYTHING.actions[:4], replace(warm, reason=reason)))
    assert set(found) == {"ServiceAccount", "ConfigMap", "Job"}
    read = decode(found["ConfigMap"]["data"]["plan.json"].encode(), Plan, "plan.json")
    assert read.actions[0].reason == reason
