variable "cache_image" {
  type    = string
  default = "memcached:1.6"
}

resource "ct_config" "worker" {
  content = templatefile("${path.module}/butane/worker.yaml", {
    cluster_name = "blue"
    cache_image  = var.cache_image
  })
}
