"""Encrypted connections that do not come about, and those of an authority of one's own."""

import asyncio
import os
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from misbehaving import misbehaving

from planner.model.availability import Probe, Status
from planner.model.reference import Reference
from planner.registries._keychain import Keychain
from planner.registries._transport import Endpoint, Endpoints
from planner.registries._transport_inflow import inflow
from planner.registries.oci import connect

ROOT = Path(__file__).parents[2]


def certificate(folder: Path, name: str, *, days: int = 1) -> Path:
    """Write a self-signed certificate for a host and its key, in one file."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    end = datetime.now(UTC) + timedelta(days=days)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(end - timedelta(days=30))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


def serving(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def probe(waits, url: str, home: Path) -> Probe:
    keychain, places = Keychain({"HOME": str(home)}), Endpoints({"r.example": Endpoint(url)})
    async with connect(places, policy=waits.policy, keychain=keychain) as registries:
        return await registries.head(Reference.parse("r.example/good/a:1"))


def test_certificate_that_nobody_vouches_for_is_refused_once(waits, tmp_path):
    async def ask() -> tuple[Probe, list[str]]:
        async with misbehaving(serving(certificate(tmp_path, "localhost"))) as server:
            return await probe(waits, server.url, tmp_path), server.heads

    found, heads = asyncio.run(ask())
    assert (found.status, heads, waits.seconds) == (Status.UNREACHABLE, [], [])
    assert found.detail == "127.0.0.1: its certificate is not trusted: self-signed certificate"


def test_server_without_encryption_is_not_spoken_to(serve, waits, tmp_path):
    async def ask() -> Probe:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response()

        async with serve(answer) as server:
            return await probe(waits, server.url.replace("http:", "https:"), tmp_path)

    found = asyncio.run(ask())
    assert (found.status, found.detail) == (Status.UNREACHABLE, "127.0.0.1: no TLS connection")


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


def test_long_body_comes_whole_and_leaves_its_connection_for_the_next(tmp_path):
    content = bytes(range(256)) * 4000
    authority = certificate(tmp_path, "localhost")
    connections = set()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        connections.add(request.transport)
        return web.Response(body=content)

    async def pulled() -> list[bytes]:
        runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.001)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=serving(authority)).start()
        trusting = ssl.create_default_context(cafile=str(authority))
        url, found = f"https://127.0.0.1:{runner.addresses[0][1]}", []
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as session:
            for _ in range(3):
                async with session.get(url, server_hostname="localhost") as response:
                    found.append(b"".join([piece async for piece in inflow(response, 60)]))
        await runner.cleanup()
        return found

    assert asyncio.run(pulled()) == [content] * 3
    assert len(connections) == 1
