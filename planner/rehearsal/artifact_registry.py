"""The Artifact Registry API: repositories made, listed, changed and removed, over REST.

https://cloud.google.com/artifact-registry/docs/reference/rest. What it makes is in the same `Repositories`
that the registry hosts serve, so it can be pulled from and pushed to at once. `grpc_front` has it over gRPC.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from planner import clock
from planner.rehearsal import iam, repository_rules
from planner.rehearsal.api_errors import ApiError, not_found
from planner.rehearsal.directory import Directory
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.google_api import Handler, Method, Service, body, number
from planner.rehearsal.operations import Operations
from planner.rehearsal.repositories import Record, Repositories, Resource, is_identifier

API = "artifactregistry.googleapis.com"

_PARENT = r"(?P<parent>projects/[^/]+/locations/(?P<location>[^/]+))"
_NAME = rf"(?P<name>{_PARENT}/repositories/(?P<identifier>[^/:]+))"
_PERIMETER = rf"(?P<name>{_PARENT}/vpcscConfig)"
_LARGEST_PAGE = 1000
_PERIMETERS = ("VPCSC_POLICY_UNSPECIFIED", "DENY", "ALLOW")  # by number


class ArtifactRegistry:
    """The API over some repositories."""

    def __init__(
        self,
        repositories: Repositories,
        locations: Iterable[str],
        *,
        access_token: str = "",
        polls: int = 0,
        directory: Directory | None = None,
    ) -> None:
        self.repositories = repositories
        self.directory = directory or Directory()
        self.locations = tuple(sorted(set(locations)))
        self.operations = Operations(polls)
        self.perimeters: dict[str, str] = {}  # resource name: DENY or ALLOW
        methods = (
            _method("ListLocations", "GET", r"(?P<project>projects/[^/]+)/locations", self._list_locations),
            _method("CreateRepository", "POST", f"{_PARENT}/repositories", self._create, "create"),
            _method("ListRepositories", "GET", f"{_PARENT}/repositories", self._list, "list"),
            _method("GetRepository", "GET", _NAME, self._read, "get"),
            _method("UpdateRepository", "PATCH", _NAME, self._update, "update"),
            _method("DeleteRepository", "DELETE", _NAME, self._delete, "delete"),
            _method("GetIamPolicy", "GET", f"{_NAME}:getIamPolicy", self._read_policy, "getIamPolicy"),
            _method("SetIamPolicy", "POST", f"{_NAME}:setIamPolicy", self._write_policy, "setIamPolicy"),
            _method("TestIamPermissions", "POST", f"{_NAME}:testIamPermissions", self._test_permissions),
            _method("GetOperation", "GET", rf"(?P<operation>{_PARENT}/operations/[^/]+)", self._operation),
            _method("GetVPCSCConfig", "GET", _PERIMETER, self._read_perimeter, "get", "vpcscconfigs"),
            _method("UpdateVPCSCConfig", "PATCH", _PERIMETER, self._set_perimeter, "update", "vpcscconfigs"),
        )
        self.service = Service(API, methods, access_token, self.directory)

    async def answer(self, call: Call) -> Answer:
        """Answer a request; what it may not do or have is an answer too."""
        self.operations.tick()
        return await self.service.answer(call)

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
        if self.repositories.find(name) or self.operations.busy(name):
            raise ApiError("ALREADY_EXISTS", "the repository already exists")
        record = Record(name, _made(repository_rules.given(body(call)), name))
        repository_rules.check(record, self.repositories)

        def work() -> Resource:
            self.repositories.records[name] = record
            return record.resource

        return self.operations.begin(place["parent"], name, work)

    def _list(self, call: Call, place: Mapping[str, str]) -> Resource:
        found = list(self.repositories.under(place["parent"]))
        size = min(number(call.parameter("pageSize")) or 100, _LARGEST_PAGE)
        start = number(call.parameter("pageToken"))
        page: Resource = {"repositories": [record.resource for record in found[start : start + size]]}
        return page | ({"nextPageToken": str(start + size)} if start + size < len(found) else {})

    def _read(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return self._find(place).resource

    def _update(self, call: Call, place: Mapping[str, str]) -> Resource:
        record = self._find(place)
        mask = [path for path in call.parameter("updateMask").split(",") if path]
        changed = {**repository_rules.updated(record.resource, body(call), mask), "updateTime": _now()}
        repository_rules.check(replace(record, resource=changed), self.repositories)
        record.resource = changed
        return changed

    def _delete(self, _call: Call, place: Mapping[str, str]) -> Resource:
        record = self._find(place)
        if users := self.repositories.users_of(record.name):
            raise ApiError("FAILED_PRECONDITION", f"the repository is an upstream of {', '.join(users)}")

        def work() -> None:
            del self.repositories.records[record.name]

        return self.operations.begin(place["parent"], record.name, work)

    def _read_policy(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return iam.read(self._find(place))

    def _write_policy(self, call: Call, place: Mapping[str, str]) -> Resource:
        return iam.write(self._find(place), body(call))

    def _test_permissions(self, call: Call, place: Mapping[str, str]) -> Resource:
        record = self._find(place)
        asked = body(call).get("permissions", [])
        names = [str(name) for name in asked] if isinstance(asked, list) else []
        if call.account:
            may = self.directory.may
            return {
                "permissions": [name for name in names if may(call.account, name, record.name, record.policy)]
            }
        return {"permissions": [name for name in names if name not in self.service.denied]}

    def _operation(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return self.operations.poll(place["operation"])

    def _read_perimeter(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return {"name": place["name"], "vpcscPolicy": self.perimeters.get(place["name"], "DENY")}

    def _set_perimeter(self, call: Call, place: Mapping[str, str]) -> Resource:
        if call.parameter("updateMask") not in ("", "*", "vpcscPolicy"):
            raise ApiError("INVALID_ARGUMENT", "update mask: only vpcsc_policy can be changed")
        value = body(call).get("vpcscPolicy", 0)
        name = _PERIMETERS[value] if isinstance(value, int) and 0 <= value < 3 else str(value)
        if name not in _PERIMETERS[1:]:
            raise ApiError("INVALID_ARGUMENT", f"Invalid value {value!r} for vpcsc_policy")
        self.perimeters[place["name"]] = name
        return self._read_perimeter(call, place)

    def _find(self, place: Mapping[str, str]) -> Record:
        record = self.repositories.find(place["name"])
        if record is None:
            raise not_found()
        return record


def _method(
    name: str, verb: str, path: str, handler: Handler, right: str = "", kind: str = "repositories"
) -> Method:
    permission = f"artifactregistry.{kind}.{right}" if right else ""
    return Method(name, verb, re.compile(rf"/v1/{path}\Z"), handler, permission)


def _made(resource: Resource, name: str) -> Resource:
    """Return a new repository with what only the API says of it."""
    now = _now()
    _, project, _, location, _, identifier = name.split("/")
    uri = f"{location}-docker.pkg.dev/{project.replace(':', '/')}/{identifier}"
    said = {"name": name, "createTime": now, "updateTime": now, "registryUri": uri}
    return repository_rules.normal({**resource, **said})


def _now() -> str:
    return clock.now().isoformat(timespec="microseconds").replace("+00:00", "Z")
