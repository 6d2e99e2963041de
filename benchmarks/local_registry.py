"""Debian's docker-registry as a process that tells what it was asked, and what programs take."""

import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[0-9.]+" (?P<status>\d+) (?P<bytes>\d+)')
_MEMORY = Path("/dev/shm")  # a file system in memory, where there is one
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_PAUSE = 0.02  # seconds between two looks at the memory of processes


@dataclass(frozen=True, slots=True)
class Asked:
    """What a registry was asked in some time."""

    requests: int
    manifests: int  # that were fetched
    blobs: int  # that were fetched, or sent to it
    again: int  # blobs that were fetched again
    bytes: int  # that it answered


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry of this machine."""

    url: str
    log: Path
    process: int

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has taken so far."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def asked(self, since: int = 0) -> Asked:
        """Return what it was asked after so many bytes of its log."""
        with self.log.open("rb") as file:
            file.seek(since)
            lines = [found for line in file if (found := _LINE.search(line.decode()))]
        done = Counter(
            (line["method"], line["path"].partition("?")[0]) for line in lines if line["status"][0] == "2"
        )
        fetched = {path: count for (method, path), count in done.items() if method == "GET"}
        blobs = {path: count for path, count in fetched.items() if "/blobs/sha256:" in path}
        sent = sum(count for (method, path), count in done.items() if method == "PUT" and "/blobs/" in path)
        by_digest = Counter(path.rpartition("/")[2] for path in blobs for _ in range(blobs[path]))
        return Asked(
            len(lines),
            sum(count for path, count in fetched.items() if "/manifests/" in path),
            sum(blobs.values()) + sent,
            sum(by_digest.values()) - len(by_digest),
            sum(int(line["bytes"]) for line in lines),
        )

    def logged(self) -> int:
        """Return how long its log is, once it has written what it knows."""
        time.sleep(0.1)
        return self.log.stat().st_size

    def digest(self, name: str, tag: str) -> str:
        """Return the digest of a tag, "" where there is none."""
        kinds = (
            "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
            "application/vnd.docker.distribution.manifest.list.v2+json, "
            "application/vnd.docker.distribution.manifest.v2+json"
        )
        place = f"{self.url}/v2/{name}/manifests/{tag}"
        request = urllib.request.Request(place, headers={"Accept": kinds}, method="HEAD")
        try:
            with urllib.request.urlopen(request) as answer:
                return str(answer.headers["Docker-Content-Digest"])
        except OSError:
            return ""


@contextmanager
def running(*, proxy: str = "") -> Iterator[Registry]:
    """Run docker-registry on a free port, empty, its storage in memory if there is a place for that."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="hub2ar-registry-", dir=storage()) as name:
        folder = Path(name)
        (folder / "config.yml").write_text(
            json.dumps(
                {
                    "version": 0.1,
                    "log": {"level": "error", "accesslog": {"disabled": False}},
                    "storage": {
                        "cache": {"blobdescriptor": "inmemory"},
                        "filesystem": {"rootdirectory": str(folder / "data"), "maxthreads": 100},
                        "maintenance": {"uploadpurging": {"enabled": False}},
                    },
                    "http": {"addr": f"127.0.0.1:{port}"},
                    **({"proxy": {"remoteurl": proxy}} if proxy else {}),
                }
            )
        )
        log = folder / "log"
        with log.open("wb") as file:
            command = ["docker-registry", "serve", str(folder / "config.yml")]
            process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            answering(url, process)
            yield Registry(url, log, process.pid)
        finally:
            process.kill()
            process.wait()


def storage() -> str | None:
    """Return where registries keep their blobs, None for the usual temporary files."""
    return str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None


def answering(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until docker-registry answers. Raises SystemExit where it does not start."""
    for _ in range(400):
        try:
            urllib.request.urlopen(f"{url}/v2/").close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
        else:
            return
    raise SystemExit("docker-registry does not start")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command and its children took."""

    wall: float  # seconds
    cpu: float  # seconds
    memory: float  # MiB, at the most, of all of them together


def measured(
    command: Sequence[str],
    given: str = "",
    *,
    folder: Path,
    environment: dict[str, str],
    well: tuple[int, ...] = (0,),
) -> tuple[Usage, int]:
    """Run a command to its end; return what it took and its exit code, which has to be one of `well`.

    What it wrote stands in the files `said` and `talk` of the folder.
    """
    with (
        (folder / "said").open("wb") as said,
        (folder / "talk").open("wb") as talk,
        (folder / "given").open("w+") as asked,
    ):
        asked.write(given)
        asked.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=asked, stdout=said, stderr=talk, cwd=folder, env=environment
        )
        ended, most = threading.Event(), [0]
        watcher = threading.Thread(target=_watch, args=(process.pid, ended, most))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watcher.join()
    if process.returncode not in well:
        tail = "".join((folder / name).read_text(errors="replace")[-800:] for name in ("said", "talk"))
        raise SystemExit(f"{command[0]} ended with {process.returncode}: {tail}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, most[0] / 1024), process.returncode


def _watch(pid: int, ended: threading.Event, most: list[int]) -> None:
    while not ended.wait(_PAUSE):
        most[0] = max(most[0], _resident(pid))


def _resident(pid: int) -> int:
    """Return the KiB that a process and its children had in memory at the most, each since it runs."""
    process = Path(f"/proc/{pid}")
    try:
        peak = _PEAK.search((process / "status").read_text())
        children = [
            int(child)
            for thread in (process / "task").iterdir()
            for child in (thread / "children").read_text().split()
        ]
    except OSError:  # it has ended
        return 0
    return (int(peak[1]) if peak else 0) + sum(map(_resident, children))
