"""Google's application default credentials: a file that is not there, holds none, or is open to others.

https://cloud.google.com/docs/authentication/application-default-credentials
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from planner.doctor import rules
from planner.model.diagnosis import Finding

VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
_TYPES = frozenset({
    "authorized_user", "service_account", "external_account", "external_account_authorized_user",
    "impersonated_service_account", "gdch_service_account",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class CredentialsFile:
    """The file as a machine has it."""

    path: str
    named: bool  # whether the variable names it; else it is where gcloud keeps it
    text: str = ""
    unreadable: str = ""  # why it cannot be read
    open_to: str = ""  # who else may read it, as `ls -l` has it; empty: nobody


def findings(file: CredentialsFile) -> Iterator[Finding]:
    """Yield what is wrong with a file."""
    if file.unreadable:
        problem = f"{VARIABLE} names {file.path}" if file.named else "it cannot be read"
        path = VARIABLE if file.named else file.path
        yield rules.ADC_MISSING.at(f"{problem}: {file.unreadable}", path)
        return
    problem = _wrong(file.text)
    if problem:
        yield rules.ADC_FILE.at(problem, file.path, 1)
    if file.open_to and not problem:
        fix = f"`chmod 600 {file.path}`"
        yield rules.ADC_OPEN.at(f"its rights are {file.open_to}", file.path, 1, fix=fix)


def _wrong(text: str) -> str:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return "not JSON"
    kind = content.get("type") if isinstance(content, dict) else None
    if kind in _TYPES:
        return ""
    return "it has no type" if not isinstance(kind, str) else f"its type is not known: {kind[:60]!r}"
