"""The Artifact Registry API: repositories made, listed, changed and removed, over REST.

https://cloud.google.com/artifact-registry/docs/reference/rest. What it makes is in the same `Repositories`
that the registry hosts serve, so it can be pulled from and pushed to at once.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import IntEnum
from typing import TypeVar

from planner.rehearsal import iam
from planner.rehearsal.api_errors import ApiError, not_found
from planner.rehearsal.counters import Counters
from planner.rehearsal.exchange import Answer, Call, document
from planner.rehearsal.operations import Operations
from planner.rehearsal.repositories import (
    Format,
    Mode,
    Record,
    Repositories,
    Resource,
    is_identifier,
    member,
)

_PARENT = r"(?P<parent>projects/[^/]+/locations/(?P<location>[^/]+))"
_NAME = rf"(?P<name>{_PARENT}/repositories/(?P<identifier>[^/:]+))"
_LARGEST_PAGE = 1000
_SETTABLE = frozenset(
    {
        "description",
        "labels",
        "cleanupPolicies",
        "cleanupPolicyDryRun",
        "dockerConfig",
        "virtualRepositoryConfig",
        "remoteRepositoryConfig",
        "vulnerabilityScanningConfig",
    }
)
_MODE_CONFIG = {
    Mode.REMOTE_REPOSITORY: "remoteRepositoryConfig",
    Mode.VIRTUAL_REPOSITORY: "virtualRepositoryConfig",
}
Enumeration = TypeVar("Enumeration", bound=IntEnum)
Handler = Callable[[Call, Mapping[str, str]], Resource]


class ArtifactRegistry:
    """The API over some repositories."""

    def __init__(
        self, repositories: Repositories, locations: Iterable[str], *, access_token: str = "", polls: int = 0
    ) -> None:
        self.repositories = repositories
        self.locations = tuple(sorted(set(locations)))
        self.access_token = access_token  # what Authorization has to bring; empty: nothing
        self.operations = Operations(polls)
        self.counters = Counters()
        self._routes: tuple[tuple[str, re.Pattern[str], Handler], ...] = (
            ("GET", re.compile(r"/v1/(?P<project>projects/[^/]+)/locations\Z"), self._list_locations),
            ("POST", re.compile(rf"/v1/{_PARENT}/repositories\Z"), self._create),
            ("GET", re.compile(rf"/v1/{_PARENT}/repositories\Z"), self._list),
            ("GET", re.compile(rf"/v1/{_NAME}\Z"), self._read),
            ("PATCH", re.compile(rf"/v1/{_NAME}\Z"), self._update),
            ("DELETE", re.compile(rf"/v1/{_NAME}\Z"), self._delete),
            ("GET", re.compile(rf"/v1/{_NAME}:getIamPolicy\Z"), self._read_policy),
            ("POST", re.compile(rf"/v1/{_NAME}:setIamPolicy\Z"), self._write_policy),
            ("POST", re.compile(rf"/v1/{_NAME}:testIamPermissions\Z"), self._test_permissions),
            ("GET", re.compile(rf"/v1/(?P<operation>{_PARENT}/operations/[^/]+)\Z"), self._read_operation),
        )

    async def answer(self, call: Call) -> Answer:
        """Answer a request; what it may not do or have is an answer too."""
        try:
            answer = document(self._perform(call))
        except ApiError as error:
            answer = error.answer()
        self.counters.note(call, answer)
        return answer

    def _perform(self, call: Call) -> Resource:
        if self.access_token and call.headers.get("authorization") != f"Bearer {self.access_token}":
            raise ApiError("UNAUTHENTICATED", "Request had invalid authentication credentials.")
        for method, pattern, handler in self._routes:
            if call.method == method and (match := pattern.match(call.path)):
                return handler(call, match.groupdict())
        raise not_found()

    def _list_locations(self, _call: Call, place: Mapping[str, str]) -> Resource:
        project = place["project"]
        return {
            "locations": [{"name": f"{project}/locations/{it}", "locationId": it} for it in self.locations]
        }

    def _create(self, call: Call, place: Mapping[str, str]) -> Resource:
        identifier = call.parameter("repositoryId")
        if place["location"] not in self.locations:
            message = f"Permission denied on 'locations/{place['location']}' (or it may not exist)."
            raise ApiError("PERMISSION_DENIED", message)
        if not is_identifier(identifier):
            raise ApiError("INVALID_ARGUMENT", f'invalid repository id "{identifier}"')
        name = f"{place['parent']}/repositories/{identifier}"
        if self.repositories.find(name):
            raise ApiError("ALREADY_EXISTS", "the repository already exists")
        now = _now()
        resource = _normal({**_body(call), "name": name, "createTime": now, "updateTime": now})
        host = f"{place['location']}-docker.pkg.dev"
        project = place["parent"].split("/")[1].replace(":", "/")
        record = Record(name, {**resource, "registryUri": f"{host}/{project}/{identifier}"})
        self._check(record)
        self.repositories.records[name] = record
        return self.operations.of(place["parent"], record.resource)

    def _list(self, call: Call, place: Mapping[str, str]) -> Resource:
        found = list(self.repositories.under(place["parent"]))
        size = min(_number(call.parameter("pageSize")) or 100, _LARGEST_PAGE)
        start = _number(call.parameter("pageToken"))
        page: Resource = {"repositories": [record.resource for record in found[start : start + size]]}
        return page | ({"nextPageToken": str(start + size)} if start + size < len(found) else {})

    def _read(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return self._find(place).resource

    def _update(self, call: Call, place: Mapping[str, str]) -> Resource:
        record, given = self._find(place), _body(call)
        mask = [path for path in call.parameter("updateMask").split(",") if path]
        paths = [name for name in given if name in _SETTABLE] if mask in ([], ["*"]) else mask
        changed = record.resource
        for path in paths:
            if path.partition(".")[0] not in _SETTABLE:
                raise ApiError("INVALID_ARGUMENT", f"update mask: {path} is unknown or cannot be changed")
            changed = _set(changed, given, path)
        changed = {**_normal(changed), "updateTime": _now()}
        self._check(replace(record, resource=changed))
        record.resource = changed
        return changed

    def _delete(self, _call: Call, place: Mapping[str, str]) -> Resource:
        record = self._find(place)
        if users := self.repositories.users_of(record.name):
            raise ApiError("FAILED_PRECONDITION", f"the repository is an upstream of {', '.join(users)}")
        del self.repositories.records[record.name]
        return self.operations.of(place["parent"], None)

    def _read_policy(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return iam.read(self._find(place))

    def _write_policy(self, call: Call, place: Mapping[str, str]) -> Resource:
        return iam.write(self._find(place), _body(call))

    def _test_permissions(self, call: Call, place: Mapping[str, str]) -> Resource:
        self._find(place)
        return {"permissions": _body(call).get("permissions", [])}

    def _read_operation(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return self.operations.poll(place["operation"])

    def _find(self, place: Mapping[str, str]) -> Record:
        record = self.repositories.find(place["name"])
        if record is None:
            raise not_found()
        return record

    def _check(self, record: Record) -> None:
        """Raise ApiError for a repository that cannot be."""
        for mode, config in _MODE_CONFIG.items():
            if (config in record.resource) != (record.mode is mode):
                raise ApiError(
                    "INVALID_ARGUMENT", f"{config} goes with mode {mode.name}, this is {record.mode.name}"
                )
        if record.mode is Mode.REMOTE_REPOSITORY and not record.remote:
            raise ApiError("INVALID_ARGUMENT", "remote repository config needs an upstream")
        parent = record.name.rpartition("/")[0]
        for upstream in record.upstreams:
            known = self.repositories.find(upstream.repository)
            if known is None or known.name.rpartition("/")[0] != parent:
                message = f"upstream repository {upstream.repository} does not exist in the same location"
                raise ApiError("INVALID_ARGUMENT", message)


def _body(call: Call) -> Resource:
    try:
        content = json.loads(call.body or b"{}")
    except ValueError as error:
        raise ApiError("INVALID_ARGUMENT", f"Invalid JSON payload received. {error}") from error
    if not isinstance(content, dict):
        raise ApiError("INVALID_ARGUMENT", "Invalid JSON payload received. An object was expected.")
    return content


def _number(text: str) -> int:
    if text and not text.isdecimal():
        raise ApiError("INVALID_ARGUMENT", f"Invalid value {text!r}")
    return int(text or 0)


def _normal(resource: Resource) -> Resource:
    """Return a repository with its enums by name; an unnamed mode is standard."""
    mode = _enum(Mode, resource.get("mode", 0)) or Mode.STANDARD_REPOSITORY
    kind = _enum(Format, resource.get("format", 0))
    if kind is Format.FORMAT_UNSPECIFIED:
        raise ApiError("INVALID_ARGUMENT", "repository format must be specified")
    return {**resource, "mode": mode.name, "format": kind.name}


def _enum(kind: type[Enumeration], value: object) -> Enumeration:
    """Return an enum that is spelled as a name or as a number."""
    try:
        return kind(value) if isinstance(value, int) else kind[str(value)]
    except (ValueError, KeyError):
        raise ApiError("INVALID_ARGUMENT", f"Invalid value {value!r} for {kind.__name__.lower()}") from None


def _set(resource: Mapping[str, object], given: Mapping[str, object], path: str) -> Resource:
    """Return a resource with one path of an update mask taken from another; what is not given is removed."""
    first, _, rest = path.partition(".")
    value = _set(member(resource, first), member(given, first), rest) if rest else given.get(first)
    kept = {name: old for name, old in resource.items() if name != first}
    return kept if value is None else {**kept, first: value}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
