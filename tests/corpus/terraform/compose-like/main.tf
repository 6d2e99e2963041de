terraform {
  required_providers {
    docker = {
      source  = "kreuzwerker/docker"
      version = "3.0.2"
    }
  }
}

# resource "docker_image" "old" { name = "nginx:1.19" }

resource "docker_image" "web" {
  name         = "nginx:1.27.2-alpine"
  keep_locally = true
}

resource "docker_container" "web" {
  name  = "web"
  image = docker_image.web.image_id
}

resource "docker_container" "cache" {
  name  = "cache"
  image = "redis:7.4"
}

resource "google_compute_instance" "bastion" {
  name         = "bastion"
  machine_type = "e2-small"
  boot_disk {
    initialize_params {
      image = "debian-cloud/debian-12"
    }
  }
}
