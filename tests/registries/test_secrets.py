"""Nothing secret comes out: not in a value, a message, a log, a traceback or what a command prints.

Secrets are planted wherever somebody may have one, and the server sends back whatever it is sent, in every
header and every body, at every fault.
"""

import asyncio
import base64
import json
import logging
import traceback
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from misbehaving import FAULTS, misbehaving

from planner.check import check
from planner.cli.main import run
from planner.errors import PlannerError
from planner.model.document import encode
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import Descriptor
from planner.registries.oci import Registries, connect

PASSWORD = "PLANTED-p/w+rd"
IDENTITY = "PLANTED-identity"
PROXY = "PLANTED-proxy"
STDERR = "PLANTED-stderr"
BASIC = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
MARKS = ("PLANTED", BASIC, base64.b64encode(f"me:{PROXY}".encode()).decode(), "useless-token", "me:")
PATIENCE = {"read": 0.2, "whole": 0.4, "tries": 2}
SLOW = {"silent", "drip-head", "drip-body", "informing"}  # whose retries the command line waits for
WAITING = {"abuse", "broken", "proxy", "nothing", "reset", "half-closed", "half-head", "half-body"}


def entry(kind: str) -> dict[str, str]:
    auth = {"auth": BASIC}
    return {**auth, "identitytoken": IDENTITY} if kind == "identity" else auth


def config(folder: Path, kind: str, host: str) -> dict[str, str]:
    """Write a config.json and a helper; return the environment that leads to them."""
    content = {"auths": {host: entry(kind)}} if kind != "helper" else {"credHelpers": {host: "planted"}}
    (folder / "config.json").write_text(json.dumps(content))
    helper = folder / "docker-credential-planted"
    told = json.dumps({"Username": "me", "Secret": PASSWORD})
    helper.write_text(f"#!/bin/sh\necho {STDERR} >&2\necho '{told}'\n")
    helper.chmod(0o755)
    return {"DOCKER_CONFIG": str(folder), "HOME": str(folder), "PATH": f"{folder}:/usr/bin:/bin"}


def leaks(text: str) -> list[str]:
    return [f"{mark}: …{text[max(text.find(mark) - 80, 0) :][:120]}…" for mark in MARKS if mark in text]


async def started(pieces) -> None:
    """Read the first piece, and close what is read from; what is only left may be closed much later."""
    async with aclosing(pieces):
        await anext(pieces)


async def raised(registries: Registries, reference: Reference) -> str:
    """Return all that can be seen of the errors of the other questions."""
    seen = []
    blob = Descriptor("application/octet-stream", f"sha256:{'a' * 64}", 2)
    for question in (registries.manifest(reference), started(registries.blob(reference, blob))):
        try:
            await question
        except PlannerError as error:
            shown = traceback.format_exception(error)
            seen += [*shown, repr(error), repr(vars(error)), error.message, error.hint]
    return "\n".join(seen)


@pytest.mark.parametrize("kind", ["password", "identity", "helper"])
def test_no_fault_brings_out_a_secret(waits, tmp_path, caplog, kind):
    caplog.set_level(logging.DEBUG)

    async def seen() -> str:
        async with misbehaving() as server:
            environment = config(tmp_path, kind, server.url.partition("://")[2])
            places = Endpoints({"r.example": Endpoint(server.url)})
            policy, keychain = replace(waits.policy, **PATIENCE), Keychain(environment)
            async with connect(places, policy=policy, keychain=keychain) as registries:
                references = [Reference.parse(f"r.example/{fault}/a:1") for fault in FAULTS]
                result = await check(references, registries, upstreams=("r.example",))
                errors = [await raised(registries, each) for each in references if fault_of(each) not in SLOW]
            sent = "".join(server.heads)
            assert {"password": BASIC, "identity": IDENTITY, "helper": BASIC}[kind] in sent
            return "\n".join((encode(result).decode(), repr(result), *errors))

    assert leaks(asyncio.run(seen()) + caplog.text) == []


def fault_of(reference: Reference) -> str:
    return reference.repository.partition("/")[0]


def test_no_fault_behind_a_proxy_brings_out_its_password(waits, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.delenv("no_proxy", raising=False)

    async def seen() -> str:
        async with misbehaving() as proxy:
            monkeypatch.setenv("http_proxy", proxy.url.replace("://", f"://me:{PROXY}@"))
            places = Endpoints({"r.example": Endpoint("http://r.example", insecure=True)})
            keychain = Keychain(config(tmp_path, "password", "r.example"))
            policy = replace(waits.policy, **PATIENCE)
            async with connect(places, policy=policy, keychain=keychain) as registries:
                references = [Reference.parse(f"r.example/{fault}/a:1") for fault in FAULTS]
                result = await check(references, registries, upstreams=("r.example",))
                errors = [await raised(registries, each) for each in references if fault_of(each) not in SLOW]
            assert "Proxy-Authorization: Basic" in "".join(proxy.heads)
            return "\n".join((encode(result).decode(), repr(result), *errors))

    assert leaks(asyncio.run(seen()) + caplog.text) == []


@pytest.mark.parametrize("proxy", [f"http://me:{PROXY}@[", f"socks5://me:{PROXY}@h:1", f"me:{PROXY}@"])
def test_proxy_that_cannot_be_used_is_not_quoted(tmp_path, monkeypatch, proxy):
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)

    async def ask() -> None:
        async with connect(keychain=Keychain({"HOME": str(tmp_path)})) as registries:
            await registries.head(Reference.parse("r.example/a"))

    with pytest.raises(PlannerError) as caught:
        asyncio.run(ask())
    assert leaks("".join(traceback.format_exception(caught.value)) + caught.value.hint) == []


@pytest.mark.parametrize("output", ["text", "json", "jsonl"])
def test_command_prints_no_secret(tmp_path, monkeypatch, capsys, output):
    faults = [fault for fault in FAULTS if fault not in SLOW | WAITING and not fault.startswith("token-b")]
    (tmp_path / ".git").mkdir()
    (tmp_path / "Dockerfile").write_text("".join(f"FROM {fault}/a:1\n" for fault in faults))
    monkeypatch.chdir(tmp_path)

    async def printed() -> str:
        async with misbehaving() as server:
            for name, value in config(tmp_path, "password", server.url.partition("://")[2]).items():
                monkeypatch.setenv(name, value)
            (tmp_path / "hub2ar.toml").write_text(
                f'[endpoints]\n"docker.io" = "{server.url}"\n"mirror.gcr.io" = "{server.url}"\n'
            )
            await asyncio.to_thread(run, ["check", "--output-format", output])
            assert BASIC in "".join(server.heads)
        found = capsys.readouterr()
        return found.out + found.err

    said = asyncio.run(printed())
    assert all(fault in said for fault in faults)
    assert leaks(said) == []
