terraform {
  required_version = ">= 1.6"
  required_providers {
    aws        = { source = "hashicorp/aws", version = "~> 5.0" }
    helm       = { source = "hashicorp/helm", version = "2.16.1" }
    kubernetes = { source = "hashicorp/kubernetes" }
  }
}

/* resource "docker_container" "gone" {
  image = "nginx:1.0"
} */

# One service for each entry; the map lies in services.tf.
resource "aws_ecs_task_definition" "service" {
  for_each = local.services

  family             = "${var.project}-${each.key}"
  execution_role_arn = aws_iam_role.ecs.arn
  container_definitions = jsonencode(concat(
    [
      {
        name      = each.key
        image     = "${each.value.image}:${each.value.tag}"
        essential = true
        environment = [
          { name = "LOG_LEVEL", value = "info" },
          { name = "RELATED_IMAGE_JOB", value = "busybox:1.36" },
        ]
      },
    ],
    var.sidecars ? [{ name = "agent", image = local.agent_image }] : [],
  ))
}

resource "aws_ecs_task_definition" "worker" {
  family                = "worker"
  container_definitions = <<-JSON
    [
      {
        "name": "worker",
        "image": "${aws_ecr_repository.worker.repository_url}:${var.release}",
        "command": ["run", "--image=none"]
      },
      { "name": "statsd", "image": "prom/statsd-exporter:${local.versions.statsd}" }
    ]
  JSON
}

resource "aws_ecr_repository" "worker" {
  name                 = "worker"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration { scan_on_push = true }
}

resource "aws_codebuild_project" "ci" {
  name = "ci"
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/amazonlinux2-x86_64-standard:5.0"
    type         = "LINUX_CONTAINER"
  }
}

resource "aws_codebuild_project" "deploy" {
  name = "deploy"
  environment {
    image                       = "hashicorp/terraform:1.9.8"
    image_pull_credentials_type = "SERVICE_ROLE"
  }
}

resource "aws_instance" "runner" {
  ami           = data.aws_ami.ubuntu.id # image = "ubuntu:22.04" is no container
  instance_type = "t3.small"
  user_data     = base64encode(<<-EOF
    #!/usr/bin/env bash
    set -euo pipefail
    VERSION=$${VERSION:-17.5.0}
    docker run -d --name runner "gitlab/gitlab-runner:v$${VERSION}"
    docker pull ${local.agent_image}
    docker run --rm redis:${var.redis_version} redis-cli ping
    EOF
  )
}

resource "null_resource" "image" {
  provisioner "local-exec" {
    command     = "docker build -t ${var.registry}/tools:latest . && docker push ${var.registry}/tools:latest"
    interpreter = ["/bin/sh", "-c"]
  }
}

module "app" {
  source   = "./modules/app"
  for_each = toset(["blue", "green"])

  color     = each.value
  app_image = var.app_image
  proxy     = { repository = "haproxytech/haproxy-debian", tag = "3.0" }
}

module "vm" {
  source       = "terraform-google-modules/vm/google//modules/compute_instance"
  source_image = "debian-cloud/debian-12"
}

module "gateway" {
  source  = "acme/gateway/aws"
  version = "4.2.0"

  container_image = "kong:3.8-ubuntu"
  containers = [
    { name = "metrics", image = "prom/node-exporter:v1.8.2", ports = [9100] },
  ]
  banner_image = "assets/banner:v2"
}
