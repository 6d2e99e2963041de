job "batch" {
  group "main" {
    task "run" {
      driver = "docker"
      config {
        image = "python:3.12-slim"
      }
    }
  }
}
