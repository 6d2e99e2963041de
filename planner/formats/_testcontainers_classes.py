"""Classes of containers, as Testcontainers has them in Java, Kotlin, Scala, Python, Ruby and JavaScript.

What a class that is not one of Testcontainers' own is given counts only where it looks like an image.
"""

import re
from collections.abc import Iterator

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code_file import CodeFile
from planner.formats._testcontainers_java import ImageNames
from planner.formats._testcontainers_substitutes import of_argument
from planner.model.inventory import Confidence, Role

_KEYWORDS = ("image", "dockerImageName", "dockerImage", "dockerImageNameOverride", "imageName", "image_name")
_NEW = (code.JAVA, code.GROOVY, code.JAVASCRIPT, code.CSHARP)  # where an instance is made with `new`
_DECLARES = frozenset({"class", "fun", "def", "object", "constructor", "trait", "interface"})
_EXTENDS = frozenset({"extends", "(", ","})  # the last two in Python
_HEAD = 16  # tokens of the head of a class
_VERSION = re.compile(r"v?\d+(?:\.\d+)*\Z")
_NO_IMAGES = frozenset(
    {"DockerComposeContainer", "ComposeContainer", "VncRecordingContainer", "PortForwardingContainer",
     "AmbassadorContainer", "ResourceReaper", "StartedGenericContainer", "Container",
     "V1Container", "V1EphemeralContainer"}
)  # fmt: skip
_ANY_IMAGE = ("Generic", "FixedHostPort", "Docker")  # classes that take whatever they are given
_OWN_WORDS = """
Generic FixedHostPortGeneric Docker PostgreSQL PostgreSql Postgres MySQL MySql MariaDB MariaDb MongoDB
MongoDb MongoDBAtlasLocal Kafka ConfluentKafka Redpanda RedPanda Redis LocalStack Localstack
Elasticsearch ElasticSearch Opensearch OpenSearch RabbitMQ RabbitMq Nginx Neo4j Cassandra ClickHouse
Cockroach CockroachDb CockroachDB Couchbase Db2 Dynalite HiveMQ InfluxDB InfluxDb K3s K6 MinIO Minio
MSSQLServer SqlServer MSSQL MockServer Mockserver Nats OceanBaseCE Ollama Oracle OracleDb OracleDB
OrientDB Presto Pulsar Qdrant QuestDB Solace Solr TiDB Timeplus Toxiproxy Trino Typesense Vault Weaviate
Wiremock WireMock YugabyteDBYSQL YugabyteDBYCQL Consul ChromaDB Chroma CrateDB Databend ActiveMQ Artemis
Azurite CosmosDBEmulator EventHubsEmulator ServiceBusEmulator BigQueryEmulator BigtableEmulator
DatastoreEmulator FirestoreEmulator PubSubEmulator SpannerEmulator Grafana LgtmStack Milvus PgVector
PineconeLocal ScyllaDB Scylla Keycloak BrowserWebDriver Selenium ArangoDB ArangoDb Etcd Valkey Memcached
NATS Mosquitto DynamoDb FoundationDB Sftp Registry GCloudEmulator
"""
_OWN = frozenset(_OWN_WORDS.split())


def images(file: CodeFile, names: ImageNames, *, mentioned: bool) -> Iterator[Candidate]:
    """Yield what the classes are given; `mentioned` tells whether the file names Testcontainers."""
    own = set(_unrelated(file))
    extends = any(map(_is_container, file.tokens, file.tokens[1:]))
    for call in file.calls():
        if call.method == "fromDockerfile":
            yield from _built(file, call)
        if call.name in ("super", ".__init__") and mentioned and extends:
            handed = call.positional(0) or call.keyword(*_KEYWORDS)
            yield from file.images(handed, Role.TEST, Confidence.HEURISTIC)
        name = _class(call.name)
        if not name or not _is_made(file, call):
            continue
        argument = call.keyword(*_KEYWORDS) or call.positional(0)
        if argument is None or names.names(token.text for token in argument.tokens):
            continue
        if len(argument.tokens) == 1 and _VERSION.match(argument.tokens[0].text):
            continue  # of the image that the class has by itself
        if is_own(name):
            found = file.images(argument, Role.TEST)
            ordered = call.positional(0) is argument and not name.startswith(_ANY_IMAGE)
            yield from of_argument(file, argument, found) if ordered else found
        elif mentioned and name not in own:
            yield from file.images(argument, Role.TEST, Confidence.HEURISTIC)


def is_own(name: str) -> bool:
    """Whether a class is one of Testcontainers' own."""
    return name.removesuffix("Container") in _OWN


def is_choosy(name: str) -> bool:
    """Whether a class takes only the image that it is made for."""
    return is_own(_class(name)) and not _class(name).startswith(_ANY_IMAGE)


def _is_container(before: code.Token, token: code.Token) -> bool:
    """Whether a class extends one of containers, to which it hands an image with `super`."""
    return before.text in _EXTENDS and token.text.endswith("Container")


def _class(name: str) -> str:
    """Return the class of which a call makes an instance, else an empty text."""
    parts = name.split(".")
    if parts[-1] in ("new", "Def") and len(parts) > 1:
        parts.pop()
    last = parts[-1]
    return last if last.endswith("Container") and last[0].isupper() and last not in _NO_IMAGES else ""


def _built(file: CodeFile, call: code.Call) -> Iterator[Candidate]:
    for following in file.chained(call):
        if following.method == "build":
            yield from file.images(following.positional(0), Role.OUTPUT)


def _unrelated(file: CodeFile) -> Iterator[str]:
    """Yield the classes of the file that extend no container."""
    for index, token in enumerate(file.tokens[:-1]):
        if token.text == "class" and token.kind is code.Kind.NAME:
            name, *head = (each.text for each in file.tokens[index + 1 : index + _HEAD])
            head = head[: head.index("{")] if "{" in head else head
            if not any(each.endswith("Container") and each != name for each in head):
                yield name


def _is_made(file: CodeFile, call: code.Call) -> bool:
    place = file.place(call) - 1
    before = file.tokens[place].text if place >= 0 else ""
    return before == "new" if file.language in _NEW else before not in _DECLARES
