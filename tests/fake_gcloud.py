"""A `gcloud` that writes down how it is called, and what its calls would make the API do."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FAKE = f"""#!{sys.executable}
import json, pathlib, sys
here = pathlib.Path(__file__).parent
words = sys.argv[1:]
said = sys.stdin.read() if any(word.endswith("=-") for word in words) else ""
with (here / "calls").open("a") as calls:
    calls.write(json.dumps([words, said]) + "\\n")
state = here / "state"
there = json.loads(state.read_text()) if state.exists() else {{}}
if words[:2] == ["projects", "describe"]:
    print("123")
elif words[:3] == ["artifacts", "repositories", "describe"]:
    if words[3] not in there:
        sys.exit("ERROR: NOT_FOUND")
    print(there[words[3]])
elif words[:3] == ["artifacts", "repositories", "create"]:
    mode = next(word for word in words if word.startswith("--mode="))[7:]
    there[words[3]] = mode.upper().replace("-", "_")
    state.write_text(json.dumps(there))
"""


class Gcloud:
    """A `gcloud` that writes down how it is called, and knows the repositories it was told to create."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "gcloud"
        program.write_text(FAKE)
        program.chmod(0o755)

    def run(self, script: str) -> tuple[int, str]:
        """Run a script in bash; return its exit code, and what it says on stderr."""
        environment = {"PATH": f"{self.folder}:/usr/bin:/bin"}
        (self.folder / "calls").unlink(missing_ok=True)
        file = self.folder / "hub2ar.sh"
        file.write_text(script, encoding="utf-8", newline="")
        done = subprocess.run(
            ["bash", str(file)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            cwd=self.folder,
            check=False,
        )
        return done.returncode, done.stderr.decode()

    def calls(self, *verb: str) -> Iterator[tuple[list[str], str]]:
        for line in (self.folder / "calls").read_text().splitlines():
            words, said = json.loads(line)
            if words[: len(verb)] == list(verb):
                yield words[len(verb) :], said


def flags(words: list[str]) -> dict[str, str]:
    return {word.partition("=")[0][2:]: word.partition("=")[2] for word in words if word.startswith("--")}


def labels(value: str) -> dict[str, str]:
    """Take pairs apart as gcloud does: https://cloud.google.com/sdk/gcloud/reference/topic/escaping."""
    delimiter = ","
    if value.startswith("^"):
        _, delimiter, value = value.split("^", 2)
    return dict(pair.split("=", 1) for pair in value.split(delimiter))  # type: ignore[misc]


def sent(gcloud: Gcloud) -> dict[str, dict[str, Any]]:
    """What gcloud would send to the API for each repository that it is told to create, by resource."""
    found = {}
    for words, said in gcloud.calls("artifacts", "repositories", "create"):
        found[_resource(words)] = _repository(flags(words), said)
    for words, said in gcloud.calls("artifacts", "repositories", "set-cleanup-policies"):
        found[_resource(words)] |= _cleanup(flags(words), said)
    return found


def _resource(words: list[str]) -> str:
    said = flags(words)
    return f"projects/{said['project']}/locations/{said['location']}/repositories/{words[0]}"


def _repository(said: dict[str, str], policies: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "format": said["repository-format"].upper(),
        "mode": said["mode"].upper().replace("-", "_"),
        "description": said["description"],
        "labels": labels(said["labels"]),
    }
    if "kms-key" in said:
        body["kmsKeyName"] = said["kms-key"]
    if "immutable-tags" in said:
        body["dockerConfig"] = {"immutableTags": True}
    if "disable-vulnerability-scanning" in said:
        body["vulnerabilityScanningConfig"] = {"enablementConfig": "DISABLED"}
    if policies:
        body["virtualRepositoryConfig"] = {"upstreamPolicies": json.loads(policies)}
    if "remote-docker-repo" in said:
        body["remoteRepositoryConfig"] = _remote(said)
    return body


def _remote(said: dict[str, str]) -> dict[str, Any]:
    upstream = said["remote-docker-repo"]
    hub = {"dockerRepository": {"publicRepository": "DOCKER_HUB"}}
    body = {
        "description": said["remote-repo-config-desc"],
        "disableUpstreamValidation": "disable-remote-validation" in said,
        **(hub if upstream == "DOCKER-HUB" else {"commonRepository": {"uri": upstream}}),
    }
    if "remote-username" in said:
        secret = said["remote-password-secret-version"]
        login = {"username": said["remote-username"], "passwordSecretVersion": secret}
        body["upstreamCredentials"] = {"usernamePasswordCredentials": login}
    return body


def _cleanup(said: dict[str, str], policies: str) -> dict[str, Any]:
    rules = {
        each["name"]: {
            "id": each["name"],
            "action": each["action"]["type"].upper(),
            "condition": each["condition"] | {"tagState": each["condition"]["tagState"].upper()},
        }
        for each in json.loads(policies)
    }
    return {"cleanupPolicies": rules, "cleanupPolicyDryRun": "dry-run" in said}
