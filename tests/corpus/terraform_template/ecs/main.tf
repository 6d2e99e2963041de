locals {
  release = "2.14.0"
}

variable "proxy_image" {
  description = "Sidecar in front of the service"
  default     = "envoyproxy/envoy:v1.31.0"
}

resource "aws_ecs_task_definition" "orders" {
  family                   = "orders"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 512
  memory                   = 1024

  container_definitions = templatefile("${path.module}/templates/orders.json.tpl", {
    proxy_image = var.proxy_image
    release     = local.release
    log_group   = aws_cloudwatch_log_group.orders.name
  })
}

resource "aws_cloudwatch_log_group" "orders" {
  name = "/ecs/orders"
}
