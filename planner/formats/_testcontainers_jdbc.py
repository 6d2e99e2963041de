"""URLs of databases that Testcontainers starts: `jdbc:tc:postgresql:16:///shop` pulls postgres:16.

https://java.testcontainers.org/modules/databases/jdbc/
"""

import re
from collections.abc import Iterator, Mapping

from planner.formats._base import Candidate
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_URL = re.compile(r"\b(?:jdbc|r2dbc):tc:(?P<kind>\w+)(?::(?P<tag>\w[\w.-]*))?:(?://|thin:)")
_TAG = re.compile(r"[^\s\"'`<>\\]{0,300}?[?&]TC_IMAGE_TAG=(?P<tag>\w[\w.-]*)")
_IMAGES: Mapping[str, str] = {
    "mysql": "mysql", "postgresql": "postgres", "mariadb": "mariadb", "postgis": "postgis/postgis",
    "timescaledb": "timescale/timescaledb", "pgvector": "pgvector/pgvector", "trino": "trinodb/trino",
    "cockroach": "cockroachdb/cockroach", "clickhouse": "clickhouse/clickhouse-server",
    "tidb": "pingcap/tidb",
    "sqlserver": "mcr.microsoft.com/mssql/server", "yugabyte": "yugabytedb/yugabyte", "cratedb": "crate",
    "databend": "datafuselabs/databend", "questdb": "questdb/questdb", "db2": "icr.io/db2_community/db2",
    "oceanbasece": "oceanbase/oceanbase-ce", "presto": "ghcr.io/trinodb/presto",
}  # fmt: skip
_KNOB = "set hub.image.name.prefix in .testcontainers.properties to move it"


def urls(text: str) -> Iterator[Candidate]:
    """Yield the image of every such URL that says which version it means."""
    for match in _URL.finditer(text):
        name = _IMAGES.get(match["kind"])
        tag = match if match["tag"] else _TAG.match(text, match.end())
        if name and tag:
            value = Text.of(f"{name}:") + Text.at(tag.start("tag"), tag["tag"])
            yield Candidate(value, Role.IMPLICIT, match.start(), match[0], Confidence.RESOLVED, (_KNOB,))
