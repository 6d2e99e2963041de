"""Terraform: resources of many providers, values of variables, locals and modules."""

import pytest
from extracted import extracted


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
