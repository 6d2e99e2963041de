lazy val service = project
  .in(file("."))
  .enablePlugins(sbtdocker.DockerPlugin)
  .settings(
    docker / dockerfile := {
      val jar: File = assembly.value
      new Dockerfile {
        from("azul/zulu-openjdk-alpine:17-jre")
        label("from", "not/pulled:1")
        copy(jar, "/app.jar")
        entryPoint("java", "-jar", "/app.jar")
      }
    },
    docker / imageNames := Seq(
      ImageName(s"example/${name.value}:latest"),
      ImageName(
        registry = Some("ghcr.io"),
        namespace = Some("example"),
        repository = "service",
        tag = Some("v1")
      )
    )
  )
