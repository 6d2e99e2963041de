job [[ template "job_name" . ]] {
  group "cache" {
    task "redis" {
      driver = "docker"

      config {
        image = "redis:[[ var "version" . ]]"
        ports = ["db"]
      }
    }
  }
}
