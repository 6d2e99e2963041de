"""containerd's own config.toml: where its hosts.toml files are, or the mirrors of before there were any.

The table is that of the CRI plugin and depends on the version of the file. `registry.mirrors` and
`config_path` together stop containerd 1.x from serving pods, and containerd 2.x then reads no hosts.toml
(https://github.com/containerd/containerd/blob/main/docs/cri/registry.md).
"""

from planner.model.source import SourceFile
from planner.runtimes import _toml
from planner.runtimes._base import Mirror, place, present, wrong
from planner.runtimes._toml import Path, at, strings
from planner.runtimes._toml_edit import with_key, with_string

FOLDER = "/etc/containerd/certs.d"
REGISTRIES: dict[int, Path] = {
    1: ("plugins", "cri", "registry"),
    2: ("plugins", "io.containerd.grpc.v1.cri", "registry"),
    3: ("plugins", "io.containerd.cri.v1.images", "registry"),
}
_NEW = "version = 2\n"


def registry(tree: object) -> Path:
    """Return the path of the table that says where images come from."""
    version = at(tree, ("version",))
    return REGISTRIES.get(version if isinstance(version, int) else 1, REGISTRIES[3])


def both(file: SourceFile) -> Path | None:
    """Return the table with mirrors and config_path, which do not go together; None where there is none."""
    tree = _toml.parsed(file)
    for path in REGISTRIES.values():
        if at(tree, (*path, "mirrors")) and at(tree, (*path, "config_path")):
            return path
    return None


def merge(file: SourceFile, mirror: Mirror) -> str:
    """Return the file with a folder of hosts.toml files, or the mirror where it has mirrors already."""
    tree = _toml.parsed(file)
    if not tree:
        return merge(SourceFile(file.path, file.text + _NEW), mirror)
    table = registry(tree)
    if both(file):
        offset = _toml.layout(file.text).values[(*table, "config_path")].key
        raise wrong(
            file, offset, "`mirrors` and `config_path` are both set, and containerd refuses that", HINT
        )
    if at(tree, (*table, "mirrors")):
        return _with_legacy(file, table, mirror)
    if at(tree, (*table, "config_path")):
        return file.text
    return with_key(file, table, "config_path", f'"{FOLDER}"')


HINT = "take the `mirrors` tables out and keep their endpoints in hosts.toml below config_path"


def _with_legacy(file: SourceFile, table: Path, mirror: Mirror) -> str:
    existing = mirrors(file)
    if present(existing, mirror):
        return file.text
    entry = (*table, "mirrors", "docker.io")
    return with_string(file, entry, "endpoint", place(existing, mirror), mirror.endpoint)


def mirrors(file: SourceFile) -> tuple[str, ...]:
    """Return the endpoints for docker.io in `mirrors`, in order; those of hosts.toml are not here."""
    tree = _toml.parsed(file)
    return strings(tree, (*registry(tree), "mirrors", "docker.io", "endpoint"))


def folders(file: SourceFile) -> tuple[str, ...]:
    """Return where hosts.toml files are looked for; empty where nowhere."""
    tree = _toml.parsed(file)
    found = at(tree, (*registry(tree), "config_path"))
    return tuple(found.split(":")) if isinstance(found, str) and found else ()
