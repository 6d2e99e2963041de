import com.google.cloud.tools.jib.gradle.JibExtension

plugins {
    application
    id("com.google.cloud.tools.jib")
}

val baseTag: String by project
val mirror by extra("docker.io")
extra["owner"] = "shop"

configure<JibExtension> {
    from {
        image = "$mirror/library/amazoncorretto:$baseTag"
    }
    to {
        image = "ghcr.io/${project.extra["owner"]}/app:${version}"
        tags = setOf("latest")
    }
}

tasks.named<com.google.cloud.tools.jib.gradle.BuildDockerTask>("jibDockerBuild") {
    jib?.from?.image = "docker://app-base:local"
}

if (System.getenv("CI") != null) {
    jib {
        from.image = providers.gradleProperty("ciBase").get()
        to.image = "ghcr.io/shop/app-ci"
    }
}

subprojects {
    jib { from { image = findProperty("subBase") as String? ?: "azul/zulu-openjdk:21" } }
}
