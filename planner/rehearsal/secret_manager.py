"""Secret Manager: who may read which secret. What is in a secret is nowhere here.

https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from planner.rehearsal import iam
from planner.rehearsal.api_errors import ApiError
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.google_api import Method, Service, body
from planner.rehearsal.repositories import Resource

API = "secretmanager.googleapis.com"

_NAME = r"/v1/(?P<name>projects/[^/]+/secrets/[^/:]+)"


@dataclass(slots=True)
class Secret:
    """A secret: who may read it."""

    policy: Resource = field(default_factory=dict)


class SecretManager:
    """The API over some secrets, by name: projects/P/secrets/S."""

    def __init__(self, secrets: Iterable[str] = (), *, access_token: str = "") -> None:
        self.secrets = {name: Secret() for name in secrets}
        read, write = re.compile(rf"{_NAME}:getIamPolicy\Z"), re.compile(rf"{_NAME}:setIamPolicy\Z")
        right = "secretmanager.secrets"
        methods = (
            Method("GetIamPolicy", "GET", read, self._read, f"{right}.getIamPolicy"),
            Method("SetIamPolicy", "POST", write, self._write, f"{right}.setIamPolicy"),
        )
        self.service = Service(API, methods, access_token)

    async def answer(self, call: Call) -> Answer:
        """Answer a request."""
        return await self.service.answer(call)

    def add(self, name: str) -> Secret:
        """Have a secret, and return it."""
        return self.secrets.setdefault(name, Secret())

    def _read(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return iam.read(self._find(place))

    def _write(self, call: Call, place: Mapping[str, str]) -> Resource:
        return iam.write(self._find(place), body(call))

    def _find(self, place: Mapping[str, str]) -> Secret:
        found = self.secrets.get(place["name"])
        if found is None:
            raise ApiError("NOT_FOUND", f"Secret [{place['name']}] not found.")
        return found
