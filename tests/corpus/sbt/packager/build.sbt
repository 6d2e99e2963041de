import com.typesafe.sbt.packager.docker._

ThisBuild / scalaVersion := "2.13.14"
ThisBuild / version      := "0.4.0"

val jre = "17-jre"

lazy val dockerSettings = Seq(
  // dockerBaseImage := "openjdk:8",
  dockerBaseImage      := s"eclipse-temurin:$jre-jammy",
  dockerRepository     := Some("ghcr.io"),
  dockerUsername       := Some("example"),
  Docker / packageName := "shop-api",
  dockerExposedPorts   := Seq(9000),
  dockerLabels         := Map("base" -> dockerBaseImage.value),
  dockerUpdateLatest   := true
)

lazy val api = (project in file("api"))
  .enablePlugins(JavaAppPackaging, DockerPlugin)
  .settings(dockerSettings)

lazy val worker = (project in file("worker"))
  .enablePlugins(JavaAppPackaging, DockerPlugin)
  .settings(
    name := "worker",
    Docker / dockerBaseImage := Images.worker,
    libraryDependencies += "org.testcontainers" % "postgresql" % "1.19.8" % Test
  )

lazy val native = (project in file("native"))
  .enablePlugins(GraalVMNativeImagePlugin)
  .settings(
    GraalVMNativeImage / containerBuildImage := GraalVMNativeImagePlugin
      .generateContainerBuildImage("ghcr.io/graalvm/graalvm-ce:ol8-java17-22.3.3")
      .value
  )
