variable "region" {}
variable "image" {}

data "template_file" "startup" {
  template = file("${path.module}/startup.tpl")

  vars = {
    image    = var.image
    exporter = "prom/node-exporter:v1.8.2"
  }
}

resource "google_compute_instance" "worker" {
  name                    = "worker-${var.region}"
  machine_type            = "e2-standard-4"
  metadata_startup_script = data.template_file.startup.rendered
}
