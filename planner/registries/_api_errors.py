"""Errors of Google's APIs in one line: what was asked, which permission is missing, which command grants it.

The two transports of Google's library raise different subclasses for the same answer (AlreadyExists and
Conflict, PermissionDenied and Forbidden), so bases are caught here.
"""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError
from google.protobuf import json_format

from planner.errors import ArtifactRegistryError
from planner.model.plan import AllowUpstreams
from planner.model.repository import Target

API = "artifactregistry.googleapis.com"
SECRETS = "secretmanager.googleapis.com"
PROJECTS = "cloudresourcemanager.googleapis.com"
CREDENTIALS = "iamcredentials.googleapis.com"

CONFLICTS = (exceptions.Conflict, exceptions.PreconditionFailed)
"""Somebody else has changed the same thing first: callers deal with these themselves."""

_NONSENSE = (json_format.Error, AttributeError, TypeError, ValueError)
"""What the library raises for an answer that is not Google's, such as the login page of a proxy."""

_LONGEST = 500  # characters of a message
_LOGIN = "`gcloud auth application-default login`, or run where a service account is attached"
_AGAIN = "run it again; what is done stays done"
_LOCATION = re.compile(r"(?<![/\w-])location(?![/\w-])|denied on '?locations/", re.IGNORECASE)
_REQUEST = re.compile(r"\A[A-Z]+ https?://\S+: ")  # what the REST transport puts before a message
_SERVICES = "artifactregistry|secretmanager|cloudkms|resourcemanager|iam"
_PERMISSION = re.compile(rf"\b(?:{_SERVICES})\.(?!googleapis\b|gserviceaccount\b)[a-zA-Z]+\.[a-zA-Z]+")
_KEY = re.compile(r"projects/([\w.:-]+)/locations/([\w-]+)/keyRings/([\w-]+)/cryptoKeys/([\w-]+)", re.ASCII)
_SECRET = re.compile(r"projects/([\w.:-]+)/secrets/([\w-]+)", re.ASCII)
_PAGE = re.compile(r"\s*<(?:!doctype\b|html\b)", re.IGNORECASE)  # an answer for browsers
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)
_IN_BETWEEN = "does a proxy answer in its place? see [endpoints] and https_proxy"
_NO_MEMBER = re.compile(r"gcp-sa-artifactregistry\S* does not exist")
_YOU = "--member=user:YOU"


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of an API as its error message needs it: about what, in which project, with which permission."""

    subject: str  # for messages; empty: nothing in particular
    project: str
    permission: str
    grant: str  # the gcloud command that gives the permission
    api: str = API


def of_repository(target: Target, verb: str) -> Asked:
    """Describe a call about a repository that exists; `verb` is the last word of its permission."""
    place = f"--project={target.project} --location={target.location}"
    command = f"gcloud artifacts repositories add-iam-policy-binding {target.repository} {place} {_YOU}"
    return Asked(
        target.prefix,
        target.project,
        f"artifactregistry.repositories.{verb}",
        f"{command} --role=roles/artifactregistry.admin",
    )


def of_project(target: Target, verb: str, role: str = "roles/artifactregistry.admin") -> Asked:
    """Describe a call about a repository that may not exist, for which the right is one on its project."""
    permission = f"artifactregistry.repositories.{verb}"
    return Asked(target.prefix, target.project, permission, _on_project(target.project, role))


def of_perimeter(action: AllowUpstreams, verb: str) -> Asked:
    """Describe a call about the upstreams that a perimeter allows in a location."""
    subject = f"upstreams of {action.project} in {action.location}"
    command = _on_project(action.project, "roles/artifactregistry.admin")
    return Asked(subject, action.project, f"artifactregistry.vpcscconfigs.{verb}", command)


def of_secret(secret: str, verb: str) -> Asked:
    """Describe a call about a secret, `projects/P/secrets/S`."""
    project, name = secret.split("/")[1], secret.split("/")[-1]
    command = f"gcloud secrets add-iam-policy-binding {name} --project={project} {_YOU}"
    permission = f"secretmanager.secrets.{verb}"
    return Asked(secret, project, permission, f"{command} --role=roles/secretmanager.admin", SECRETS)


def of_policy(project: str) -> Asked:
    """Describe a call that reads the IAM policy of a project."""
    permission = "resourcemanager.projects.getIamPolicy"
    command = _on_project(project, "roles/iam.securityReviewer")
    return Asked(f"project {project}", project, permission, command, PROJECTS)


def of_account(address: str) -> Asked:
    """Describe a call for a token that acts for a service account."""
    project = address.partition("@")[2].partition(".")[0] or "PROJECT"
    command = f"gcloud iam service-accounts add-iam-policy-binding {address} {_YOU}"
    role = "roles/iam.serviceAccountTokenCreator"
    permission = "iam.serviceAccounts.getAccessToken"
    return Asked(address, project, permission, f"{command} --role={role}", CREDENTIALS)


def of_number(project: str) -> Asked:
    """Describe a call for the number of a project."""
    command = _on_project(project, "roles/browser")
    return Asked(f"project {project}", project, "resourcemanager.projects.get", command, PROJECTS)


def _on_project(project: str, role: str) -> str:
    return f"gcloud projects add-iam-policy-binding {project} {_YOU} --role={role}"


NOTHING = Asked("", "PROJECT", "artifactregistry.repositories.get", _on_project("PROJECT", "roles/browser"))


@contextmanager
def told(asked: Asked = NOTHING) -> Iterator[None]:
    """Raise ArtifactRegistryError for whatever Google's libraries raise in this block, except CONFLICTS."""
    try:
        yield
    except CONFLICTS:
        raise
    except (exceptions.GoogleAPIError, GoogleAuthError, OSError, *_NONSENSE) as error:  # OSError: of requests
        raise refusal(error, asked) from error


def refusal(error: Exception, asked: Asked = NOTHING) -> ArtifactRegistryError:
    """Return the error to show for what a library raised."""
    hint = _AGAIN
    match error:
        case exceptions.GoogleAPICallError():
            said, hint = _REQUEST.sub("", str(error.message)), _hint(error, asked)
            if _PAGE.match(said):
                said, hint = _page(said, error, asked), _IN_BETWEEN
        case GoogleAuthError():
            said, hint = f"no usable Google credentials ({error})", _LOGIN
        case TimeoutError():
            said, hint = "is not ready yet", "the work goes on at Google; run it again after a while"
        case json_format.Error() | AttributeError() | TypeError() | ValueError():
            said = f"{asked.api} answers what is none of its answers"
            hint = _IN_BETWEEN
        case exceptions.RetryError():  # it was tried again and again; the last failure is inside
            said = f"{asked.api} cannot be reached ({error.cause or error})"
        case _:
            said = f"{asked.api} cannot be reached ({error})"
    line = " ".join("".join(c if c.isprintable() else " " for c in said[:_LONGEST]).split())
    told = ArtifactRegistryError(f"{asked.subject}: {line}" if asked.subject else line, hint=hint)
    told.code = _status(error)
    return told


def _page(said: str, error: exceptions.GoogleAPICallError, asked: Asked) -> str:
    """Return what to say of a page of HTML: its status and title. No API of Google answers with one."""
    title = _TITLE.search(said)
    named = f", titled {html.unescape(title[1]).strip()!r}" if title and title[1].strip() else ""
    return f"{asked.api} answers {_status(error)} with a page of HTML{named}"


def _status(error: object) -> int | None:
    """Return the status of an answer, also of the last one of several tries."""
    last = error.cause if isinstance(error, exceptions.RetryError) else error
    return int(last.code) if isinstance(last, exceptions.GoogleAPICallError) and last.code else None


def _hint(error: exceptions.GoogleAPICallError, asked: Asked) -> str:
    """Return the command that fixes it; reasons: https://cloud.google.com/apis/design/errors#error_info."""
    said = str(error.message)
    if error.reason == "SERVICE_DISABLED" or "has not been used in project" in said:
        return f"the API is not enabled: `gcloud services enable {asked.api} --project={asked.project}`"
    if _NO_MEMBER.search(said):
        identity = f"gcloud beta services identity create --service={API} --project={asked.project}"
        return f"the service has no identity yet: `{identity}`"
    if error.code in (400, 403, 404) and _LOCATION.search(said):
        return f"`gcloud artifacts locations list --project={asked.project}` shows the locations"
    match error:
        case exceptions.Unauthorized():
            return _LOGIN
        case exceptions.Forbidden():
            return _missing(said, asked)
        case exceptions.NotFound():
            return f"`gcloud projects describe {asked.project}` shows whether there is such a project"
        case exceptions.BadRequest():
            return ""
    return _AGAIN


def _missing(said: str, asked: Asked) -> str:
    """Return which permission is missing, and what gives it to whom: to the user, or to the service."""
    named = _PERMISSION.search(said)
    permission = named.group() if named else asked.permission
    number = f"$(gcloud projects describe {asked.project} --format='value(projectNumber)')"
    agent = f"--member=serviceAccount:service-{number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    match permission.split(".")[0]:
        case "cloudkms":
            role = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
            command = f"gcloud kms keys add-iam-policy-binding {_key(said)} {agent} --role={role}"
        case "secretmanager" if asked.api != SECRETS:
            role = "roles/secretmanager.secretAccessor"
            command = f"gcloud secrets add-iam-policy-binding {_secret(said)} {agent} --role={role}"
        case _:
            command = asked.grant
    return f"{permission} is missing: `{command}`"


def _key(said: str) -> str:
    """Return the key that a message names, as gcloud wants it."""
    found = _KEY.search(said)
    project, location, ring, name = found.groups() if found else ("PROJECT", "LOCATION", "KEYRING", "KEY")
    return f"{name} --project={project} --location={location} --keyring={ring}"


def _secret(said: str) -> str:
    """Return the secret that a message names, as gcloud wants it."""
    found = _SECRET.search(said)
    project, name = found.groups() if found else ("PROJECT", "SECRET")
    return f"{name} --project={project}"
