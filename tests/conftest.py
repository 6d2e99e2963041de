"""What tests share: real registries as processes; signals and a width as if nobody had changed them."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from itertools import count
from pathlib import Path
from secrets import randbelow
from shutil import which

import pytest
from hypothesis import settings
from packaged import built, copied, installed_in

from planner.sources.cache import Cache

collect_ignore = ["corpus"]  # files that are scanned, some of which look like tests

settings.register_profile("default", deadline=None)  # machines are slow at times; nothing here is timed
settings.register_profile("ci", deadline=None, derandomize=True)  # the same examples in every run
settings.load_profile("ci" if os.environ.get("CI") else "default")


# A job in the background, or of nohup, ignores them, and its children with it.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler)

# A shell may have told the width of its terminal, and whoever starts pytest-xdist's processes does.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)


@pytest.fixture(scope="session")
def _folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Name folders that are not there yet: few of the tests make theirs."""
    above = tmp_path_factory.mktemp("own")
    return (above / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_cache(_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep results and histories apart: no test sees another's, or the user's."""
    folder = next(_folders)
    monkeypatch.setenv("HUB2AR_CACHE_DIR", str(folder / "cache"))
    monkeypatch.setenv("HUB2AR_STATE_DIR", str(folder / "state"))


@pytest.fixture
def kept_in() -> Iterator[Callable[[Path], Cache]]:
    """Open the results of a scan that are kept in a folder, and close them after the test."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(closing(Cache(folder)))


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment in which the project is installed as it is published."""
    wheel = built("wheel", copied(tmp_path_factory.mktemp("source")), tmp_path_factory.mktemp("wheel"))
    return installed_in(tmp_path_factory.mktemp("installed"), wheel)


def free_port() -> int:
    """Return a free port below those that the system gives away: another process might get it in between."""
    while True:
        port = 20_000 + randbelow(12_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def program(name: str) -> str:
    """Return the path of a program that the tests need, or fail saying how to get it."""
    path = which(name)
    if path is None:
        package = {"dockerd": "docker.io"}.get(name, name)
        pytest.fail(f"{name} is missing: `apt-get install {package}` (make test does it as root)")
    return path


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    pytest.fail(f"docker-registry did not start on port {port}")


Registry = Callable[..., str]


@pytest.fixture
def docker_registry(tmp_path: Path) -> Iterator[Registry]:
    """Start Debian's docker-registry; `docker_registry(proxy=URL, extra=YAML)` returns its URL."""
    with ExitStack() as stack:

        def start(*, proxy: str = "", extra: str = "") -> str:
            port = free_port()
            folder = tmp_path / f"registry-{port}"
            folder.mkdir()
            config = folder / "config.yml"
            config.write_text(
                "version: 0.1\n"
                "log: {level: error, accesslog: {disabled: true}}\n"
                "storage:\n"
                "  cache: {blobdescriptor: inmemory}\n"
                f"  filesystem: {{rootdirectory: {folder / 'data'}}}\n"
                "  delete: {enabled: true}\n"
                "  maintenance: {uploadpurging: {enabled: false}}\n"
                f"http: {{addr: 127.0.0.1:{port}}}\n"
                + (f"proxy: {{remoteurl: {proxy}}}\n" if proxy else "")
                + extra
            )
            process = subprocess.Popen(
                [program("docker-registry"), "serve", str(config)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            _wait_for(port, process)
            return f"http://127.0.0.1:{port}"

        yield start
