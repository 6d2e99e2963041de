"""Cloud Resource Manager: which number a project has, and who may what in it. Every project is there.

https://cloud.google.com/resource-manager/reference/rest/v3/projects
"""

import hashlib
import re
from collections.abc import Mapping

from planner.rehearsal import iam
from planner.rehearsal.directory import Directory
from planner.rehearsal.exchange import Answer, Call
from planner.rehearsal.google_api import Method, Service
from planner.rehearsal.repositories import Resource

API = "cloudresourcemanager.googleapis.com"

_PROJECT = r"/v3/projects/(?P<project>[^/:]+(?::[^/:]+)?)"
_NAME, _POLICY = re.compile(rf"{_PROJECT}\Z"), re.compile(rf"{_PROJECT}:getIamPolicy\Z")


class ResourceManager:
    """The API."""

    def __init__(self, *, access_token: str = "", directory: Directory | None = None) -> None:
        self.directory = directory or Directory()
        right = "resourcemanager.projects"
        methods = (
            Method("GetProject", "GET", _NAME, _project, f"{right}.get"),
            Method("GetIamPolicy", "POST", _POLICY, self._policy, f"{right}.getIamPolicy"),
        )
        self.service = Service(API, methods, access_token, self.directory)

    async def answer(self, call: Call) -> Answer:
        """Answer a request."""
        return await self.service.answer(call)

    def _policy(self, _call: Call, place: Mapping[str, str]) -> Resource:
        return iam.read(self.directory.project(place["project"]))


def number_of(project: str) -> str:
    """Return the number of a project, twelve digits that its ID decides."""
    return str(int(hashlib.sha256(project.encode()).hexdigest(), 16))[:12]


def _project(_call: Call, place: Mapping[str, str]) -> Resource:
    project = place["project"]
    return {"name": f"projects/{number_of(project)}", "projectId": project, "state": "ACTIVE"}
