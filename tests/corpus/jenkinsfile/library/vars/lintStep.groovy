/**
 * Runs a linter: lintStep(image: 'x').
 */
def call(Map config = [:]) {
    String image = config.image ?: 'hadolint/hadolint:v2.12.0'
    docker.image(config.toolImage).inside { sh config.command }
    docker.image(image).inside {
        sh "hadolint ${config.file}"
    }
    steps.docker.image("koalaman/shellcheck:${config.version ?: 'v0.10.0'}").inside { sh 'shellcheck *.sh' }
    withEnv(["KUBECTL=1.29"]) {
        sh label: 'cluster', script: '''#!/bin/bash
            docker run --rm bitnami/kubectl:$KUBECTL version
        '''
    }
}
