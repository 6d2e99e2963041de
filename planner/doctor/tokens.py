"""Whether a token in a file has expired: by its own date, or by how long such tokens live."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_GOOGLE_USERS = ("oauth2accesstoken", "_dcgcloud_token", "_token")  # their passwords are access tokens
_GOOGLE_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Held:
    """What an entry of a file holds."""

    user: str
    secret: str = field(repr=False)
    identity: str = field(default="", repr=False)  # a token to be traded for others
    changed: datetime | None = None  # when the file was, UTC


def over(held: Held, now: datetime) -> str:
    """Return when a token expired; empty if it has not, or if that cannot be told."""
    for ends in filter(None, map(expiry, (held.identity, held.secret))):
        if ends < now:
            return f"was good until {ends:%Y-%m-%d %H:%M} UTC"
    changed = held.changed
    if held.user in _GOOGLE_USERS and not held.identity and changed and changed + _GOOGLE_LIFE < now:
        return f"was good for an hour, and the file was last changed at {changed:%Y-%m-%d %H:%M} UTC"
    return ""


def expiry(token: str) -> datetime | None:
    """Return the expiry that a JSON Web Token states, None for anything else.

    https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
    """
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError):
        return None
