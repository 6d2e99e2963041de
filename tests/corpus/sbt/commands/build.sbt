enablePlugins(DockerPlugin)

name := "tool"
packageName in Docker := "example/tool"
version in Docker := sys.env.getOrElse("TAG", "dev")

dockerBaseImage in Docker := sys.props.getOrElse("base.image", "debian:12-slim")

dockerCommands := Seq(
  Cmd("FROM", "--platform=linux/amd64 node:20-alpine", "AS", "assets"),
  Cmd("WORKDIR", "/src"),
  Cmd("RUN", "npm ci && npm run build"),
  Cmd("FROM", "debian:12-slim as mainstage"),
  Cmd("COPY", "--from=assets", "/src/dist", "/opt/assets"),
  Cmd("COPY", "--from=docker.io/library/busybox:1.36 /bin/busybox /bin/busybox"),
  ExecCmd("ENTRYPOINT", "/opt/docker/bin/tool", "from:image"),
  Cmd("FROM", "mainstage")
)

dockerCommands ++= {
  val debug = Seq(Cmd("FROM", if (sys.env.contains("CI")) "alpine:3.20" else "alpine:edge"))
  debug
}
