package common

import jetbrains.buildServer.configs.kotlin.BuildSteps
import jetbrains.buildServer.configs.kotlin.buildSteps.script

const val TERRAFORM = "hashicorp/terraform:1.9.8"

fun BuildSteps.plan(image: String) {
    script {
        scriptContent = "terraform plan"
        dockerImage = TERRAFORM
    }
    script {
        scriptContent = """docker run --rm cytopia/tflint:0.53 ."""
    }
    script {
        scriptContent = "terraform apply"
        dockerImage = image
    }
}
