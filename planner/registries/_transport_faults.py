"""Faults of connections, in a few words that stay the same; never with the URL, which may hold a secret."""

import errno
import os
import re
import socket
import ssl

from planner.model.diagnosis import Reached
from planner.registries._origin import Origin
from planner.registries._request import Fault
from planner.registries.retry import Policy


class Trouble(Exception):
    """What goes wrong with a connection, or on the way to one."""


class Closed(Trouble):
    """The connection was closed before the answer was complete."""


class Silent(Trouble):
    """Nothing came for too long, which it says in seconds."""


class Slow(Trouble):
    """A long body is taken too slowly."""


class Overdue(Trouble):
    """Something came, but not all of it in time."""


class NoConnection(Trouble):
    """There was no connection in time."""


class NotHTTP(Trouble):
    """What came is no answer of HTTP, or could be read in two ways."""


class ProxyAway(Trouble):
    """The proxy cannot be reached."""


class ProxyRefuses(Trouble):
    """The proxy opens no way to the host, and answers with a status."""


# UnicodeError: a label of more than 63 characters, or an empty one, has no form that a name server takes.
FAULTS = (Trouble, OSError, UnicodeError)  # OSError: also those of TLS and of name servers

_UNKNOWN = frozenset({18, 19, 20, 21})  # X509_V_ERR_… of OpenSSL: nobody who is trusted vouches for it
_CERTIFICATES = "name the authority that you trust in SSL_CERT_FILE"
_NOBODY = "407"
_WHO = "; put the user into its URL in https_proxy: http://USER:PASSWORD@HOST:PORT"
_NUMBERS = re.compile(r"\[Errno (\d+)\]")


def fault(place: Origin, error: Exception, policy: Policy) -> Fault:
    """Return the Fault for an error. Nothing of the error itself is kept, as it may hold the request."""
    match error:
        case ProxyRefuses():
            what = f"the proxy refuses: {error}{_WHO if str(error) == _NOBODY else ''}"
            return Fault(place, what, reached=Reached.PROXY, tries=1, connected=False)
        case ProxyAway():
            return Fault(place, "the proxy cannot be reached", reached=Reached.PROXY, connected=False)
        case NotHTTP():
            return Fault(place, f"not an HTTP answer ({error})", reached=Reached.PROTOCOL, tries=1)
        case NoConnection():
            what = f"no connection in {policy.connect:g} s"
            return Fault(place, what, reached=Reached.TIMEOUT, tries=2, connected=False)
        case Silent():
            return Fault(place, f"no answer in {error.args[0]:g} s", reached=Reached.TIMEOUT, tries=3)
        case Slow():
            return Fault(place, f"takes less than {policy.slowest} bytes a second", reached=Reached.TIMEOUT)
        case Overdue():
            return Fault(place, f"no whole answer in {policy.whole:g} s", reached=Reached.TIMEOUT, tries=2)
        case UnicodeError():
            return Fault(place, "not a host name", reached=Reached.DNS, tries=1, connected=False)
        case ssl.SSLError() | OSError():
            return _unconnected(place, error)
        case _:
            return Fault(place, "the connection was closed before the answer was complete")


def _unconnected(place: Origin, error: OSError) -> Fault:
    match error:
        case ssl.SSLCertVerificationError():
            why = getattr(error, "verify_message", "") or "no reason given"
            what = f"its certificate is not trusted: {why}"
            hint = _CERTIFICATES if getattr(error, "verify_code", 0) in _UNKNOWN else ""
            return Fault(place, what, reached=Reached.TLS, tries=1, connected=False, hint=hint)
        case ssl.SSLError():
            return Fault(place, "no TLS connection", reached=Reached.TLS, tries=1, connected=False)
        case socket.gaierror():
            known = error.errno == socket.EAI_NONAME  # else the name server gave no answer
            tries = 1 if known else 3
            return Fault(place, "host not found", reached=Reached.DNS, tries=tries, connected=False)
    number = _number(error)
    reached = Reached.REFUSED if number == errno.ECONNREFUSED else Reached.NETWORK
    reason = os.strerror(number).lower() if number else "no connection"
    return Fault(place, reason, reached=reached, connected=False)


def _number(error: OSError) -> int:
    """Return the number of an error, 0 where there is none; several addresses may all have had the same."""
    if error.errno:
        return error.errno
    found = set(_NUMBERS.findall(str(error)))
    return int(found.pop()) if len(found) == 1 else 0
