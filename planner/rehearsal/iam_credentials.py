"""IAM Service Account Credentials: short-lived tokens that act for a service account.

https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from planner import clock
from planner.rehearsal.api_errors import ApiError
from planner.rehearsal.directory import Directory
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.google_api import Method, Service, body
from planner.rehearsal.repositories import Resource

API = "iamcredentials.googleapis.com"

_PATH = re.compile(r"/v1/projects/-/serviceAccounts/(?P<address>[^/:]+):generateAccessToken\Z")
_LIFETIME = re.compile(r"(\d{1,4})s\Z")
_LONGEST = 3600  # seconds, unless a policy of the organization allows more
_DENIED = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist)."


class IamCredentials:
    """The API over a directory."""

    def __init__(self, directory: Directory, *, access_token: str = "") -> None:
        self.directory = directory
        methods = (Method("GenerateAccessToken", "POST", _PATH, self._generate),)
        self.service = Service(API, methods, access_token)

    async def answer(self, call: Call) -> Answer:
        """Answer a request."""
        return await self.service.answer(call)

    def _generate(self, call: Call, place: Mapping[str, str]) -> Resource:
        request, address = body(call), place["address"]
        lifetime = _LIFETIME.match(str(request.get("lifetime", "3600s")))
        if not request.get("scope") or not lifetime or not 0 < int(lifetime[1]) <= _LONGEST:
            raise ApiError("INVALID_ARGUMENT", "Request contains an invalid argument.")
        account = self.directory.accounts.get(address)
        if account is None:
            raise ApiError("NOT_FOUND", f"Not found; Gaia id not found for email {address}")
        if not account.lent:
            raise ApiError("PERMISSION_DENIED", _DENIED)
        expires = clock.now() + timedelta(seconds=int(lifetime[1]))
        return {
            "accessToken": self.directory.lend(address),
            "expireTime": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
