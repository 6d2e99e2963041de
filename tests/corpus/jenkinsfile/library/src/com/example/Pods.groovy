package com.example

class Pods implements Serializable {
    static final String AGENT = 'jenkins/inbound-agent:3206.vb_15dcf73f6a_9-2'

    static String maven(String version) {
        return """
spec:
  initContainers:
  - {name: init, image: 'busybox:1.36'}
  containers:
  - name: jnlp
    image: ${AGENT}
  - name: maven
    image: "maven:${version}"
"""
    }

    void tag(script) {
        def out = "docker pull hello-world:linux".execute().text
        script.echo("image: ${out}")
    }
}
