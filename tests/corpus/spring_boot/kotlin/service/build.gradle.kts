import org.springframework.boot.gradle.tasks.bundling.BootBuildImage

plugins {
    id("org.springframework.boot")
    kotlin("jvm")
}

val registry = providers.gradleProperty("registry").getOrElse("ghcr.io/atlas")
val isNative = project.hasProperty("native")

tasks.named<BootBuildImage>("bootBuildImage") {
    builder.set(if (isNative) "paketobuildpacks/builder-jammy-tiny:0.0.176" else "paketobuildpacks/builder-jammy-base:0.4.278")
    runImage.set(System.getenv("RUN_IMAGE") ?: "paketobuildpacks/run-jammy-tiny:0.2.29")
    imageName.set("$registry/routing")
    buildpacks.set(listOf("docker://gcr.io/paketo-buildpacks/java:16.0.0", "urn:cnb:registry:paketo-buildpacks/x"))
}

tasks.withType<BootBuildImage>().configureEach {
    environment.set(mapOf("BP_NATIVE_IMAGE" to "$isNative"))
}

tasks {
    register<BootBuildImage>("arm") {
        builder = "dashaun/builder:tiny"
    }
}
