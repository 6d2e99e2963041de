"""A container for tests of the search."""

from testcontainers.core.container import DockerContainer


class SearchContainer(DockerContainer):
    def __init__(self, image: str = "opensearchproject/opensearch:2.17.0", port: int = 9200) -> None:
        super().__init__(image=image)
        self.with_exposed_ports(port)
