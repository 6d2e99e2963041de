import $ivy.`com.lihaoyi::mill-contrib-docker:$MILL_VERSION`
import contrib.docker.DockerModule
import mill._, scalalib._

val registry = "registry.plover.dev"

object worker extends JavaModule with DockerModule {
  def baseImage = "not/docker:1" // a task of its own, which the plugin does not know
  object docker extends DockerConfig {
    def tags = List(s"$registry/worker", s"$registry/worker:${buildVersion()}")
    override def baseImage = T { "openjdk:11-jre-slim" }
    def pullBaseImage = true
  }
  def buildVersion = T.input { sys.env.getOrElse("VERSION", "dev") }
}
