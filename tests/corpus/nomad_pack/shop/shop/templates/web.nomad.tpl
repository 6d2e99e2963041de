job "web" {
  group "web" {
    task "migrate" {
      driver = "docker"
      lifecycle {
        hook = "prestart"
      }
      config {
        image   = [[ var "database.image" . | quote ]]
        command = "psql"
      }
    }

    task "web" {
      driver = "docker"
      config {
        image = "[[ var "web_image" . ]]:[[ var "web_tag" . ]]"
      }
    }
  }
}
