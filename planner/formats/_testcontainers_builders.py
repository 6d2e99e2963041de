"""Testcontainers in .NET and Rust: containers that are built step by step."""

from collections.abc import Iterator, Mapping

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code_file import CodeFile
from planner.formats._code_names import tagged
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_DEFAULTS: Mapping[str, str] = {  # of the modules for Rust, whose versions differ only in the tag
    "Postgres": "postgres", "Mysql": "mysql", "Redis": "redis", "Mongo": "mongo", "Mariadb": "mariadb",
    "RabbitMq": "rabbitmq", "Neo4j": "neo4j", "Nats": "nats",
}  # fmt: skip
_DOTNET = """
Container ActiveMq Artemis ArangoDb Azurite BigQuery Bigtable Cassandra ClickHouse CockroachDb Consul CosmosDb
CouchDb Couchbase Db2 DynamoDb Elasticsearch EventHubs EventStoreDb FakeGcsServer FirebirdSql Firestore
Grafana InfluxDb JanusGraph K3s Kafka Keycloak KurrentDb Kusto LocalStack LowkeyVault MariaDb Milvus Minio
MongoDb Mosquitto MsSql MySql Nats Neo4j Ollama OpenSearch Oracle Papercut PostgreSql PubSub Pulsar Qdrant
RabbitMq RavenDb Redis Redpanda Seq ServiceBus Sftp SqlEdge Toxiproxy Typesense Weaviate WebDriver
"""
_MODULES = frozenset(f"{name}Builder" for name in _DOTNET.split())
_BUILDS = "ImageFromDockerfileBuilder"
_KNOB = "call with_name to move it"


def dotnet(file: CodeFile, *, mentioned: bool) -> Iterator[Candidate]:
    """Yield `new PostgreSqlBuilder("postgres:16")` and `.WithImage("postgres:16")`.

    A file need not name Testcontainers where another imports it for all (`global using`).
    """
    if not mentioned and not any(call.method in _MODULES for call in file.calls()):
        return
    built = {file.assigned(call) for call in file.calls() if call.method == _BUILDS}
    for call in file.calls():
        if call.method == _BUILDS:
            yield from _built(file, call)
        first = call.positional(0)
        words = {token.text for token in first.tokens} if first is not None else set()
        if first is None or words & (built | {"DockerImage", _BUILDS}):
            continue
        if code.is_literal(first.tokens) and not code.is_literal(first.tokens, outside=True):
            continue  # a method makes it of something
        alone = len(call.arguments) == 1
        if call.method == "WithImage" or call.method in _MODULES or (call.name == "DockerImage" and alone):
            yield from file.images(first, Role.TEST)
        elif call.method.endswith("Builder") and call.method != _BUILDS and alone and mentioned:
            yield from file.images(first, Role.TEST, Confidence.HEURISTIC)


def _built(file: CodeFile, call: code.Call) -> Iterator[Candidate]:
    for following in file.chained(call):
        first = following.positional(0)
        if following.method == "WithName" and first is not None and code.is_literal(first.tokens):
            yield from file.images(first, Role.OUTPUT)


def rust(file: CodeFile) -> Iterator[Candidate]:
    """Yield `GenericImage::new("redis", "7")` and modules that are given a name or a tag."""
    for call in file.calls():
        parts = call.name.split(".")
        if parts[-1] == "new" and parts[-2:-1] == ["GenericImage"]:
            yield from _image(file, call, call.positional(0), call.positional(1))
        elif parts[-1] in ("default", "new") and parts[-2:-1] and parts[-2][:1].isupper():
            yield from _image(file, call, None, None, _DEFAULTS.get(parts[-2], ""))


def _image(
    file: CodeFile,
    call: code.Call,
    name: code.Argument | None,
    tag: code.Argument | None,
    default: str = "",
) -> Iterator[Candidate]:
    for following in file.chained(call):
        if following.method == "with_name":
            name = following.positional(0)
        elif following.method == "with_tag":
            tag = following.positional(0)
    if name is not None:
        word = file.word(name.tokens)
        if tag is not None:
            word = tagged(word, file.word(tag.tokens))
        yield from file.named(word, name.tokens, Role.TEST)
    elif tag is not None and default:
        for value in file.word(tag.tokens).choices():
            if not value.problem:
                text = Text.of(f"{default}:") + value.text
                spelled = str(value.text)
                yield Candidate(text, Role.IMPLICIT, tag.start, spelled, Confidence.RESOLVED, (_KNOB,))
