"""Calls and answers: one request to a stand-in, without the socket it came through.

The paths and the error bodies are those of the distribution specification
(https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a request is about."""

    PING = "ping"
    TOKEN = "token"
    MANIFEST = "manifest"
    BLOB = "blob"
    UPLOAD = "upload"
    TAGS = "tags"
    REFERRERS = "referrers"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Call:
    """A request. Header names are lower case; `version` is a tag, a digest or an upload session."""

    method: str
    kind: Kind
    path: str = ""
    repository: str = ""
    version: str = ""
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: str = ""  # scheme and host as the client spelled them
    account: str = ""  # who asks; empty: anonymous

    def parameter(self, name: str) -> str:
        """Return the first value of a query parameter, empty where it is not given."""
        return self.query.get(name, ("",))[0]

    @property
    def writes(self) -> bool:
        """Whether this would change the registry."""
        return self.method not in ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. `Content-Length` is only given where the body is not (HEAD of what is elsewhere)."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def headed(self, headers: Mapping[str, str]) -> "Answer":
        """Return the same answer with more headers."""
        return Answer(self.status, {**self.headers, **headers}, self.body)


class Refusal(Exception):
    """A request that a registry answers with one of the specification's errors."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        detail: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
        self.headers = dict(headers or {})

    def answer(self) -> Answer:
        """Return the error as a response."""
        error: dict[str, object] = {"code": self.code, "message": self.message}
        if self.detail is not None:
            error["detail"] = self.detail
        return document({"errors": [error]}, status=self.status).headed(self.headers)


def document(content: object, *, status: int = 200, media_type: str = "application/json") -> Answer:
    """Return a JSON response."""
    return Answer(status, {"Content-Type": media_type}, json.dumps(content).encode() + b"\n")


class Behaviour:
    """What one kind of registry does besides the specification; by default nothing."""

    def before(self, call: Call) -> Call | Answer:
        """Return the call, with what is now known about it, or the answer that ends it."""
        return call

    def after(self, call: Call, answer: Answer) -> Answer:
        """Return the answer as this registry sends it."""
        del call
        return answer


_NAME = r"(?P<repository>[^?#]+?)"
_PATHS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"/v2/?\Z"), Kind.PING),
    (re.compile(r"(?:/v2)?/token\Z"), Kind.TOKEN),
    (re.compile(rf"/v2/{_NAME}/blobs/uploads/?(?P<version>[^/]*)\Z"), Kind.UPLOAD),
    (re.compile(r"/artifacts-uploads/(?P<repository>).*/uploads/(?P<version>[^/]+)\Z"), Kind.UPLOAD),
    (re.compile(rf"/v2/{_NAME}/blobs/(?P<version>[^/]+)\Z"), Kind.BLOB),
    (re.compile(rf"/v2/{_NAME}/manifests/(?P<version>[^/]+)\Z"), Kind.MANIFEST),
    (re.compile(rf"/v2/{_NAME}/tags/list\Z"), Kind.TAGS),
    (re.compile(rf"/v2/{_NAME}/referrers/(?P<version>[^/]+)\Z"), Kind.REFERRERS),
)
_REPOSITORY = re.compile(
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\Z"
)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\Z")
_DIGEST = re.compile(r"(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\Z")


def locate(path: str) -> tuple[Kind, str, str]:
    """Return what a path is about, its repository and its version. Raises Refusal for a name that is none."""
    for pattern, kind in _PATHS:
        if match := pattern.match(path):
            parts = match.groupdict()
            repository, version = parts.get("repository") or "", parts.get("version") or ""
            _check(kind, repository, version)
            return kind, repository, version
    return Kind.OTHER, "", ""


def is_digest(version: str) -> bool:
    """Return whether a version is a digest rather than a tag."""
    return _DIGEST.match(version) is not None


def _check(kind: Kind, repository: str, version: str) -> None:
    if repository and not _REPOSITORY.match(repository):
        raise Refusal(400, "NAME_INVALID", "invalid repository name", detail=repository)
    if kind in (Kind.BLOB, Kind.REFERRERS) and not is_digest(version):
        raise Refusal(400, "DIGEST_INVALID", "provided digest is not one", detail=version)
    if kind is Kind.MANIFEST and not (is_digest(version) or _TAG.match(version)):
        code = "DIGEST_INVALID" if ":" in version else "TAG_INVALID"
        raise Refusal(400, code, "neither a tag nor a digest", detail=version)
