import sbt._
import sbtdocker.immutable.Dockerfile

object Docker {
  def dockerfile(jar: File, base: String = "eclipse-temurin:21-jre") =
    Dockerfile.empty
      .from("maven:3.9 as build")
      .run("mvn", "package")
      .from(base)
      .copy(jar, "/app.jar")

  def query(table: String) = select("*").from("events")
}
