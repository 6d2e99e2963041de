"""How Google's APIs are reached: over gRPC or REST, with a time-out and retries on every call.

Google's library sets neither on any method, and dials gRPC with TLS only, whatever endpoint it is given.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

import grpc
import requests
from google.api_core import exceptions
from google.api_core.future.polling import DEFAULT_POLLING
from google.api_core.retry import Retry, if_transient_error
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import DefaultCredentialsError
from google.auth.transport.requests import AuthorizedSession
from google.cloud.artifactregistry_v1 import ArtifactRegistryClient
from google.cloud.artifactregistry_v1.services.artifact_registry.transports import (
    ArtifactRegistryGrpcTransport,
    ArtifactRegistryRestTransport,
)

from planner.errors import ConfigError
from planner.registries._api_errors import API
from planner.registries._origin import is_loopback, shown
from planner.registries.endpoints import Endpoint
from planner.registries.google_credentials import acting, bearer, credentials

T = TypeVar("T")

_SCHEMES = ("https", "http", "grpc")
_TRIES = 6  # of a change that fails because somebody else makes one at the same time
_LARGEST = 4 << 20  # bytes of an answer, as gRPC has it


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Google's APIs are waited for, in seconds."""

    call: float = 30.0  # one request
    reached: float = 60.0  # all tries of a request together, while the service fails or cannot be reached
    ready: float = 300.0  # a long-running operation, such as the making of a repository
    pause: float = 1.0  # before an operation is asked about for the first time; later pauses are longer


class Manner:
    """How calls of Google's APIs are made: with the time-outs and retries that a `Patience` stands for."""

    def __init__(self, patience: Patience) -> None:
        self.timeout = patience.call
        self.retry = Retry(predicate=_passes, initial=0.5, maximum=8.0, timeout=patience.reached)
        self._pause = patience.pause
        self._ready = patience.ready

    def polling(self) -> Retry:
        """Return how often, and for how long, a long-running operation is asked whether it has ended."""
        return DEFAULT_POLLING.with_delay(self._pause, 10 * self._pause).with_timeout(self._ready)

    def until(self, kind: type[Exception], work: Callable[[], T]) -> T:
        """Repeat `work` while it raises an exception of this kind, for as long as an operation may take."""
        waiting = Retry(
            predicate=lambda error: isinstance(error, kind),
            initial=self._pause,
            maximum=10 * self._pause,
            timeout=self._ready,
        )
        return waiting(work)()

    def while_others(self, conflicts: tuple[type[Exception], ...], work: Callable[[], T]) -> T:
        """Repeat a change a few times while it raises one of these conflicts with somebody else's change."""
        for attempt in range(_TRIES - 1):
            try:
                return work()
            except conflicts:
                time.sleep(random.uniform(0, self._pause * 2**attempt / 10))
        return work()


def client(endpoint: Endpoint, token: str = "") -> ArtifactRegistryClient:
    """Return a client of the Artifact Registry API, at Google where the endpoint has no URL.

    It shows application default credentials, or `token` in their place; over gRPC without TLS the caller has
    to pass the token with each call. Credentials go to Google's own hosts only, and an endpoint on this
    machine is not asked through the proxy of the environment. Raises ConfigError, and what google-auth
    raises.
    """
    if not endpoint.url:
        return ArtifactRegistryClient(credentials=bearer(token) if token else acting())
    url = _checked(endpoint, API, _SCHEMES)
    if url.scheme == "grpc":
        options = [("grpc.enable_http_proxy", 0)] if near(endpoint) else []
        channel = grpc.insecure_channel(url.netloc, options=options)
        return ArtifactRegistryClient(transport=ArtifactRegistryGrpcTransport(channel=channel))
    shown_to_it = bearer(token) if token else _credentials(url)
    transport = ArtifactRegistryRestTransport(host=url.netloc, credentials=shown_to_it, url_scheme=url.scheme)
    transport._session.trust_env = not near(endpoint)  # there is no other way to its session
    return ArtifactRegistryClient(transport=transport)


def of_google(endpoint: Endpoint) -> bool:
    """Tell whether an API is Google's own, which is where its tokens may go."""
    return not endpoint.url or _of_google(urlsplit(endpoint.url))


def near(endpoint: Endpoint) -> bool:
    """Tell whether an API is on this machine, where nothing takes long."""
    return bool(endpoint.url) and is_loopback(urlsplit(endpoint.url).hostname or "")


class Rest:
    """One of Google's APIs over REST. The session is made when it is needed."""

    def __init__(self, api: str, endpoint: Endpoint, manner: Manner) -> None:
        self._url = _checked(endpoint if endpoint.url else Endpoint(f"https://{api}"), api, _SCHEMES[:2])
        self._manner = manner

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        """Return what is answered. Raises what Google's library raises for the same answer, and OSError."""
        return self._manner.retry(self._once)(method, path, body)

    def _once(self, method: str, path: str, body: object) -> bytes:
        answer: requests.Response = self._session.request(  # type: ignore[no-untyped-call]  # google-auth
            method,
            f"{self._url.scheme}://{self._url.netloc}{path}",
            json=body,
            timeout=self._manner.timeout,
            allow_redirects=False,
        )
        if answer.status_code != 200:
            raise exceptions.from_http_response(answer)  # type: ignore[no-untyped-call]  # api_core
        if len(answer.content) > _LARGEST:
            raise OSError(f"an answer of {len(answer.content):,} bytes")
        return answer.content

    @cached_property
    def _session(self) -> AuthorizedSession:
        found = _credentials(self._url) or credentials()
        if found is None:
            raise DefaultCredentialsError("none were found")  # type: ignore[no-untyped-call]  # google-auth
        session = AuthorizedSession(found)  # type: ignore[no-untyped-call]  # google-auth
        session.trust_env = not is_loopback(self._url.hostname or "")
        return session


def _credentials(url: SplitResult) -> Credentials | None:
    """Return the credentials to show to a host; None stands for application default credentials."""
    if _of_google(url):
        return acting()
    return AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth


def _of_google(url: SplitResult) -> bool:
    return url.scheme == "https" and f".{url.hostname}".endswith(".googleapis.com")


def _passes(error: Exception) -> bool:
    """Tell whether a failure may be over at the next try, whichever transport (gRPC or REST) raises it."""
    slow = (exceptions.GatewayTimeout, requests.exceptions.Timeout)
    return if_transient_error(error) or isinstance(error, slow)


def _checked(endpoint: Endpoint, api: str, schemes: tuple[str, ...]) -> SplitResult:
    try:
        url = urlsplit(endpoint.url)
        known = url.scheme in schemes and bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        known = False
    if not known or "@" in url.netloc:
        raise ConfigError(
            f"{shown(endpoint.url)!r} is no URL of {api}", hint=f"such as https://{api}; {_spelled(schemes)}"
        )
    if url.scheme != "https" and not (endpoint.insecure or is_loopback(url.hostname or "")):
        plain = "plain HTTP" if url.scheme == "http" else "gRPC without TLS"
        hint = "use https" if url.scheme == "http" else "use https, which is REST"
        raise ConfigError(f"{shown(endpoint.url)} is {plain} and not on this machine", hint=hint)
    return url


def _spelled(schemes: tuple[str, ...]) -> str:
    return f"known are {', '.join(f'{scheme}://' for scheme in schemes)}"
