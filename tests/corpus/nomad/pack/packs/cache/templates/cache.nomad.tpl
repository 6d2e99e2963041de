job [[ template "job_name" . ]] {
  [[ template "region" . ]]
  datacenters = [[ var "datacenters" . | toStringList ]]

  group "cache" {
    count = [[ var "count" . ]]

    [[- if var "register_consul_service" . ]]
    service {
      name = "[[ var "consul_service_name" . ]]"
      port = "db"
    }
    [[- end ]]

    task "redis" {
      driver = "docker"

      config {
        image = "redis:[[ var "version" . ]]"
        ports = ["db"]
      }
    }

    task "backup" {
      driver = "docker"
      config {
        image = [[ var "backup_image" . | quote ]]
      }
    }

    task "exporter" {
      driver = "docker"
      config {
        image = "oliver006/redis_exporter:v1.63.0"
        [[- range $var := var "env_vars" . ]]
        # [[ $var.key ]]
        [[- end ]]
      }
    }
  }
}
