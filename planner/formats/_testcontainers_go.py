"""Testcontainers, dockertest and dktest in Go: what `Run` and the requests for containers are given."""

from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._code import Call, Group, Kind
from planner.formats._code_file import CodeFile
from planner.formats._code_names import tagged
from planner.model.inventory import Confidence, Role

_MODULES_WORDS = """
testcontainers aerospike arangodb artemis azure azurite cassandra chroma clickhouse cockroachdb consul
couchbase databend dind dolt dynamodb elasticsearch etcd gcloud grafana-lgtm inbucket influxdb k3s k6
kafka localstack mariadb meilisearch memcached milvus minio mockserver mongodb mssql mysql nats neo4j
nebulagraph ollama openfga openldap opensearch pinecone postgres pulsar qdrant rabbitmq redis redpanda
registry scylladb socat solace surrealdb tidb toxiproxy valkey vault vearch weaviate yugabytedb
"""
_MODULES = frozenset(_MODULES_WORDS.split())
_REQUESTS = frozenset({"ContainerRequest", "RunOptions"})
_LIBRARIES = ("testcontainers", "dockertest", "/dktest")
_PATH = "github.com/testcontainers/testcontainers-go"


def images(file: CodeFile) -> Iterator[Candidate]:
    """Yield what a file of Go pulls for its tests."""
    imported = dict(_imports(file))
    docker = any("dockertest" in path for path in imported.values())
    docker = docker or any(token.text == "dockertest" for token in file.tokens)
    for group in file.groups:
        if group.bracket == "{":
            if group.method in _REQUESTS or group.key == "ContainerRequest" or _is_waited_for(group):
                yield from _request(file, group)
            elif "dktest" in imported:
                yield from file.images(group.keyword("ImageName"), Role.TEST)
        elif docker and group.bracket == "(" and group.method == "BuildAndRun":
            yield from file.images(group.positional(0), Role.OUTPUT)
        elif group.bracket == "(" and group.method == "WithImage" and _is_module(group, imported):
            yield from file.images(group.positional(0), Role.TEST)
        elif group.bracket == "(" and group.method == "PullImage" and imported:
            yield from file.images(group.positional(1), Role.TEST, Confidence.HEURISTIC)
        elif group.bracket == "(" and group.method.startswith("Run"):
            yield from _run(file, group, imported, docker=docker)


def _is_waited_for(group: Group) -> bool:
    """Whether a container of a type of one's own is started: `util.Container{Image: …, WaitingFor: …}`."""
    return group.method.endswith("Container") and group.keyword("WaitingFor", "ExposedPorts") is not None


def _imports(file: CodeFile) -> Iterator[tuple[str, str]]:
    """Yield the packages that are imported, by the names they have in this file."""
    for before, token in zip((None, *file.tokens), file.tokens, strict=False):
        if token.kind is Kind.STRING and any(library in token.text for library in _LIBRARIES):
            alias = before.text if before and before.kind is Kind.NAME and before.text != "import" else ""
            yield alias or token.text.rpartition("/")[2].removesuffix("-go"), token.text


def _is_module(call: Call, imported: dict[str, str]) -> bool:
    owner = call.name.rpartition(".")[0]
    return imported.get(owner, "").startswith(_PATH) or owner in _MODULES


def _request(file: CodeFile, group: Group) -> Iterator[Candidate]:
    image, repository = group.keyword("Image"), group.keyword("Repository")
    yield from file.images(image, Role.TEST)
    if repository is not None:
        word, tag = file.word(repository.tokens), group.keyword("Tag")
        if tag is not None and [token.text for token in tag.tokens] != [""]:
            word = tagged(word, file.word(tag.tokens))
        yield from file.named(word, repository.tokens, Role.TEST)


def _run(file: CodeFile, call: Call, imported: dict[str, str], *, docker: bool) -> Iterator[Candidate]:
    """Read `postgres.Run(ctx, "postgres:16")`, `pool.Run("mysql", "8", nil)`, `pool.Run(ctx, "mysql", …)`."""
    first, second = call.positional(0), call.positional(1)
    if first is None or second is None or call.name.startswith("."):
        return
    if _is_module(call, imported):
        if not any(token.text.startswith("With") for token in second.tokens[:3]):
            yield from file.images(second, Role.TEST)
    elif docker and first.tokens[0].kind is Kind.STRING and call.positional(2) is not None:
        word = file.word(first.tokens)
        if [token.text for token in second.tokens] != [""]:
            word = tagged(word, file.word(second.tokens))
        yield from file.named(word, first.tokens, Role.TEST)
    elif docker and len(second.tokens) == 1 and second.tokens[0].kind is Kind.STRING:
        tag = next((each for each in file.inside(call) if each.method == "WithTag"), None)
        if tag is not None and (given := tag.positional(0)) is not None:
            word = tagged(file.word(second.tokens), file.word(given.tokens))
            yield from file.named(word, second.tokens, Role.TEST)
    elif len(second.tokens) == 1 and second.tokens[0].kind is Kind.STRING and imported:
        yield from file.images(second, Role.TEST, Confidence.HEURISTIC)
