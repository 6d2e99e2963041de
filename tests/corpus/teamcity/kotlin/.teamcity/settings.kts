import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.buildSteps.dockerCommand
import jetbrains.buildServer.configs.kotlin.buildSteps.script

version = "2024.03"

project {
    buildType(Build)
}

object Build : BuildType({
    name = "Build"

    params {
        param("node.version", "20")
    }

    steps {
        script {
            name = "Test"
            scriptContent = """
                npm ci
                npm test
            """.trimIndent()
            dockerImage = "node:%node.version%-alpine"
            dockerPull = true
        }
        gradle {
            tasks = "build"
            dockerImage = "eclipse-temurin:21-jdk" // same as production
            dockerImagePlatform = GradleBuildStep.ImagePlatform.Linux
        }
        dockerCommand {
            commandType = build {
                source = file { path = "Dockerfile" }
                namesAndTags = "acme/web:%build.number%"
                commandArgs = "--pull"
            }
        }
        dockerCommand {
            commandType = push {
                namesAndTags = """
                    acme/web:latest
                    registry.acme.example/web:latest
                """.trimIndent()
            }
        }
    }
})
