"""The Artifact Registry API: creates repositories and changes what differs, and lets members use them.

The state is read first and only what differs is written, so that a run can be repeated after it was killed
between any two calls: https://cloud.google.com/artifact-registry/docs/reference/rest
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import assert_never
from urllib.parse import quote

from google.api_core import exceptions
from google.cloud.artifactregistry_v1 import CreateRepositoryRequest, Repository, VPCSCConfig

from planner.errors import ArtifactRegistryError
from planner.model.difference import Change, Difference
from planner.model.plan import AllowUpstreams, CreateRepository, Grant
from planner.model.repository import SERVICE_AGENT, Mode, Target
from planner.registries import _api_errors as errors
from planner.registries._api_client import Manner, Patience, Rest, client, near
from planner.registries._api_errors import API, CONFLICTS, PROJECTS, SECRETS, refusal, told
from planner.registries._api_iam import NOBODY, OfRepository, OfSecret, Policies, granted, missing
from planner.registries._repository import wanted
from planner.registries._repository_differences import differences, mask, merged, mode_of
from planner.registries.endpoints import Endpoint

Provision = CreateRepository | AllowUpstreams | Grant
Announce = Callable[[tuple[Difference, ...]], None]

_ALLOW = VPCSCConfig.VPCSCPolicy.ALLOW


class _BeingMade(Exception):
    """Another run is making the repository: its name is taken, and it cannot be read yet."""


class ArtifactRegistry:
    """The API, and those of secrets and projects, where `endpoints` say. Every method blocks.

    Without an endpoint an API is Google's, with application default credentials. Credentials go to Google's
    own hosts only; any other endpoint is spoken to without. Raises ConfigError for an endpoint without
    encryption on another machine, unless it is `insecure`; methods raise ArtifactRegistryError only.
    """

    def __init__(
        self, endpoints: Mapping[str, Endpoint] | None = None, patience: Patience | None = None
    ) -> None:
        given = endpoints or {}
        home = given.get(API) or Endpoint()
        self._manner = Manner(patience or Patience(pause=0.01 if near(home) else 1.0))
        self._secrets = Rest(SECRETS, given.get(SECRETS) or Endpoint(), self._manner)
        self._projects = Rest(PROJECTS, given.get(PROJECTS) or Endpoint(), self._manner)
        self._numbers: dict[str, str] = {}  # of projects, by ID
        with told():
            self._client = client(home)

    def repository(self, target: Target) -> Mode | None:
        """Return the mode of a repository as it is, or None where there is none."""
        found = self._find(target)
        return mode_of(found) if found else None

    def compare(self, action: Provision) -> Change:
        """Return what `ensure` would do, without doing it."""
        match action:
            case CreateRepository():
                found = self._find(action.target)
                return (
                    Change(differences=differences(found, wanted(action))) if found else Change(created=True)
                )
            case AllowUpstreams():
                return Change(differences=_denied(self._perimeter(action)))
            case Grant():
                return Change(differences=self._ungranted(action))
        assert_never(action)

    def ensure(self, action: Provision, announce: Announce = lambda _: None) -> Change:
        """Do what an action says, as far as it is not so already, and return what was done.

        `announce` is called with what differs before it is changed. Raises ArtifactRegistryError also for
        what cannot be changed: a repository keeps its mode, format, key and upstream.
        """
        match action:
            case CreateRepository():
                work = partial(self._repository, action, announce)
            case AllowUpstreams():
                work = partial(self._allow, action, announce)
            case Grant():
                work = partial(self._grant, action, announce)
        try:
            return self._manner.while_others(CONFLICTS, work)
        except CONFLICTS as error:
            raise refusal(error, _asked(action)) from error

    def _repository(self, action: CreateRepository, announce: Announce) -> Change:
        try:
            found = self._manner.until(_BeingMade, partial(self._found_or_made, action))
        except exceptions.RetryError as error:
            raise refusal(TimeoutError(), errors.of_project(action.target, "create")) from error
        return self._update(found, action, announce) if found else Change(created=True)

    def _found_or_made(self, action: CreateRepository) -> Repository | None:
        """Return the repository that is there, or make it and return None.

        One that another run has started to make can neither be read nor made until that has ended.
        """
        if found := self._find(action.target):
            return found
        try:
            self._make(action)
        except exceptions.Conflict as error:
            raise _BeingMade from error
        return None

    def _find(self, target: Target) -> Repository | None:
        with told(errors.of_project(target, "get", "roles/artifactregistry.reader")):
            try:
                return self._client.get_repository(
                    name=target.resource, timeout=self._manner.timeout, retry=self._manner.retry
                )
            except exceptions.NotFound:
                return None

    def _make(self, action: CreateRepository) -> None:
        target = action.target
        request = CreateRepositoryRequest(
            parent=f"projects/{target.project}/locations/{target.location}",
            repository_id=target.repository,
            repository=wanted(action),
        )
        with told(errors.of_project(target, "create")):
            operation = self._client.create_repository(
                request=request, timeout=self._manner.timeout, retry=self._manner.retry
            )
            operation.result(polling=self._manner.polling(), retry=self._manner.retry)  # type: ignore[no-untyped-call]  # api_core

    def _update(self, found: Repository, action: CreateRepository, announce: Announce) -> Change:
        planned = wanted(action)
        changes = differences(found, planned)
        _refuse(action.target, [each for each in changes if not each.changeable])
        if changes:
            announce(changes)
            after, paths = merged(found, planned), mask(changes)
            with told(errors.of_repository(action.target, "update")):
                self._client.update_repository(
                    repository=after,
                    update_mask={"paths": paths},
                    timeout=self._manner.timeout,
                    retry=self._manner.retry,
                )
        return Change(differences=changes)

    def _grant(self, action: Grant, announce: Announce) -> Change:
        policies, member = self._policies(action), self._member(action)
        policy = policies.read()
        lacking = missing(policy, action.role, member)
        if lacking:
            announce(lacking)
            policies.write(granted(policy, action.role, member))
        return Change(differences=lacking)

    def _ungranted(self, action: Grant) -> tuple[Difference, ...]:
        if not action.secret and self._find(action.target) is None:  # nobody has a right on what is not there
            return missing(NOBODY, action.role, action.member)
        return missing(self._policies(action).read(), action.role, self._member(action))

    def _policies(self, action: Grant) -> Policies:
        if action.secret:
            return OfSecret(self._secrets, action.secret)
        return OfRepository(self._client, action.target, self._manner)

    def _member(self, action: Grant) -> str:
        if action.member != SERVICE_AGENT:
            return action.member
        number = self._number(action.target.project)
        return f"serviceAccount:service-{number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"

    def _number(self, project: str) -> str:
        """Return the number of a project, asked for once.

        https://cloud.google.com/resource-manager/reference/rest/v3/projects/get
        """
        if project not in self._numbers:
            asked = errors.of_number(project)
            with told(asked):
                answer = self._projects.ask("GET", f"/v3/projects/{quote(project, safe='')}")
            self._numbers[project] = _number(answer, asked)
        return self._numbers[project]

    def _allow(self, action: AllowUpstreams, announce: Announce) -> Change:
        config = self._perimeter(action)
        changes = _denied(config)
        if changes:
            announce(changes)
            with told(errors.of_perimeter(action, "update")):
                self._client.update_vpcsc_config(
                    vpcsc_config=VPCSCConfig(name=config.name, vpcsc_policy=_ALLOW),
                    update_mask={"paths": ["vpcsc_policy"]},
                    timeout=self._manner.timeout,
                    retry=self._manner.retry,
                )
        return Change(differences=changes)

    def _perimeter(self, action: AllowUpstreams) -> VPCSCConfig:
        name = f"projects/{action.project}/locations/{action.location}/vpcscConfig"
        with told(errors.of_perimeter(action, "get")):
            found = self._client.get_vpcsc_config(
                name=name, timeout=self._manner.timeout, retry=self._manner.retry
            )
        return VPCSCConfig(name=name, vpcsc_policy=found.vpcsc_policy)


def _asked(action: Provision) -> errors.Asked:
    match action:
        case CreateRepository():
            return errors.of_repository(action.target, "update")
        case AllowUpstreams():
            return errors.of_perimeter(action, "update")
        case Grant():
            verb = "setIamPolicy"
            return (
                errors.of_secret(action.secret, verb)
                if action.secret
                else errors.of_repository(action.target, verb)
            )
    assert_never(action)


def _refuse(target: Target, fixed: list[Difference]) -> None:
    """Raise for what cannot be changed, if there is anything."""
    if fixed:
        said = "; ".join(str(each) for each in fixed)
        hints = dict.fromkeys(each.remedy for each in fixed)
        raise ArtifactRegistryError(f"{target.prefix} cannot be changed: {said}", hint="; ".join(hints))


def _denied(config: VPCSCConfig) -> tuple[Difference, ...]:
    if config.vpcsc_policy == _ALLOW:
        return ()
    return (Difference("vpcsc_policy", "DENY", "ALLOW"),)


def _number(answer: bytes, asked: errors.Asked) -> str:
    try:
        name = json.loads(answer)["name"]
    except (ValueError, KeyError, TypeError):
        name = ""
    number = str(name).removeprefix("projects/")
    if not number.isdecimal():
        raise ArtifactRegistryError(f"{asked.subject}: {asked.api} answers without its number")
    return number
