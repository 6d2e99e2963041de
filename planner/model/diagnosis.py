"""What `hub2ar doctor` finds: credentials, the pull limit, what can be reached, what is set up wrongly.

No value here holds a secret: of a credential only its place is given, of a proxy only scheme, host and port.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from planner.model.availability import PullLimit


class Reached(StrEnum):
    """What became of a request to a host."""

    OK = "ok"
    DNS = "dns"  # the host has no address, or the name server gave no answer
    TLS = "tls"  # the certificate is not trusted, or there is no TLS at all
    PROXY = "proxy"  # the proxy cannot be reached, refuses, or is named wrongly
    TIMEOUT = "time-out"
    REFUSED = "refused"  # nothing listens there, or a firewall says so
    NETWORK = "network"  # no route, a connection that broke off
    PROTOCOL = "protocol"  # an answer that is not HTTP, or that leads where it must not
    STATUS = "status"  # an answer, and not one of whom it should be
    UNKNOWN = "unknown"  # not asked, because it is not known whom to ask


class Counting(StrEnum):
    """What is known about a pull limit."""

    LIMITED = "limited"
    UNLIMITED = "unlimited"  # a paid account, or an address of a partner
    UNKNOWN = "unknown"  # no answer, or not one of Docker Hub


class Severity(StrEnum):
    """What a finding means."""

    PROBLEM = "problem"  # something fails
    WARNING = "warning"  # something is not as it is meant, or will fail
    NOTE = "note"  # good to know; nothing is wrong


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class UsedCredential(_Value, frozen=True):
    """Which credential a registry would get."""

    registry: str
    kind: Literal["file", "variable", "helper", "google", "none"]
    place: str = ""  # the file, the variable, the helper's program
    key: str = ""  # the entry in it, or what the helper is asked for; of Google's, the type of credentials
    named_by: str = ""  # the file or variable that names a helper, or Google's file
    acts_for: str = ""  # the service account that Google's credentials act for
    problem: str = ""  # why none of it can be used


class HubPulls(_Value, frozen=True):
    """Docker Hub's pull limit for whoever ran this; `limit` is set if and only if it is LIMITED."""

    counting: Counting
    limit: PullLimit | None = None
    counted_for: Literal["", "address", "account"] = ""
    back_at: datetime | None = None  # UTC; when all are there again at the latest, if none is pulled
    detail: str = ""  # why it is UNKNOWN


class Reach(_Value, frozen=True):
    """Whether a host can be reached."""

    subject: str  # what it is: `mirror.gcr.io`, `Docker Hub: tokens`
    host: str  # the one that was asked; empty where that is not known
    reached: Reached
    detail: str = ""  # what went wrong, or the status
    proxy: str = ""  # host and port of the proxy between


class Proxy(_Value, frozen=True):
    """A proxy that the environment names for requests of one scheme."""

    scheme: str
    proxy: str  # scheme, host and port
    with_password: bool = False


class Finding(_Value, frozen=True):
    """Something that is not as it should be."""

    rule: str  # as docs/doctor.md has it
    severity: Severity
    path: str  # the file or the variable; empty where it stands in none
    line: int  # from 1; 0: in no line
    problem: str
    follows: str
    fix: str


class Diagnosis(_Value, frozen=True, tag="Diagnosis", tag_field="kind"):
    """All that was found. What was not asked, because it was to be offline, is empty."""

    credentials: tuple[UsedCredential, ...] = ()
    pulls: HubPulls | None = None
    reached: tuple[Reach, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    no_proxy: str = ""  # hosts that are asked without one, as the environment has it
    findings: tuple[Finding, ...] = ()  # problems first, then by path and line
    hub2ar: Literal[1] = 1

    @property
    def clean(self) -> bool:
        """Whether there is nothing to fix; notes do not count."""
        return all(finding.severity is Severity.NOTE for finding in self.findings)
