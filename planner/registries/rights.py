"""Who may do what with repositories, as IAM tells it: by a test of permissions, or by what policies say.

A test of permissions is for whoever asks, or for a service account with a token that acts for it
(https://cloud.google.com/iam/docs/create-short-lived-credentials-direct). Tokens of Google's go to Google's
own hosts only, and stand in no message.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache, partial
from urllib.parse import quote

from planner.errors import ArtifactRegistryError, PlannerError
from planner.model.repository import Target
from planner.registries._api_client import Manner, Patience, Rest, client, near, of_google
from planner.registries._api_errors import API, CREDENTIALS, PROJECTS, of_account, of_repository, told
from planner.registries._api_iam import Binding, OfRepository, bindings, of_a_project
from planner.registries._origin import is_loopback, origin, shown
from planner.registries.credentials import takes_google
from planner.registries.endpoints import Endpoint, Endpoints

__all__ = ["DOWNLOAD", "Binding", "Rights", "may_show"]

DOWNLOAD = "artifactregistry.repositories.downloadArtifacts"

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_LIFETIME = "300s"
_PLAIN = re.compile(r"[\x21-\x7e]{1,65536}\Z")  # nothing that could end a header


class Rights:
    """The APIs that tell rights, where `endpoints` say.

    Every method blocks, and raises ArtifactRegistryError.
    """

    def __init__(
        self, endpoints: Mapping[str, Endpoint] | None = None, patience: Patience | None = None
    ) -> None:
        given = endpoints or {}
        self._home = given.get(API) or Endpoint()
        self._issuer = given.get(CREDENTIALS) or Endpoint()
        self._manner = Manner(patience or Patience(pause=0.01 if near(self._home) else 1.0))
        self._projects = Rest(PROJECTS, given.get(PROJECTS) or Endpoint(), self._manner)
        self._accounts = Rest(CREDENTIALS, self._issuer, self._manner)
        self._client = lru_cache(64)(partial(client, self._home))

    def permitted(self, target: Target, permission: str, token: str = "") -> bool:
        """Tell whether who asks has a permission on a repository, or whom a token acts for."""
        request = {"resource": target.resource, "permissions": [permission]}
        metadata = [("authorization", f"Bearer {token}")] if token and self._unencrypted else []
        try:
            with told(of_repository(target, permission.rpartition(".")[2])):
                answer = self._client(token).test_iam_permissions(
                    request=request,
                    timeout=self._manner.timeout,
                    retry=self._manner.retry,
                    metadata=metadata,
                )
        except ArtifactRegistryError as error:
            raise _without(token, error) from None
        return permission in answer.permissions

    def policy(self, target: Target) -> tuple[Binding, ...]:
        """Return what the policy of a repository says."""
        with told():
            made = self._client("")
        return bindings(OfRepository(made, target, self._manner).read())

    def project_policy(self, project: str) -> tuple[Binding, ...]:
        """Return what the policy of a project says, which holds for what is in it."""
        return bindings(of_a_project(self._projects, project))

    def token(self, address: str) -> str:
        """Return a token that acts for a service account for a few minutes."""
        if of_google(self._home) != of_google(self._issuer):
            where = shown(self._home.url or f"https://{API}")
            raise ArtifactRegistryError(
                f"{where} is not shown a token of {shown(self._issuer.url) or CREDENTIALS}",
                hint=f"set {API} and {CREDENTIALS} in [endpoints], or neither",
            )
        path = f"/v1/projects/-/serviceAccounts/{quote(address, safe='@')}:generateAccessToken"
        with told(of_account(address)):
            answer = self._accounts.ask("POST", path, {"scope": [_SCOPE], "lifetime": _LIFETIME})
        return _token(answer, address)

    @property
    def _unencrypted(self) -> bool:
        return self._home.url.startswith("grpc:")


def may_show(registry: str, endpoints: Endpoints) -> bool:
    """Tell whether a registry may be shown tokens: Google's own those of Google's, one here those of here."""
    if of_google(endpoints.overrides.get(CREDENTIALS) or Endpoint()):
        return takes_google(registry, endpoints)
    return is_loopback(origin(endpoints.url(registry))[1])


def _without(secret: str, error: PlannerError) -> PlannerError:
    """Return an error that says the same without a secret, which a server may have repeated."""
    if secret:
        error.message, error.hint = (said.replace(secret, "[secret]") for said in (error.message, error.hint))
        error.args = (error.message,)
    return error


def _token(answer: bytes, address: str) -> str:
    try:
        found = json.loads(answer)["accessToken"]
    except (ValueError, KeyError, TypeError):
        found = ""
    if not isinstance(found, str) or not _PLAIN.match(found):
        raise ArtifactRegistryError(f"{address}: {CREDENTIALS} answers without a token")
    return found
