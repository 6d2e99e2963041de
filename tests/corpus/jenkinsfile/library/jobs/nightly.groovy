job('nightly') {
    scm { git('https://github.com/example/app.git') }
    triggers { cron('H 2 * * *') }
    wrappers {
        buildInDocker {
            image('centos:7')
            volume('/dev/urandom', '/dev/random')
        }
    }
    steps {
        shell('''
            docker login -u bot
            docker pull example/nightly:edge
        ''')
        batchFile('docker pull example/windows:edge')
    }
}
