job "database" {
  group "database" {
    task "postgres" {
      driver = "docker"
      config {
        image = [[ var "database.image" . | quote ]]
      }
    }

    task "agent" {
      driver = "podman"
      config {
        image = "[[ var "agent_image" . ]]"
      }
    }
  }
}
