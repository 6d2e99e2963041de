"""Images of classes of Testcontainers that are given none: `new PostgreSQLContainer<>()`, `RedisContainer()`.

On the JVM and in .NET the installed version decides the tag. On the JVM a class of your own may have the same
name, so the class must be imported from Testcontainers. The classes for Python take `latest`.
"""

import re
from collections.abc import Iterator, Mapping

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code_file import CodeFile
from planner.formats._implicit import Pull
from planner.model.source import SourceFile

_JVM: Mapping[str, str] = {
    "PostgreSQL": "library/postgres", "MySQL": "library/mysql", "MariaDB": "library/mariadb",
    "MongoDB": "library/mongo", "Kafka": "confluentinc/cp-kafka", "RabbitMQ": "library/rabbitmq",
    "LocalStack": "localstack/localstack", "Neo4j": "library/neo4j", "Cassandra": "library/cassandra",
    "Nginx": "library/nginx", "Vault": "library/vault", "Toxiproxy": "shopify/toxiproxy",
    "MockServer": "jamesdbloom/mockserver", "Pulsar": "apachepulsar/pulsar", "InfluxDB": "library/influxdb",
    "CockroachDB": "cockroachdb/cockroach", "ClickHouse": "yandex/clickhouse-server",
    "Couchbase": "couchbase/server", "OrientDB": "library/orientdb", "Solr": "library/solr",
}  # fmt: skip
OF_CLASSES = frozenset(name.removeprefix("library/") for name in _JVM.values())  # as code calls them
_PYTHON: Mapping[str, str] = {
    "Postgres": "postgres", "MySql": "mysql", "Redis": "redis", "MongoDb": "mongo", "RabbitMq": "rabbitmq",
}  # fmt: skip
_DOTNET: Mapping[str, str] = {
    "ArangoDb": "library/arangodb", "Artemis": "apache/activemq-artemis", "Cassandra": "library/cassandra",
    "ClickHouse": "clickhouse/clickhouse-server", "CockroachDb": "cockroachdb/cockroach",
    "Consul": "library/consul", "CouchDb": "library/couchdb", "Couchbase": "library/couchbase",
    "DynamoDb": "amazon/dynamodb-local", "Elasticsearch": "library/elasticsearch",
    "FakeGcsServer": "fsouza/fake-gcs-server", "FirebirdSql": "jacobalberty/firebird",
    "Grafana": "grafana/grafana", "InfluxDb": "library/influxdb", "JanusGraph": "janusgraph/janusgraph",
    "K3s": "rancher/k3s", "Kafka": "confluentinc/cp-kafka", "LocalStack": "localstack/localstack",
    "MariaDb": "library/mariadb", "Milvus": "milvusdb/milvus", "Minio": "minio/minio",
    "MongoDb": "library/mongo", "Mosquitto": "library/eclipse-mosquitto", "MySql": "library/mysql",
    "Nats": "library/nats", "Neo4j": "library/neo4j", "Ollama": "ollama/ollama",
    "OpenSearch": "opensearchproject/opensearch", "Oracle": "gvenzl/oracle-xe",
    "PostgreSql": "library/postgres", "Pulsar": "apachepulsar/pulsar", "Qdrant": "qdrant/qdrant",
    "RabbitMq": "library/rabbitmq", "RavenDb": "ravendb/ravendb", "Redis": "library/redis",
    "Seq": "datalust/seq", "Sftp": "atmoz/sftp", "Typesense": "typesense/typesense",
    "Weaviate": "semitechnologies/weaviate",
}  # fmt: skip
_KNOB_DOTNET = "call WithImage, or set TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX, to move it"
_KNOB = "give the constructor an image, or set hub.image.name.prefix, to move it"
_NEW = (code.JAVA, code.GROOVY)
_IMPORT = re.compile(
    r"(?m)^[ \t]*import[ \t]+org\.testcontainers\.(?:\w++\.)*+(?P<name>\w+Container\b|\*|_\b)"
)
_FROM = re.compile(
    r"(?m)^[ \t]*from[ \t]+testcontainers\.\w[\w.]*[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n]+)"
)
_SETS = ("setDockerImageName", "withDockerImageName", "setImage", "WithImage")


def images(source: SourceFile, file: CodeFile) -> Iterator[Candidate]:
    """Yield the default of every class that is made without an image."""
    python = file.language is code.PYTHON
    names = set(_of_python(source.text) if python else _of_jvm(source.text))
    for call in file.calls() if names else ():
        found = _PYTHON.get(call.name.removesuffix("Container")) if python else None
        found = found or (None if python else _JVM.get(call.name.removesuffix("Container")))
        if not found or call.name not in names or not _has_none(file, call, python=python):
            continue
        pull = (
            Pull(f"docker.io/library/{found}:latest", "give the constructor an image to move it")
            if python
            else Pull(f"docker.io/{found}", _KNOB, "the installed Testcontainers")
        )
        yield pull.at(call.start, call.name)


def of_builders(file: CodeFile) -> Iterator[Candidate]:
    """Yield the default of every builder of .NET that builds without an image."""
    for call in file.calls():
        found = _DOTNET.get(call.method.removesuffix("Builder"))
        if not found or call.arguments or file.tokens[max(file.place(call) - 1, 0)].text != "new":
            continue
        chained = {following.method for following in file.chained(call)}
        if "Build" in chained and chained.isdisjoint(_SETS):
            pull = Pull(f"docker.io/{found}", _KNOB_DOTNET, "the installed Testcontainers")
            yield pull.at(call.start, call.name)


def _of_jvm(text: str) -> Iterator[str]:
    for match in _IMPORT.finditer(text):
        if match["name"] in "*_":
            yield from (f"{name}Container" for name in _JVM)
        yield match["name"]


def _of_python(text: str) -> Iterator[str]:
    for match in _FROM.finditer(text):
        yield from re.findall(r"\w+Container\b(?![ \t]+as\b)", match["names"])


def _has_none(file: CodeFile, call: code.Call, *, python: bool) -> bool:
    place = file.place(call) - 1
    before = file.tokens[place].text if place >= 0 else ""
    if python:
        argument = call.keyword("image") or call.positional(0)
        splat = any(each.tokens[0].text in ("*", "**") for each in call.arguments if each.tokens)
        return before not in ("class", "def") and argument is None and not splat
    chained = {following.method for following in file.chained(call)}
    made = before == "new" if file.language in _NEW else before not in ("class", "fun", "def", "object", ":")
    return made and not call.arguments and chained.isdisjoint(_SETS)
