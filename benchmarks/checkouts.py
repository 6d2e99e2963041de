"""Public repositories at a fixed commit, from GitHub or from git directories of this machine."""

import subprocess
from pathlib import Path

COMMITS = {
    "GoogleCloudPlatform/microservices-demo": "34ffea9175946982c3088ed84994fe6019ad6e92",
    "bitnami/charts": "5165628ae06697f8f68a670bef7739d93c4b7f44",
    "docker/awesome-compose": "18f59bdb09ecf520dd5758fbf90dec314baec545",
    "grafana/loki": "65e30f8488e8a5ea2013c6881675f8103a8f6bc7",
    "moby/buildkit": "73ed6825c4b7569379ef89df0aedcdbe64473d31",
}


def checkout(name: str, folder: Path, mirror: Path | None) -> Path:
    """Make a work tree of OWNER/NAME below a folder, without history; return it.

    `mirror` has git directories DIR/OWNER+NAME/repo. Raises CalledProcessError where it cannot be fetched.
    """
    place = name.replace("/", "+")
    source = str((mirror / place / "repo").resolve()) if mirror else f"https://github.com/{name}.git"
    tree = folder / place
    tree.mkdir(parents=True)
    for command in (
        ("init", "--quiet"),
        ("fetch", "--quiet", "--no-tags", "--depth=1", source, COMMITS[name]),
        ("checkout", "--quiet", "FETCH_HEAD"),
    ):
        subprocess.run(["git", "-C", str(tree), *command], check=True)
    return tree
