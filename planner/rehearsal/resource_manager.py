"""Cloud Resource Manager: which number a project has. Every project is there.

https://cloud.google.com/resource-manager/reference/rest/v3/projects/get
"""

import hashlib
import re
from collections.abc import Mapping

from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.google_api import Method, Service
from planner.rehearsal.repositories import Resource

API = "cloudresourcemanager.googleapis.com"

_NAME = re.compile(r"/v3/projects/(?P<project>[^/:]+(?::[^/]+)?)\Z")


class ResourceManager:
    """The API."""

    def __init__(self, *, access_token: str = "") -> None:
        methods = (Method("GetProject", "GET", _NAME, _project, "resourcemanager.projects.get"),)
        self.service = Service(API, methods, access_token)

    async def answer(self, call: Call) -> Answer:
        """Answer a request."""
        return await self.service.answer(call)


def number_of(project: str) -> str:
    """Return the number of a project, twelve digits that its ID decides."""
    return str(int(hashlib.sha256(project.encode()).hexdigest(), 16))[:12]


def _project(_call: Call, place: Mapping[str, str]) -> Resource:
    project = place["project"]
    return {"name": f"projects/{number_of(project)}", "projectId": project, "state": "ACTIVE"}
