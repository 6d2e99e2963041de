"""What goes wrong on the way to a host, in a few stable words; never with the URL."""

import errno
import os
import socket
import ssl

import aiohttp

from planner.model.diagnosis import Reached
from planner.registries._origin import Origin
from planner.registries._request import Fault
from planner.registries._retry import Policy

# UnicodeError: a label of more than 63 characters, or an empty one, has no form that a name server takes.
FAULTS = (aiohttp.ClientError, TimeoutError, ConnectionError, ssl.SSLError, UnicodeError)

_CERTIFICATES = "an authority of your own is named by SSL_CERT_FILE"


def fault(place: Origin, error: Exception, policy: Policy) -> Fault:
    """Return what a foreign error means. Nothing of the error itself is kept: it may hold the request."""
    match error:
        case aiohttp.ClientHttpProxyError():
            what = f"the proxy refuses: {error.status}"
            return Fault(place, what, reached=Reached.PROXY, tries=1, connected=False)
        case aiohttp.ClientResponseError():
            what = f"not an HTTP answer ({type(error).__name__})"
            return Fault(place, what, reached=Reached.PROTOCOL, tries=1)
        case aiohttp.ClientConnectorDNSError():
            known = error.os_error.errno == socket.EAI_NONAME  # else the name server gave no answer
            tries = 1 if known else 3
            return Fault(place, "host not found", reached=Reached.DNS, tries=tries, connected=False)
        case aiohttp.ClientConnectorCertificateError():
            why = getattr(error.certificate_error, "verify_message", "") or "no reason given"
            what = f"its certificate is not trusted: {why}"
            return Fault(place, what, reached=Reached.TLS, tries=1, connected=False, hint=_CERTIFICATES)
        case aiohttp.ClientProxyConnectionError():
            return Fault(place, "the proxy cannot be reached", reached=Reached.PROXY, connected=False)
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Fault(place, "no TLS connection", reached=Reached.TLS, tries=1, connected=False)
        case aiohttp.ClientConnectorError():
            reached = Reached.REFUSED if error.os_error.errno == errno.ECONNREFUSED else Reached.NETWORK
            return Fault(place, _reason(error.os_error), reached=reached, connected=False)
        case aiohttp.ConnectionTimeoutError():
            what = f"no connection in {policy.connect:g} s"
            return Fault(place, what, reached=Reached.TIMEOUT, tries=2, connected=False)
        case aiohttp.SocketTimeoutError():
            return Fault(place, f"no answer in {policy.read:g} s", reached=Reached.TIMEOUT, tries=3)
        case TimeoutError():
            return Fault(place, f"no whole answer in {policy.whole:g} s", reached=Reached.TIMEOUT, tries=2)
        case aiohttp.InvalidURL() | UnicodeError():
            return Fault(place, "not a host name", reached=Reached.DNS, tries=1, connected=False)
        case _:
            return Fault(place, "the connection was closed before the answer was complete")


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "no connection"
