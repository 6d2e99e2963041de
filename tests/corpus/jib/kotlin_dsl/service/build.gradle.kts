plugins {
    kotlin("jvm") version "2.0.20"
    id("com.google.cloud.tools.jib") version "3.4.3"
}

val temurin: String by project
val hub by extra("docker.io/library")

kotlin { jvmToolchain(21) }

jib {
    from {
        image = "$hub/eclipse-temurin:$temurin-alpine"
        platforms { platform { architecture = "arm64"; os = "linux" } }
    }
    to.image = "ghcr.io/tidepool/service"
    to.tags = setOf("latest", "1.0")
    container.labels.put("base.image", "not/pulled:1")
}

if (providers.environmentVariable("NIGHTLY").isPresent) {
    jib.from.image = findProperty("nightlyBase") as String? ?: "ibm-semeru-runtimes:open-17-jre"
}

tasks.named("jibDockerBuild") {
    jib?.from?.image = "docker://local-base:dev"
}
