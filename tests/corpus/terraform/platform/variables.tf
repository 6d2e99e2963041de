variable "project" { default = "shop" }
variable "release" {
  description = "What to run, such as nginx:1.25"
  type        = string
}
variable "redis_version" {
  type    = string
  default = "7.2"
}
variable "ghost_version" {
  default = "5.98.0"
}
variable "sidecars" {
  type    = bool
  default = true
}
variable "registry" {
  default = "registry.example.com/shop"
}
variable "app_image" {
  default = "wordpress:6.6"
}
# Used by a template that no resource of this tree renders.
variable "backup_image" {
  default = "restic/restic:0.17.1"
}
