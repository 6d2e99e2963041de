package kubernetes.admission

deny[msg] {
    image := input.request.object.spec.containers[_].image
    not re_match(`^(docker\.io|quay\.io)/`, image)
    not image == "docker.io/library/pause:3"
    msg := sprintf("%v comes from a registry that is not trusted", [image])
}
