"""Google's application default credentials, as themselves or on behalf of a service account.

They are found once and refreshed when they are old. A service account to act for is named as gcloud or
Terraform name it (https://cloud.google.com/docs/authentication/use-service-account-impersonation); of
several, separated by commas, the last one is it and the others are the delegates.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import ConfigError, PlannerError
from planner.registries._refusal import CredentialsRefused
from planner.registries.answer import clean

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

FILE = "GOOGLE_APPLICATION_CREDENTIALS"
IMPERSONATE = ("CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT", "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT")
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_PAUSE = 30.0  # seconds between two tries to use credentials that cannot be used
_LOGIN = "run `gcloud auth application-default login`"


def account(environment: Mapping[str, str]) -> str:
    """Return the service account to act for, "" for none, with its delegates before it."""
    return next((environment[name] for name in IMPERSONATE if environment.get(name)), "")


def well_known(environment: Mapping[str, str]) -> Path:
    """Return where `gcloud auth application-default login` keeps credentials."""
    home = Path(environment.get("HOME") or "~").expanduser()
    folder = environment.get("CLOUDSDK_CONFIG") or home / ".config" / "gcloud"
    return Path(folder) / "application_default_credentials.json"


def kind(path: Path) -> str:
    """Return what a file of credentials holds, such as `service_account` or `authorized_user`."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return "cannot be read"
    found = content.get("type") if isinstance(content, dict) else None
    return clean(found) if isinstance(found, str) else "of no known type"


def acting() -> "Credentials | None":
    """Return credentials that act for the service account that the environment names, None for none.

    Raises what google-auth raises, and ConfigError.
    """
    return credentials() if account(os.environ) else None


def credentials() -> "Credentials | None":
    """Return the credentials, None where there are none. Raises what google-auth raises, and ConfigError."""
    import google.auth
    import google.auth.exceptions
    from google.auth import impersonated_credentials

    try:
        found: Credentials = google.auth.default(scopes=[_SCOPE])[0]
    except google.auth.exceptions.DefaultCredentialsError as error:
        if os.environ.get(FILE):  # somebody meant there to be some
            raise ConfigError(f"{FILE}: {_said(error)}", hint="unset it, or fix the file") from None
        if account(os.environ):
            raise ConfigError(
                f"there are no credentials to act for {account(os.environ)} with", hint=_LOGIN
            ) from None
        return None
    except (AttributeError, KeyError, TypeError, ValueError):  # a file of JSON that is something else
        raise ConfigError(
            "Google's application default credentials are not what they should be", hint=_LOGIN
        ) from None
    names = [name.strip() for name in account(os.environ).split(",") if name.strip()]
    if not names:
        return found
    return impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]  # as it is
        found, names[-1], [_SCOPE], delegates=names[:-1]
    )


def bearer(token: str) -> "Credentials":
    """Return credentials that are a token, and cannot be made new."""
    from google.oauth2.credentials import Credentials

    return Credentials(token)  # type: ignore[no-untyped-call]  # as it is


def unusable(patience: float) -> str:
    """Return why the credentials give no access token, "" where they do; each request has so many seconds."""
    import google.auth.exceptions
    import google.auth.transport.requests

    request = partial(google.auth.transport.requests.Request(), timeout=patience)
    try:
        found = credentials()
        if found:
            found.refresh(request)  # type: ignore[no-untyped-call]  # as it is
    except google.auth.exceptions.GoogleAuthError as error:
        return _said(error)
    except PlannerError as error:
        return error.message
    return ""


class GoogleDefault:
    """The access token of the application default credentials."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()
        self._searched = False
        self._credentials: Credentials | None = None
        self._failed: tuple[float, PlannerError] | None = None

    async def token(self, rejected: str = "") -> str:
        """Return an access token other than the rejected one, or "" where there are no credentials."""
        if self._searched and self._is_good(rejected):
            return self._value()
        async with self._lock:
            if self._failed and self._clock() < self._failed[0]:
                raise self._failed[1]
            try:
                return await asyncio.to_thread(self._current, rejected)
            except PlannerError as error:
                self._failed = self._clock() + _PAUSE, error
                raise

    def _is_good(self, rejected: str) -> bool:
        found = self._credentials
        return found is None or bool(found.valid and found.token != rejected)

    def _value(self) -> str:
        return str(self._credentials.token or "") if self._credentials else ""

    def _current(self, rejected: str) -> str:
        import google.auth.exceptions
        import google.auth.transport.requests

        try:
            if not self._searched:
                self._credentials = credentials()
                self._searched = True
            if self._credentials and not self._is_good(rejected):
                self._credentials.refresh(google.auth.transport.requests.Request())  # type: ignore[no-untyped-call]  # as it is
        except google.auth.exceptions.GoogleAuthError as error:
            raise CredentialsRefused(
                f"Google's application default credentials cannot be used: {_said(error)}", hint=_LOGIN
            ) from None
        return self._value()


def _said(error: Exception) -> str:
    """Return the first part of what google-auth says; the next would be the answer of a server."""
    return clean(str(error.args[0])) if error.args else type(error).__name__
