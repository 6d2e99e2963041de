"""Images that tests run, in one table."""

load("@rules_oci//oci:pull.bzl", "oci_pull")
load(":versions.bzl", "KAFKA_DIGEST")

_IMAGES = {
    "mysql": {
        "registry": "docker.io",
        "repository": "library/mysql",
        "digest": "sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
    },
    "vault": struct(registry = "docker.io", repository = "hashicorp/vault", tag = "1.16"),
}

def docker_hub_pull(name, repository, tag):
    """Pull an image of Docker Hub.

    oci_pull(name = "x", image = "never/pulled:1")
    """
    oci_pull(
        name = name,
        registry = "index.docker.io",
        repository = repository,
        tag = tag,
    )

def images():
    oci_pull(
        name = "zookeeper",
        image = "%s/zookeeper:%s" % ("library", "3.9"),
    )
    oci_pull(
        name = "kafka",
        digest = KAFKA_DIGEST,
        image = "docker.io/apache/kafka",
    )
    shop_pull(name = "tools", image = "shopco/tools", tag = "v2")
    for name, spec in _IMAGES.items():
        oci_pull(name = name, registry = spec.registry, repository = spec.repository, digest = spec.digest)
