"""WWW-Authenticate: the grammar of challenges (RFC 9110, section 11.6.1).

A header can hold several challenges, and a response several headers; commas separate both challenges and
parameters. What cannot be read is skipped, as a scheme that is not known is.
https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
"""

import re
from collections.abc import Iterable

import msgspec

_LONGEST = 8 << 10  # characters of a header that are read

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_BETWEEN = re.compile(r"[\s,]*")
_PARAMETER = re.compile(rf'({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))\s*(?=,|$)', re.DOTALL)
_SCHEME = re.compile(rf"({_TOKEN})(?=\s|,|$)")
# The single text that a scheme can have in place of parameters: `Negotiate dGVzdA==`.
_TOKEN_68 = re.compile(r"\s+[A-Za-z0-9._~+/-]+=*\s*(?=,|$)")
_NEXT = re.compile(r"[^,]*,?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Challenge(msgspec.Struct, frozen=True):
    """What a server wants to see: a scheme in lower case, and its parameters by lower-case name."""

    scheme: str
    parameters: dict[str, str] = msgspec.field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return a parameter, or ""."""
        return self.parameters.get(name, "")


def challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Return the challenges of all WWW-Authenticate headers of a response, in their order."""
    return tuple(found for header in headers for found in _read(header[:_LONGEST]))


def _read(header: str) -> list[Challenge]:
    found: list[Challenge] = []
    at = _after(_BETWEEN, header, 0)
    while at < len(header):
        if found and (parameter := _PARAMETER.match(header, at)):
            name, quoted, plain = parameter.groups()
            value = _ESCAPED.sub(r"\1", quoted) if quoted is not None else plain
            found[-1].parameters.setdefault(name.lower(), value)
            at = parameter.end()
        elif scheme := _SCHEME.match(header, at):
            found.append(Challenge(scheme.group(1).lower()))
            at = _after(_TOKEN_68, header, scheme.end())
        else:
            at = _after(_NEXT, header, at)
        at = _after(_BETWEEN, header, at)
    return found


def _after(passed_over: re.Pattern[str], header: str, at: int) -> int:
    """Return where a header goes on behind what may be there."""
    match = passed_over.match(header, at)
    return match.end() if match else at
