variable "tag" {
  default = "2.4.62"
}

resource "google_cloud_run_v2_service" "site" {
  name     = "site"
  location = "europe-west1"
  template {
    containers {
      image = "docker.io/library/httpd:${var.tag}"
    }
  }
}

resource "aws_ecs_task_definition" "worker" {
  family = "worker"
  container_definitions = jsonencode([
    {
      name  = "worker"
      image = "python:3.12-slim"
      essential = true
    },
    {
      name  = "agent"
      image = "public.ecr.aws/datadog/agent:7"
    },
  ])
}

resource "aws_codebuild_project" "ci" {
  name = "ci"
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"
  }
}

resource "kubernetes_manifest" "cron" {
  manifest = {
    apiVersion = "batch/v1"
    kind       = "CronJob"
    metadata   = { name = "cleanup" }
    spec = {
      schedule = "@daily"
      jobTemplate = { spec = { template = { spec = {
        containers = [{ name = "cleanup", image = "curlimages/curl:8.11.0" }]
      } } } }
    }
  }
}

resource "helm_release" "redis" {
  name       = "redis"
  repository = "oci://registry-1.docker.io/bitnamicharts"
  chart      = "redis"
  version    = "20.3.0"

  set {
    name  = "image.tag"
    value = "7.4.1"
  }
}
