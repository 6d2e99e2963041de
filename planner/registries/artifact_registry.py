"""The Artifact Registry API: finds and makes repositories, and lets members use them.

Only this module knows Google's client library. The library sets neither a time-out nor a retry on any call,
and its two transports raise different subclasses for the same answer, so both are dealt with here:
https://cloud.google.com/artifact-registry/docs/reference/rest
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from google.api_core import exceptions
from google.api_core.future.polling import DEFAULT_POLLING
from google.api_core.retry import Retry, if_transient_error
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError
from google.cloud.artifactregistry_v1 import (
    ArtifactRegistryClient,
    CreateRepositoryRequest,
    Repository,
)
from google.cloud.artifactregistry_v1.services.artifact_registry.transports.rest import (
    ArtifactRegistryRestTransport,
)

from planner.errors import ArtifactRegistryError, ConfigError
from planner.model.plan import CreateRepository, Grant
from planner.model.reference import DOCKER_HUB
from planner.model.repository import Mode, Target
from planner.registries._google import acting
from planner.registries._repository import MODES, upstream_of, wanted

API = "artifactregistry.googleapis.com"

_CALL = 30.0  # seconds for one request
_OPERATION = 300.0  # seconds until a repository has to be there
_DOCKER_HUB = frozenset({"registry-1.docker.io", "index.docker.io", "docker.io", "mirror.gcr.io"})
_CHANGED = (exceptions.Conflict, exceptions.PreconditionFailed)
_LOGIN = "`gcloud auth application-default login`, or run where a service account is attached"
_AGAIN = "run it again; what is done stays done"
_LOCATION = re.compile(r"(?<![/\w-])location(?![/\w-])|denied on '?locations/", re.IGNORECASE)
_REQUEST = re.compile(r"\A[A-Z]+ https?://\S+: ")  # what the REST transport puts before a message
_PERMISSION = re.compile(r"artifactregistry\.[a-zA-Z]+\.[a-zA-Z]+")
_NAMES = {value: mode for mode, value in MODES.items()}


class ArtifactRegistry:
    """The API at one endpoint. Every method blocks, and raises ArtifactRegistryError only.

    Without an endpoint it is Google's, with application default credentials. Credentials go to Google's own
    hosts only; any other endpoint is spoken to without. `patience` is for how many seconds a call is
    repeated while the service cannot be reached. Raises ConfigError for plain HTTP to another machine, unless
    `insecure`.
    """

    def __init__(
        self, endpoint: str | None = None, *, insecure: bool = False, patience: float = 60.0
    ) -> None:
        self._retry = Retry(predicate=if_transient_error, initial=0.5, maximum=8.0, timeout=patience)
        near = endpoint is not None and _is_loopback(urlsplit(endpoint).hostname or "")
        delay = {"initial": 0.01, "maximum": 0.1} if near else {"initial": 1.0, "maximum": 10.0}
        self._polling = DEFAULT_POLLING.with_delay(**delay).with_timeout(_OPERATION)
        with _told():
            if endpoint:
                self._client = ArtifactRegistryClient(transport=_transport(endpoint, insecure))
            else:
                self._client = ArtifactRegistryClient(credentials=acting())

    def repository(self, target: Target) -> Mode | None:
        """Return the mode of a repository as it is, or None where there is none."""
        found = self._find(target)
        return _NAMES.get(found.mode, Mode.STANDARD) if found else None

    def create(self, action: CreateRepository) -> bool:
        """Make a repository and wait until it is there; return False when it was there already.

        Raises ArtifactRegistryError also when what is there cannot serve: its mode, format and upstream stay
        what they were when it was made.
        """
        found = self._find(action.target)
        if found is None:
            try:
                self._make(action)
            except exceptions.Conflict as error:  # somebody else is faster
                found = self._find(action.target)
                if found is None:
                    raise _error(error, action.target) from error
            else:
                return True
        _check(found, action)
        return False

    def grant(self, action: Grant) -> bool:
        """Give a member a role on a repository; return False when it has it already."""
        try:
            return self._bind(action)
        except _CHANGED:
            pass  # the policy changed between reading and writing: once more with the new one
        try:
            return self._bind(action)
        except _CHANGED as error:
            raise _error(error, action.target) from error

    def _find(self, target: Target) -> Repository | None:
        with _told(target, "get"):
            try:
                return self._client.get_repository(name=target.resource, timeout=_CALL, retry=self._retry)
            except exceptions.NotFound:
                return None

    def _make(self, action: CreateRepository) -> None:
        target = action.target
        parent = f"projects/{target.project}/locations/{target.location}"
        request = CreateRepositoryRequest(
            parent=parent, repository_id=target.repository, repository=wanted(action)
        )
        with _told(target, "create"):
            operation = self._client.create_repository(request=request, timeout=_CALL, retry=self._retry)
            operation.result(polling=self._polling, retry=self._retry)  # type: ignore[no-untyped-call]  # api_core

    def _bind(self, action: Grant) -> bool:
        resource = action.target.resource
        with _told(action.target, "getIamPolicy"):
            policy = self._client.get_iam_policy(
                # version 3 shows conditions, which would else be lost when the policy is written back
                request={"resource": resource, "options": {"requested_policy_version": 3}},
                timeout=_CALL,
                retry=self._retry,
            )
        bound = [one for one in policy.bindings if one.role == action.role and not one.HasField("condition")]
        if any(action.member in one.members for one in bound):
            return False
        if bound:
            bound[0].members.append(action.member)
        else:
            policy.bindings.add(role=action.role, members=[action.member])
        with _told(action.target, "setIamPolicy"):
            request = {"resource": resource, "policy": policy}
            self._client.set_iam_policy(request=request, timeout=_CALL, retry=self._retry)
        return True


def _transport(endpoint: str, insecure: bool) -> ArtifactRegistryRestTransport:
    url = urlsplit(endpoint)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ConfigError(
            f"{endpoint!r} is no URL of the Artifact Registry API", hint=f"such as https://{API}"
        )
    if url.scheme == "http" and not (insecure or _is_loopback(url.hostname)):
        raise ConfigError(f"{endpoint} is plain HTTP and not on this machine", hint="use https")
    trusted = url.scheme == "https" and f".{url.hostname}".endswith(".googleapis.com")
    credentials = acting() if trusted else AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth
    return ArtifactRegistryRestTransport(host=url.netloc, credentials=credentials, url_scheme=url.scheme)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check(found: Repository, action: CreateRepository) -> None:
    """Raise when a repository that is there is not the one that was planned."""
    target = action.target
    mode = _NAMES.get(found.mode, Mode.STANDARD)
    if found.format_ != Repository.Format.DOCKER:
        _refuse(target, f"holds {found.format_.name} packages, not images", "choose another --repository")
    if mode is not target.mode:
        _refuse(
            target,
            f"is a {mode} repository, planned is a {target.mode} one",
            "a repository keeps its mode for good; choose another --repository",
        )
    upstream = upstream_of(found)
    hosts = _DOCKER_HUB if action.registry == DOCKER_HUB else {action.registry}
    preset = mode is Mode.REMOTE and not upstream and action.registry != DOCKER_HUB
    if preset or (upstream and urlsplit(upstream).netloc not in hosts):
        wanted = "Docker Hub" if action.registry == DOCKER_HUB else action.registry
        _refuse(
            target,
            f"is a proxy of {upstream or 'Docker Hub'}, not of {wanted}",
            "choose another --repository",
        )
    held = {policy.repository for policy in found.virtual_repository_config.upstream_policies}
    absent = [wanted for wanted in action.upstreams if wanted.resource not in held]
    if absent:
        names = ", ".join(upstream.repository for upstream in absent)
        command = (
            f"gcloud artifacts repositories update {target.repository} --project={target.project} "
            f"--location={target.location} --upstream-policy-file=FILE"
        )
        _refuse(target, f"is virtual and does not ask {names}", f"add what is missing with `{command}`")


def _refuse(target: Target, what: str, hint: str) -> None:
    raise ArtifactRegistryError(f"{target.prefix} {what}", hint=hint)


@contextmanager
def _told(target: Target | None = None, verb: str = "") -> Iterator[None]:
    """Turn what Google's libraries raise into ArtifactRegistryError, but for what the caller can deal with.

    `verb` is the last word of the permission that is needed.
    """
    try:
        yield
    except _CHANGED:
        raise
    except (exceptions.GoogleAPIError, GoogleAuthError, OSError) as error:  # OSError: of requests
        raise _error(error, target, verb) from error


def _error(error: Exception, target: Target | None, verb: str = "") -> ArtifactRegistryError:
    hint = _AGAIN
    match error:
        case exceptions.GoogleAPICallError():
            said, hint = _REQUEST.sub("", str(error.message)), _hint(error, target, verb)
        case GoogleAuthError():
            said, hint = f"no usable Google credentials ({error})", _LOGIN
        case exceptions.RetryError():  # it was tried again and again; the last failure is inside
            said = f"{API} cannot be reached ({error.cause or error})"
        case _:
            said = f"{API} cannot be reached ({error})"
    line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return ArtifactRegistryError(f"{target.prefix}: {line}" if target else line, hint=hint)


def _hint(error: exceptions.GoogleAPICallError, target: Target | None, verb: str) -> str:
    """Return the command that mends it; reasons: https://cloud.google.com/apis/design/errors#error_info."""
    project = target.project if target else "PROJECT"
    said = str(error.message)
    if error.reason == "SERVICE_DISABLED" or "has not been used in project" in said:
        return f"the API is not enabled: `gcloud services enable {API} --project={project}`"
    if error.code in (400, 403, 404) and _LOCATION.search(said):
        return f"`gcloud artifacts locations list --project={project}` shows the locations"
    match error:
        case exceptions.Unauthorized():
            return _LOGIN
        case exceptions.Forbidden():
            named = _PERMISSION.search(said)
            permission = named.group() if named else f"artifactregistry.repositories.{verb}"
            command = f"gcloud projects add-iam-policy-binding {project} --member=user:YOU"
            return f"{permission} is missing: `{command} --role=roles/artifactregistry.admin`"
        case exceptions.NotFound():
            return f"`gcloud projects describe {project}` shows whether there is such a project"
        case exceptions.BadRequest():
            return ""
    return _AGAIN
