"""Nomad: tasks and their drivers, sidecars, variables, templates, packs, the JSON of the API."""

import json

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.formats.nomad import FORMAT, extract
from planner.model.source import SourceFile

TOKENS = (
    'job "x" {\n', 'group "g" {\n', 'task "t" {\n', "}\n", 'driver = "docker"\n',
    'config { image = "a:1" }\n', "[[", "]]", 'variable "v" { default = "1" }\n',
    "config { image = var.v }\n", "[[ if .x ]]\n", 'template {\ndata = "a"\n', "\n",
    'dynamic "task" {\nfor_each = ["a"]\ncontent {\n', "image = [[ .y ]]\n", 'meta { "a.b" = "c" }\n',
    "${", '"',
)  # fmt: skip


def found(text, path="web.nomad.hcl"):
    return extracted("nomad", text, path)


def task(image, driver="docker", before="", after=""):
    config = f"config {{\n image = {image}\n}}"
    inside = f'driver = "{driver}"\n {config}\n{after}'
    return found(f'{before}\njob "web" {{\n group "g" {{\n task "t" {{\n {inside}\n}}\n}}\n}}\n')


@pytest.mark.parametrize(
    "path", ["web.nomad", "web.nomad.hcl", "jobs/web.hcl", "web.nomad.tpl", "web.nomad.j2", "a.json"]
)
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize(
    ("driver", "image"),
    [
        ("docker", "redis:7"),
        ("podman", "docker://redis:7"),
        ("podman", "docker.io/library/redis:7"),
        ("containerd-driver", "redis:7"),
        ("singularity", "docker://redis:7"),
    ],
)
def test_driver_of_containers_takes_an_image(driver, image):
    assert task(f'"{image}"', driver).roles == [("docker.io/library/redis:7", "workload")]


@pytest.mark.parametrize(
    ("driver", "image"),
    [
        ("qemu", "linux.img"),
        ("exec", "redis:7"),
        ("singularity", "tool.sif"),
        ("podman", "oci-archive:/x.tar"),
    ],
)
def test_driver_or_scheme_that_pulls_nothing(driver, image):
    assert task(f'"{image}"', driver).found == []


def test_image_that_is_loaded_from_an_archive_is_not_pulled():
    text = 'job "a" { task "t" {\n driver = "docker"\n config {\n image = "a:1"\n load = "a.tar"\n}\n}\n}'
    assert found(text).found == []


def test_block_outside_of_a_job_is_none_of_nomads():
    assert found('task "t" {\n driver = "docker"\n config { image = "a:1" }\n}', "x.hcl").found == []


@pytest.mark.parametrize(
    ("image", "before"),
    [
        ("var.image", 'variable "image" { default = "redis:7" }'),
        ('"${var.name}:7"', 'variable "name" { default = "redis" }'),
        ("local.image", 'locals { image = "redis:7" }'),
        ('format("%s:%d", local.name, 7)', 'locals { name = "redis" }'),
        ('var.image["web"]', 'variable "image" { default = { web = "redis:7" } }'),
    ],
)
def test_variable_has_its_default(image, before):
    assert task(image, before=before).pulled == ["docker.io/library/redis:7"]


@pytest.mark.parametrize("variable", ["var.tag", "NOMAD_META_tag", "attr.cpu.arch", "node.class"])
def test_variable_that_is_not_known_is_told(variable):
    ((text, reason),) = task(f'"redis:${{{variable}}}"').unresolved
    assert (text, variable in reason) == (f"redis:${{{variable}}}", True)


@pytest.mark.parametrize("name", ["NOMAD_META_tag", "NOMAD_META_TAG", "TAG"])
def test_metadata_and_environment_of_the_task_are_known(name):
    result = task(f'"redis:${{{name}}}"', after='meta {\n tag = "7"\n}\nenv {\n TAG = "7"\n}')
    assert result.pulled == ["docker.io/library/redis:7"]


def test_quoted_names_of_older_jobs_are_read():
    result = task('"redis:7"', after='env {\n "A.B" = "c"\n}')
    assert (result.pulled, result.unresolved) == (["docker.io/library/redis:7"], [])


@pytest.mark.parametrize(
    "config", ['config { image = "envoy:1" }', 'driver = "docker"\nconfig { image = "envoy:1" }']
)
def test_sidecar_names_its_image(config):
    connect = f"connect {{\n sidecar_service {{}}\n sidecar_task {{\n{config}\n}}\n}}"
    text = f'job "a" {{ group "g" {{ service {{ {connect}\n}}\n}}\n}}'
    assert (found(text).pulled, found(text).unresolved) == (["docker.io/library/envoy:1"], [])


@pytest.mark.parametrize("proxy", ["sidecar_service", "gateway"])
def test_proxy_without_an_image_is_told(proxy):
    text = f'job "a" {{ group "g" {{ service {{ connect {{\n {proxy} {{}}\n}}\n}}\n}}\n}}'
    ((spelled, reason),) = found(text).unresolved
    assert (spelled, "envoyproxy/envoy" in reason) == (proxy, True)


def test_dynamic_block_is_a_task_for_each_value():
    text = (
        'job "a" { group "g" {\n dynamic "task" {\n for_each = [{ image = "a:1" }, { image = "b:2" }]'
        '\n labels = [task.key]\n content {\n driver = "docker"\n'
        " config { image = task.value.image }\n}\n}\n}\n}"
    )
    assert found(text).pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


@pytest.mark.parametrize(
    "config",
    [
        'command = "docker"\n args = ["run", "redis:7"]',
        'command = "/bin/sh"\n args = ["-c", "docker pull redis:7"]',
    ],
)
def test_command_of_a_task_pulls(config):
    text = f'job "a" {{ task "t" {{\n driver = "raw_exec"\n config {{\n {config}\n}}\n}}\n}}'
    assert found(text).roles == [("docker.io/library/redis:7", "script")]


def test_template_is_a_file_of_its_own():
    after = 'template {\n data = <<EOH\nimage: a\nEOH\n destination = "local/compose.yaml"\n}'
    (embedded,) = task('"redis:7"', after=after).embedded
    assert (embedded.name, str(embedded.text)) == ("compose.yaml", "image: a\n")


@pytest.mark.parametrize(
    "value", ['[[ template "args" . ]]', '[ "a", [[ template "args" . ]] ]', '[[- template "args" . -]]']
)
def test_template_of_a_pack_may_give_a_value(value):
    text = (
        'job "a" {\n group "g" {\n  task "t" {\n   driver = "docker"\n   config {\n    image = "acme/a:1"\n'
        f'    args = {value}\n   }}\n   [[ template "env" . ]]\n  }}\n }}\n}}\n'
    )
    result = found(text, "templates/web.nomad.tpl")
    assert (result.pulled, result.unresolved) == (["docker.io/acme/a:1"], [])


def test_template_of_a_pack_is_read_around_its_actions():
    text = (
        'job [[ var "name" . | quote ]] {\n [[ template "region" . ]]\n group "g" {\n [[- if .x ]]'
        '\n task "t" {\n'
        ' driver = "docker"\n config {\n image = "redis:7"\n}\n}\n [[- end ]]\n task "u" {'
        '\n driver = "docker"\n'
        ' config {\n image = [[ var "image" . | quote ]]\n}\n}\n}\n}\n'
    )
    result = found(text, "templates/web.nomad.tpl")
    assert result.pulled == ["docker.io/library/redis:7"]
    assert [spelled for spelled, _ in result.unresolved] == ['[[ var "image" . | quote ]]']


@pytest.mark.parametrize("image", ["redis:[[ .tag ]]", "redis:{{ tag }}"])
def test_image_of_a_template_is_told(image):
    assert [spelled for spelled, _ in task(f'"{image}"').unresolved] == [image]


SAME = {"driver": "docker", "config": [{"image": "redis:7"}]}
TASK = {"Driver": "docker", "Config": {"image": "redis:7"}}


@pytest.mark.parametrize(
    "document",
    [
        {"Job": {"TaskGroups": [{"Tasks": [TASK]}]}},
        {"ID": "x", "TaskGroups": [{"Tasks": [TASK]}]},
        {
            "job": {
                "x": {"group": {"g": {"task": {"t": {"driver": "docker", "config": {"image": "redis:7"}}}}}}
            }
        },
        {
            "job": [
                {
                    "x": {
                        "group": [
                            {"g": {"task": [{"t": {"driver": "docker", "config": [{"image": "redis:7"}]}}]}}
                        ]
                    }
                }
            ]
        },
    ],
)
def test_job_in_json(document):
    assert found(json.dumps(document), "job.json").pulled == ["docker.io/library/redis:7"]


def test_other_json_is_passed_over():
    assert found('{"driver": "docker", "config": {"image": "a:1"}, "x": [}', "package.json").found == []


def test_agent_names_the_images_it_runs_beside_tasks():
    text = (
        'client {\n meta = {\n "connect.sidecar_image" = "envoy:1"\n'
        ' "connect.gateway_image" = "envoy:${NOMAD_envoy_version}"\n}\n}\n'
        'plugin "docker" {\n config {\n infra_image = "k8s.gcr.io/pause:3"\n}\n}\n'
    )
    assert found(text, "client.hcl").pulled == ["k8s.gcr.io/pause:3", "docker.io/library/envoy:1"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join), st.sampled_from(["a.nomad", "a.json"]))
def test_any_text_is_read(text, path):
    for item in extract(SourceFile(path, text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
