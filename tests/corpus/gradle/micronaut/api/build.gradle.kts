plugins {
    id("io.micronaut.application") version "4.4.3"
}

val graal: String by project
val distroless = "gcr.io/distroless/cc-debian12"

micronaut {
    runtime("netty")
    testRuntime("junit5")
}

tasks.named<io.micronaut.gradle.docker.MicronautDockerfile>("dockerfile") {
    baseImage("eclipse-temurin:21-jre-jammy")
    args("-Ximage=no/image:1")
}

tasks.named<io.micronaut.gradle.docker.NativeImageDockerfile>("dockerfileNative") {
    graalImage.set("container-registry.oracle.com/graalvm/native-image:$graal")
    baseImage = distroless
    jdkVersion.set("21")
}

tasks {
    dockerBuild { images = listOf("ghcr.io/petrel/api:${project.version}", "ghcr.io/petrel/api:latest") }
    dockerBuildNative { images.set(listOf("ghcr.io/petrel/api-native")) }
}

listOf("bullseye", "bookworm").forEach { release ->
    tasks.register<Exec>("smoke-$release") {
        commandLine("docker", "run", "--rm", "debian:$release-slim", "true")
    }
}
