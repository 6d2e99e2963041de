# written for Nomad 0.9
job "legacy" {
  datacenters = ["dc1"]

  group "db" {
    task "postgres" {
      driver = "docker"

      env {
        "POSTGRES_DB"       = "app"
        "POSTGRES_PASSWORD" = "secret"
      }

      config {
        image = "postgres:9.6"
        port_map {
          db = 5432
        }
      }
    }

    task "import" {
      driver = "docker"
      config {
        image = "acme/import:1"
        load  = "import.tar"
      }
    }
  }
}
