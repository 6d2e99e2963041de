"""Terraform: resources of many providers, values of variables, locals and modules."""

import pytest
from extracted import extracted

from planner.scan import scan

A = ["docker.io/library/a:1"]


def found(text, path="main.tf", **given):
    return extracted("terraform", text, path, **given)


def resource(kind, body):
    return f'resource "{kind}" "x" {{\n{body}\n}}\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("docker_image", 'name = "nginx:1"'),
        ("docker_container", 'image = "nginx:1"'),
        ("google_cloud_run_v2_service", 'template {\n containers {\n image = "nginx:1"\n }\n }'),
        (
            "kubernetes_deployment_v1",
            'spec {\n template {\n spec {\n container {\n image = "nginx:1"\n}\n}\n}\n}',
        ),
        ("aws_ecs_task_definition", 'container_definitions = jsonencode([{ image = "nginx:1" }])'),
        (
            "aws_ecs_task_definition",
            'container_definitions = <<EOT\n[{"image": "nginx:1"}]\nEOT',
        ),
        ("azurerm_container_group", 'container {\n image = "nginx:1"\n}'),
    ],
)
def test_resource_that_runs_an_image(kind, body):
    assert found(resource(kind, body)).pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "google_compute_instance",
            'boot_disk {\n initialize_params {\n image = "debian-cloud/debian-12"\n}\n}',
        ),
        ("digitalocean_droplet", 'image = "ubuntu-24-04-x64"'),
        ("aws_instance", 'ami = "ami-1"'),
        ("hcloud_server", 'image = "ubuntu-24.04"'),
        ("docker_container", "image = docker_image.other.image_id"),
    ],
)
def test_image_of_a_machine_or_of_another_resource_is_none(kind, body):
    assert found(resource(kind, body)).found == []


def test_default_of_a_variable_is_filled_in():
    text = 'variable "v" { default = "1.27" }\n' + resource("docker_image", 'name = "nginx:${var.v}"')
    (item,) = found(text).occurrences
    assert (str(item.reference), item.confidence) == ("docker.io/library/nginx:1.27", "resolved")


def test_variable_without_value_is_told_by_name():
    ((text, reason),) = found(
        'variable "v" {}\n' + resource("docker_image", 'name = "nginx:${var.v}"')
    ).unresolved
    assert ("v" in reason, text) == (True, "nginx:${var.v}")


def test_both_branches_of_a_condition_count():
    text = 'variable "p" { type = bool }\n' + resource("docker_image", 'name = var.p ? "a:1" : "b:1"')
    assert found(text).pulled == ["docker.io/library/a:1", "docker.io/library/b:1"]


def test_comment_names_nothing():
    assert found('# resource "docker_image" "x" { name = "nginx" }\n').found == []


def test_broken_file_gives_what_can_be_read():
    text = resource("docker_image", 'name = "nginx:1"') + 'resource "docker_image" {{{ \n'
    assert "docker.io/library/nginx:1" in found(text).pulled


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("docker_service", 'task_spec {\n container_spec {\n image = "a:1"\n }\n}', A),
        ("kubernetes_pod", 'spec {\n init_container {\n image = "a:1"\n }\n}', A),
        ("google_cloud_run_v2_job", 'template {\n template {\n containers {\n image = "a:1"\n }\n }\n}',
         A),
        ("google_cloudbuild_trigger", 'build {\n step {\n name = "a:1"\n }\n}', A),
        ("google_compute_instance",
         'metadata = {\n gce-container-declaration = <<-E\n spec:\n   containers:\n   - image: a:1\n E\n}',
         A),
        ("google_workbench_instance",
         'gce_setup {\n container_image {\n repository = "a/b"\n tag = "1"\n }\n}',
         ["docker.io/a/b:1"]),
        ("aws_batch_job_definition", 'container_properties = jsonencode({ image = "a:1" })',
         A),
        ("aws_batch_job_definition",
         'node_properties = jsonencode({ nodeRangeProperties = [{ container = { image = "a:1" } }] })',
         A),
        ("aws_codebuild_project", 'environment {\n image = "a:1"\n}', A),
        ("aws_codebuild_project", 'environment {\n image = "aws/codebuild/standard:7.0"\n}', []),
        ("aws_lambda_function", 'image_uri = "a:1"', A),
        ("aws_sagemaker_model", 'primary_container {\n image = "a:1"\n}', A),
        ("azurerm_container_app", 'template {\n container {\n image = "a:1"\n }\n}', A),
        ("azurerm_linux_web_app",
         'site_config {\n application_stack {\n docker_image_name = "a:1"\n'
         ' docker_registry_url = "https://index.docker.io"\n }\n}', A),
        ("azurerm_linux_web_app",
         'site_config {\n application_stack {\n docker_image_name = "a:1"\n'
         ' docker_registry_url = "https://ghcr.io"\n }\n}', ["ghcr.io/a:1"]),
        ("azurerm_linux_web_app",
         'site_config {\n application_stack {\n docker_image = "a"\n docker_image_tag = "1"\n }\n}',
         A),
        ("azurerm_app_service", 'site_config {\n linux_fx_version = "DOCKER|a:1"\n}', A),
        ("digitalocean_app",
         'spec {\n service {\n image {\n registry_type = "DOCKER_HUB"\n registry = "a"\n repository = "b"\n'
         ' tag = "1"\n }\n }\n}', ["docker.io/a/b:1"]),
        ("nobodys_thing", 'container_image = "a:1"', A),
        ("nobodys_thing", 'image = {\n repository = "a/b"\n tag = "1"\n}', ["docker.io/a/b:1"]),
        ("nobodys_thing", 'definition = templatefile("x.json", { web_image = "a:1" })', A),
        ("nobodys_thing", 'sidecar_images = ["a:1", "b:1"]', [*A, "docker.io/library/b:1"]),
    ],
)  # fmt: skip
def test_field_of_a_resource(kind, body, expected):
    assert found(resource(kind, body)).pulled == expected


@pytest.mark.parametrize(
    "line",
    [
        'image_id = "ami-1"',
        'source_image = "debian-cloud/debian-12:x"',
        'vm_image = "a:1"',
        'image = "https://example.com/disk.img"',
        'background_image = "images/a.png"',
        'image_pull_policy = "Always"',
        'image_tag = "1.2.3"',
        'labels = { image = "a:1" }',
        'image = "ubuntu"',
    ],
)
def test_field_that_holds_no_container_image(line):
    assert found(resource("nobodys_thing", line)).found == []


def test_built_image_is_an_output_and_gives_values_to_its_dockerfile():
    body = 'name = "me/app"\nbuild {\n context = "${path.module}/app"\n build_args = { BASE = "alpine:3" }\n}'
    read = found(resource("docker_image", body), "infra/main.tf")
    assert (read.outputs, read.roles[-1]) == (["docker.io/me/app"], ("docker.io/library/alpine:3", "base"))
    assert ("infra/app/Dockerfile", "dockerfile", {"BASE": "alpine:3"}) in read.bindings


def test_pushed_image_is_an_output():
    assert found(resource("docker_registry_image", 'name = "me/app:1"')).outputs == ["docker.io/me/app:1"]


def test_each_value_of_a_map_is_one_repetition():
    text = resource(
        "docker_container", 'for_each = { a = { i = "x" }, b = { i = "y" } }\nimage = each.value.i'
    )
    assert found(text).pulled == ["docker.io/library/x", "docker.io/library/y"]


def test_values_of_one_repetition_stay_together():
    entries = '{ a = { i = "x", t = "1" }, b = { i = "y", t = "2" } }'
    text = resource(
        "docker_container", f'for_each = {entries}\nimage = "${{each.value.i}}:${{each.value.t}}"'
    )
    assert found(text).pulled == ["docker.io/library/x:1", "docker.io/library/y:2"]


def test_chart_in_a_registry():
    body = 'repository = "oci://registry-1.docker.io/bitnamicharts"\nchart = "redis"\nversion = "20.3.0"'
    assert found(resource("helm_release", body)).roles == [("docker.io/bitnamicharts/redis:20.3.0", "chart")]


def test_chart_in_a_repository_is_no_reference():
    body = 'repository = "https://charts.example.com"\nchart = "redis"\nversion = "20.3.0"'
    assert found(resource("helm_release", body)).found == []


def test_settings_lie_over_values():
    body = (
        'values = [<<-E\n  image:\n    repository: a/b\n    tag: "1"\n  E\n]\n'
        'set {\n name = "image.tag"\n value = "2"\n}'
    )
    assert found(resource("helm_release", body)).pulled == ["docker.io/a/b:2"]


def test_user_data_is_a_script():
    text = resource("aws_instance", "user_data = <<-E\n  #!/bin/sh\n  docker run -d redis:7\n  E")
    assert found(text).roles == [("docker.io/library/redis:7", "script")]


def test_interpolation_in_a_script_has_its_value():
    text = 'variable "v" { default = "7" }\n' + resource(
        "null_resource", 'provisioner "local-exec" {\n  command = "docker pull redis:${var.v}"\n}'
    )
    assert found(text).pulled == ["docker.io/library/redis:7"]


def test_manifest_is_read_as_kubernetes():
    (item,) = found(resource("kubernetes_manifest", 'manifest = {\n kind = "Pod"\n}')).embedded
    assert (str(item.text), item.formats) == ('{"kind": "Pod"}', ("kubernetes", "image_policy"))


def test_input_of_a_call_wins_over_the_default_of_the_module():
    text = 'variable "image" { default = "a:1" }\n' + resource("docker_container", "image = var.image")
    given = {"var.image": "b:1", "default.image": "a:1"}
    assert found(text, **given).pulled == ["docker.io/library/b:1"]


def test_default_that_nothing_uses_is_a_guess():
    (item,) = found('variable "web_image" { default = "nginx:1" }\n').occurrences
    assert (str(item.reference), item.confidence) == ("docker.io/library/nginx:1", "heuristic")


def test_inputs_of_a_local_module_go_to_it():
    inputs = 'image = "nginx:1"\n  settings = { tag = "2" }\n  size = var.size'
    text = f'module "m" {{\n  source = "../m"\n  {inputs}\n}}\n'
    bindings = {target: values for target, _, values in found(text, "a/main.tf").bindings}
    assert bindings["m/"] == {
        "var.image": "nginx:1",
        "var.settings.tag": "2",
        "open.size": "a/main.tf, line 1",
    }


def test_module_from_elsewhere_gets_no_values():
    text = 'module "m" {\n  source = "acme/m/aws"\n  container_image = "nginx:1"\n}\n'
    read = found(text)
    assert (read.pulled, [name for _, name, _ in read.bindings]) == (["docker.io/library/nginx:1"], [])


@pytest.mark.parametrize(
    "value",
    ['"' + "${a}" * 6_000 + '"', "<<EOT\n" + "${a}\n" * 6_000 + "EOT", "a" + ".b" * 300],
    ids=["template", "heredoc", "path"],
)
def test_value_of_more_parts_than_anyone_writes_is_told(value):
    reasons = [reason for _, reason in found(resource("docker_image", f"name = {value}")).unresolved]
    assert len(reasons) == 1
    assert "to be read" in reasons[0]


def test_names_that_binary_authorization_lets_through_are_rules():
    body = (
        'admission_whitelist_patterns {\n name_pattern = "docker.io/library/*"\n}\n'
        'admission_whitelist_patterns {\n name_pattern = "docker.io/acme/web:1"\n}\n'
        'admission_whitelist_patterns {\n name_pattern = "${var.registry}/*"\n}\n'
    )
    assert found(resource("google_binary_authorization_policy", body)).rules == [
        ("docker.io/library/*", "glob"),
        ("docker.io/acme/web:1", "name"),
    ]


def test_patterns_of_binary_authorization_may_be_those_of_a_list():
    text = 'locals {\n names = ["docker.io/library/*", "ghcr.io/acme/*"]\n}\n' + resource(
        "google_binary_authorization_policy",
        'dynamic "admission_whitelist_patterns" {\n for_each = local.names\n content {\n'
        " name_pattern = admission_whitelist_patterns.value\n}\n}",
    )
    assert found(text).rules == [("docker.io/library/*", "glob"), ("ghcr.io/acme/*", "glob")]


def test_policy_that_is_applied_as_a_manifest_is_read_as_one():
    (item,) = found(resource("kubectl_manifest", "yaml_body = <<-E\n  kind: A\n  E")).embedded
    assert "image_policy" in item.formats


def test_image_that_another_module_gives_in_a_list_stands_at_the_resource_that_runs_it(tmp_path):
    (tmp_path / "task").mkdir()
    (tmp_path / "main.tf").write_text(
        'module "a" {\n  source = "./task"\n  containers = [{ name = "a", image = "acme/a:1" }]\n}\n'
    )
    (tmp_path / "task" / "main.tf").write_text(
        'variable "containers" {}\n\nresource "aws_ecs_task_definition" "t" {\n'
        "  container_definitions = jsonencode([for c in var.containers : merge(c, { cpu = 1 })])\n}\n"
    )
    found = [(each.path, each.line) for each in scan([tmp_path]).occurrences]
    assert found == [("task/main.tf", 3)]
