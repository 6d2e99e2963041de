variable "name" { type = string }
variable "image" {
  type    = string
  default = "nginx:1.19"
}
variable "sidecars" {
  type    = map(object({ image = string, cpu = number }))
  default = {}
}
variable "job_image" { type = string }

resource "aws_ecs_task_definition" "this" {
  family = var.name
  container_definitions = jsonencode(concat(
    [{ name = var.name, image = var.image }],
    [for name, each in var.sidecars : { name = name, image = each.image, cpu = each.cpu }],
  ))
}
