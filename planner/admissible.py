"""Whether the repositories and rights of a plan are possible at all, checked before any of it is done.

Plans are edited by hand. The rules are those of the Artifact Registry API, which would find most of this out
too, one repository after another and in the middle of the work.
"""

import re
from collections.abc import Iterator, Sequence

from planner.config import RepositorySettings
from planner.errors import ConfigError
from planner.model import limits
from planner.model.plan import Action, AllowUpstreams, CreateRepository, Grant
from planner.model.repository import SERVICE_AGENT, Cleanup, Credentials, Mode, Target

_PROJECT = re.compile(r"[a-z][a-z0-9.:-]{0,90}[a-z0-9]|[a-z]|\d+")
_LOCATION = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_REPOSITORY = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_REGISTRY = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:/[\w.~-]+)*", re.ASCII)
_LABEL_NAME = re.compile(r"[^\W\d_][\w-]{0,62}")  # letters of any alphabet, of one case or none
_LABEL_VALUE = re.compile(r"[\w-]{0,63}")
_KEY = re.compile(
    r"projects/[a-z0-9][a-z0-9.:-]*/locations/[a-z0-9-]+/keyRings/[\w-]{1,63}/cryptoKeys/[\w-]{1,63}",
    re.ASCII,
)
_SECRET = re.compile(r"projects/[a-z0-9][a-z0-9.:-]*/secrets/[\w-]{1,255}", re.ASCII)
_SECRET_VERSION = re.compile(rf"{_SECRET.pattern}/versions/(?:\d+|[a-zA-Z][\w-]{{0,62}})", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_ROLE = re.compile(r"(?:(?:projects|organizations)/[^/\s]+/)?roles/[\w.]+", re.ASCII)
_MEMBER = re.compile(
    r"allUsers|allAuthenticatedUsers|(?:user|serviceAccount|group|domain):[^\s:]+(?::[^\s:]+)*"
    r"|project(?:Owner|Editor|Viewer):\S+|principal(?:Set)?://\S+"
)
_LONGEST = 315_576_000_000  # seconds, of a duration in Google's APIs

Fault = tuple[str, str]  # the path of a field below its action, and what is wrong with it


def check(actions: Sequence[Action], name: str = "the plan") -> None:
    """Raise ConfigError for the first impossible field; `name` is the document's name in the message."""
    for path, what in faults(actions):
        raise ConfigError(
            f"{name}: {path}: {what}",
            hint="fix the settings it comes from, and plan again; nothing was done",
        )


def check_settings(settings: RepositorySettings) -> None:
    """Raise ConfigError for the first impossible setting of repositories."""
    found = [*_labels(settings.labels), *_key(settings.kms_key)]
    for registry, credentials in settings.credentials.items():
        found += ((f'credentials."{registry}"{path[11:]}', what) for path, what in _credentials(credentials))
    for path, what in found:
        raise ConfigError(f"$.repositories.{path.replace('_', '-')}: {what}", hint="see docs/settings.md")


def faults(actions: Sequence[Action]) -> Iterator[Fault]:
    """Yield every impossible field, by its path in the plan: `$.actions[3].setup.kms_key`."""
    first: dict[str, int] = {}
    for number, action in enumerate(actions):
        for path, what in _of(action):
            yield f"$.actions[{number}].{path}", what
        if isinstance(action, CreateRepository):
            before = first.setdefault(action.target.resource, number)
            if before != number:
                what = f"{action.target.prefix} is made by $.actions[{before}] already"
                yield f"$.actions[{number}].target", what


def _of(action: Action) -> Iterator[Fault]:
    match action:
        case CreateRepository():
            yield from _target("target", action.target)
            yield from _source(action)
            yield from ((f"setup.{path}", what) for path, what in _setup(action))
        case AllowUpstreams():
            yield from _place("", action.project, action.location)
        case Grant():
            yield from _target("target", action.target)
            yield from _grant(action)


def _target(path: str, target: Target) -> Iterator[Fault]:
    yield from _place(f"{path}.", target.project, target.location)
    if not _REPOSITORY.fullmatch(target.repository):
        rule = "up to 63 of a-z, 0-9 and -, a letter first, no - at the end"
        yield f"{path}.repository", f"{target.repository!r} is no name of a repository ({rule})"


def _place(path: str, project: str, location: str) -> Iterator[Fault]:
    if not _PROJECT.fullmatch(project):
        yield f"{path}project", f"{project!r} is no ID of a project"
    if not _LOCATION.fullmatch(location):
        yield f"{path}location", f"{location!r} is no location, such as us or europe-west1"


def _source(action: CreateRepository) -> Iterator[Fault]:
    if action.target.mode is Mode.REMOTE and not _REGISTRY.fullmatch(action.registry):
        yield "registry", f"{action.registry!r} is no registry, such as docker.io or ghcr.io"
    if action.upstreams and action.target.mode is not Mode.VIRTUAL:
        yield "upstreams", f"a {action.target.mode} repository has none, a virtual one has"
    if len(action.upstreams) > limits.UPSTREAMS:
        yield "upstreams", f"{len(action.upstreams)}, and a virtual repository has {limits.UPSTREAMS} at most"
    for number, upstream in enumerate(action.upstreams):
        yield from _target(f"upstreams[{number}]", upstream)


def _setup(action: CreateRepository) -> Iterator[Fault]:
    setup, mode = action.setup, action.target.mode
    yield from _labels(setup.labels)
    yield from _key(setup.kms_key)
    if setup.immutable_tags and mode is not Mode.STANDARD:
        yield "immutable_tags", f"a {mode} repository cannot have them, a standard one can"
    if setup.credentials:
        if mode is not Mode.REMOTE:
            yield "credentials", f"a {mode} repository logs in nowhere, a remote one does"
        yield from _credentials(setup.credentials)
    if setup.cleanup:
        if mode is not Mode.STANDARD:
            yield "cleanup", f"is for standard repositories, this one is {mode}"
        yield from _cleanup(setup.cleanup)


def _key(name: str) -> Iterator[Fault]:
    if name and not _KEY.fullmatch(name):
        shape = "projects/P/locations/L/keyRings/R/cryptoKeys/K"
        yield "kms_key", f"{name!r} is no name of a key ({shape})"


def _labels(labels: dict[str, str]) -> Iterator[Fault]:
    if len(labels.keys() | {"managed-by"}) > limits.LABELS:
        yield "labels", f"{len(labels)} and managed-by, and a repository has {limits.LABELS} at most"
    for name, value in labels.items():
        if not _LABEL_NAME.fullmatch(name) or name != name.lower():
            rule = "up to 63 lowercase letters, digits, - and _, a letter first"
            yield f"labels.{name}", f"{name!r} is no name of a label ({rule})"
        if not _LABEL_VALUE.fullmatch(value) or value != value.lower():
            rule = "up to 63 lowercase letters, digits, - and _"
            yield f"labels.{name}", f"{value!r} is no value of a label ({rule})"


def _credentials(credentials: Credentials) -> Iterator[Fault]:
    if not credentials.username.strip():
        yield "credentials.username", "is empty"
    if not _SECRET_VERSION.fullmatch(credentials.secret):
        # what stands here may be the password itself
        shape = "projects/P/secrets/S/versions/V"
        yield "credentials.secret", f"is no version of a secret ({shape})"


def _cleanup(cleanup: Cleanup) -> Iterator[Fault]:
    if not 0 < cleanup.older_than <= _LONGEST:
        yield "cleanup.older_than", f"{cleanup.older_than} is no age in seconds"
    for number, digest in enumerate(cleanup.keep):
        if not _DIGEST.fullmatch(digest):
            yield f"cleanup.keep[{number}]", f"{digest!r} is no digest"
    most = limits.DIGESTS * (limits.CLEANUP_POLICIES - 1)  # one policy deletes
    if len(cleanup.keep) > most:
        what = f"{len(cleanup.keep):,} digests are in use, and cleanup policies can keep {most:,}"
        yield "cleanup.keep", f"{what}; leave [repositories.cleanup] out, or spread the images"


def _grant(action: Grant) -> Iterator[Fault]:
    if not _ROLE.fullmatch(action.role):
        yield "role", f"{action.role!r} is no role, such as roles/artifactregistry.reader"
    if action.member != SERVICE_AGENT and not _MEMBER.fullmatch(action.member):
        yield "member", f"{action.member!r} is no member, such as group:NAME@DOMAIN or serviceAccount:ADDRESS"
    if action.secret and not _SECRET.fullmatch(action.secret):
        yield "secret", "is no secret (projects/P/secrets/S)"
