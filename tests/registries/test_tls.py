"""Encrypted connections that do not come about, and those of an authority of one's own."""

import asyncio
import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web
from certificates import certificate
from listening import listening
from misbehaving import misbehaving

from planner.model.availability import Probe, Status
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import Descriptor, digest_of
from planner.registries.oci import connect

ROOT = Path(__file__).parents[2]


def serving(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def probe(waits, url: str, home: Path) -> Probe:
    keychain, places = Keychain({"HOME": str(home)}), Endpoints({"r.example": Endpoint(url)})
    async with connect(places, policy=waits.policy, keychain=keychain) as registries:
        return await registries.head(Reference.parse("r.example/good/a:1"))


def test_certificate_that_nobody_vouches_for_is_refused_once_with_what_to_do(waits, tmp_path):
    async def ask() -> tuple[Probe, str, list[str]]:
        async with misbehaving(serving(certificate(tmp_path, "localhost"))) as server:
            return await probe(waits, server.url, tmp_path), server.url, server.heads

    found, url, heads = asyncio.run(ask())
    assert (found.status, heads, waits.seconds) == (Status.UNREACHABLE, [], [])
    where = url.removeprefix("https://")
    said = "its certificate is not trusted: self-signed certificate"
    assert found.detail == f"{where}: {said} (name the authority that you trust in SSL_CERT_FILE)"


def test_server_without_encryption_is_not_spoken_to(serve, waits, tmp_path):
    async def ask() -> tuple[Probe, str]:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response()

        async with serve(answer) as server:
            found = await probe(waits, server.url.replace("http:", "https:"), tmp_path)
            return found, f"{server.url.removeprefix('http://')}: no TLS connection"

    found, said = asyncio.run(ask())
    assert (found.status, found.detail) == (Status.UNREACHABLE, said)


def test_server_that_hangs_up_during_the_handshake_is_unreachable(waits, tmp_path):
    async def ask() -> Probe:
        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            writer.transport.abort()

        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
            return await probe(waits, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", tmp_path)

    assert asyncio.run(ask()).status is Status.UNREACHABLE


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [
        ("localhost", 1, "cached-fresh"),
        ("other.example", 1, "its certificate is not trusted: Hostname mismatch"),
        ("localhost", -1, "its certificate is not trusted: certificate has expired"),
    ],
)
def test_authority_of_one_s_own_is_named_by_ssl_cert_file(tmp_path, name, days, said):
    """The command is another process, as the variable is read when it starts."""
    path = certificate(tmp_path, name, days=days)

    async def printed() -> str:
        async with misbehaving(serving(path)) as server:
            url = server.url.replace("127.0.0.1", "localhost")
            settings = f'[endpoints]\n"docker.io" = "{url}"\n"mirror.gcr.io" = "{url}"\n'
            (tmp_path / "hub2ar.toml").write_text(settings)
            own = {"SSL_CERT_FILE": str(path), "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "planner", "check", "good/a:1",
                cwd=tmp_path, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            output, _ = await process.communicate()
            return " ".join(output.decode().split())  # its lines are as wide as the terminal

    assert said in asyncio.run(printed())


def test_long_body_comes_whole_and_leaves_its_connection_for_the_next(tmp_path, monkeypatch, waits):
    content = bytes(range(256)) * 4000
    authority = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    connections = set()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        connections.add(request.transport)
        return web.Response(body=content)

    async def pulled() -> list[bytes]:
        runner, found = web.ServerRunner(web.Server(answer), shutdown_timeout=0.001), []
        keychain = Keychain({"HOME": str(tmp_path)})
        async with listening(runner, serving(authority)) as port:
            places = Endpoints({"r.example": Endpoint(f"https://localhost:{port}")})
            async with connect(places, policy=waits.policy, keychain=keychain) as registries:
                blob = Descriptor("", digest_of(content), len(content))
                for _ in range(3):
                    pieces = registries.blob(Reference.parse("r.example/a"), blob)
                    found.append(b"".join([piece async for piece in pieces]))
        return found

    assert asyncio.run(pulled()) == [content] * 3
    assert len(connections) == 1
