[[- $gateway := var "gateway" . ]]
job [[ template "job_name" . ]] {
  datacenters = [ [[ range $index, $dc := var "datacenters" . ]][[ if $index ]], [[ end ]][[ $dc | quote ]][[ end ]] ]

  group "gateway" {
    [[- if var "gateway.debug" . ]]
    count = 1
    [[- else ]]
    count = 3
    [[- end ]]

    task "wait" {
      lifecycle {
        hook = "prestart"
      }
      driver = "docker"
      config {
        image = [[- var "busybox" . | quote -]]
      }
    }

    task "gateway" {
      driver = "docker"
      config {
        image = [[ if var "gateway.debug" . ]]"traefik:v[[ var "gateway.version" . ]]"[[ else ]]"traefik:latest"[[ end ]]
      }
      template {
        data = <<EOH
[[ range var "routes" . ]]
{{ key "routes/[[ . ]]" }}
[[ end ]]
EOH
        destination = "local/routes.toml"
      }
    }

    task "sidecar" {
      driver = "docker"
      config {
        image = "[[ .gateway.sidecar ]]"
      }
    }
  }
}
