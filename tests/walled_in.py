"""Shuts itself in, and then does what it is told: run as a program by `walled`.

In a user, network and mount namespace of its own it brings loopback up, makes every disk read-only but for
one folder, opens the stand-ins, and runs each script that it reads from standard input, a JSON object a line.
"""

import asyncio
import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import sys
from pathlib import Path

from object_store import ObjectStore

from planner.config import ScanSettings
from planner.model.reference import DOCKER_HUB, Reference
from planner.rehearsal.server import serve
from planner.rehearsal.world import World
from planner.scan import scan

_SIOCSIFFLAGS, _IFF_UP, _IFF_RUNNING = 0x8914, 0x1, 0x40
_MS_BIND, _AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY, _MOUNT_SETATTR = 0x1000, -100, 0x8000, 1, 442
_PATIENCE = 60  # seconds for a script
_libc = ctypes.CDLL(None, use_errno=True)


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "namespace")]


def _checked(result, what):
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def _read_only(path, *, on):
    """Let nothing below a path be written, or everything again: mount_setattr(2)."""
    wanted = _MountAttributes(on * _MOUNT_ATTR_RDONLY, (not on) * _MOUNT_ATTR_RDONLY, 0, 0)
    size = ctypes.sizeof(wanted)
    done = _libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, path.encode(), _AT_RECURSIVE, ctypes.byref(wanted), size)
    _checked(done, path)


def shut_in(folder):
    """Leave nothing to this process and those it starts but loopback, and one folder to write in."""
    with socket.socket() as any_socket:
        loopback = struct.pack("16sh22x", b"lo", _IFF_UP | _IFF_RUNNING)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, loopback)
    name = folder.encode()
    _checked(_libc.mount(name, name, None, ctypes.c_ulong(_MS_BIND), None), folder)
    _read_only("/", on=True)
    _read_only(folder, on=False)
    upper, work = f"{folder}/etc", f"{folder}/tmp/etc"
    os.makedirs(upper, exist_ok=True)  # noqa: PTH103
    os.makedirs(work, exist_ok=True)  # noqa: PTH103
    layers = f"lowerdir=/etc,upperdir={upper},workdir={work}".encode()
    _checked(_libc.mount(b"overlay", b"/etc", b"overlay", ctypes.c_ulong(0), layers), "/etc")


async def _obey(settings):
    """Run what is asked for, with the stand-ins of all that the code of a tree names."""
    named = scan([Path(settings["tree"])], ScanSettings()).references()
    wanted = [each for each in named if each.origin([DOCKER_HUB])]
    wanted += map(Reference.parse, settings["images"])
    places, pulls = settings["locations"], settings["pulls"]
    async with (
        World.filled(wanted, locations=places, pull_limit=pulls) as world,
        serve(ObjectStore().answer) as store,
    ):
        _say({**world.endpoints, "storage.googleapis.com": store})
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(await _run(json.loads(line)))


def _say(answer):
    sys.stdout.write(json.dumps(dict(answer)) + "\n")
    sys.stdout.flush()


async def _run(asked):
    process = await asyncio.create_subprocess_exec(
        *("bash", "-o", "pipefail", "-c", asked["script"]),
        cwd=asked["folder"],
        env=asked["environment"],
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            out, err = await process.communicate()
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        return {"code": None, "out": "", "err": f"no end in {_PATIENCE} seconds"}
    return {"code": process.returncode, "out": out.decode(), "err": err.decode()}


if __name__ == "__main__":
    shut_in(sys.argv[1])
    asyncio.run(_obey(json.loads(sys.argv[2])))
