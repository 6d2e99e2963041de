"""Write what the code knows of runtimes into a file: .ci/mirror.py docs/mirror.md."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from planner.errors import ConfigError
from planner.model.source import SourceFile
from planner.runtimes._base import HUB, File, Mirror, Runtime
from planner.runtimes._known import runtimes

GOOGLE = Mirror("mirror.gcr.io")
OWN = Mirror("us-docker.pkg.dev", "acme/docker-hub")
FENCES = {
    "json": "json",
    "toml": "toml",
    "yaml": "yaml",
    "shell": "sh",
    "ini": "ini",
    "properties": "properties",
}
HEAD = """# Mirrors

Written by `make docs` from the code; `hub2ar mirror config RUNTIME` merges the same into your files.

A runtime with a mirror asks it first for images of Docker Hub, and Docker Hub for what the mirror does
not have. [mirror.gcr.io][cache] is Google's cache of frequently pulled images; pulls from it do not count
against Docker Hub's limit, and nobody promises that an image stays there. A repository of Artifact
Registry in remote mode is a mirror of your own.

```sh
hub2ar mirror config docker                    # the merged file, and what to do then
sudo hub2ar mirror config docker --write       # the old one stays beside it as daemon.json.bak
docker system info | hub2ar mirror verify -    # is it asked, and in which order?
hub2ar mirror verify                           # the same from the files of this machine
hub2ar mirror explain nginx:1.27               # which hosts each runtime asks, and what happens on a miss
hub2ar mirror lint                             # references that name mirror.gcr.io, and have no fallback
```

`config` merges: other settings, their order, comments, indentation and line ends stay. Existing mirrors
keep their order. A repository of your own goes before mirror.gcr.io, because a cache that is asked first
keeps it from ever holding the image; both go before Docker Hub, and otherwise the new one goes last. What
a runtime would refuse is refused, with an alternative; a file that cannot be parsed is refused with line
and column. A second run changes nothing. Project files such as compose.yaml are those of the working
directory; `--file` names another.

`verify` and `lint` exit with 10 when there is something to fix. Files below registries.conf.d are read only
where `--file` names them.

[cache]: https://docs.cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images

| runtime | asked by default | mirror.gcr.io | a repository of Artifact Registry |
|---|---|---|---|
"""
FOUND = (
    ("a mirror in daemon.json with a path, a user or no scheme; `registry-mirror` without the s",
     "dockerd does not start"),
    ("mirrors both in daemon.json and among the options of dockerd", "dockerd does not start"),
    ("`mirrors` and `config_path` both in containerd's config.toml, as on a GKE node that is edited",
     "containerd 1.x refuses it, 2.x reads no hosts.toml"),
    ("a host in Docker's hosts.toml beside mirrors in daemon.json",
     "with the containerd image store those of daemon.json are not asked"),
    ("a hosts.toml below a folder that config.toml does not name", "it is not read"),
    ("mirrors in daemon.json and none in buildkitd.toml", "builds by BuildKit do without"),
    ("Docker Hub before another mirror; mirror.gcr.io before a repository of one's own",
     "what comes after is not asked, or stays empty"),
    ('a narrower `[[registry]]` without mirrors; `pull-from-mirror = "digest-only"`',
     "those images do without"),
    ("mirror.gcr.io as the prefix of Testcontainers", "no fallback"),
)  # fmt: skip


def document() -> str:
    """Return the document."""
    every = runtimes()
    rows = "".join(f"{row(each)}\n" for each in every)
    found = "".join(f"| {what} | {follows} |\n" for what, follows in FOUND)
    head = f"\n## What `verify` finds\n\n| finding | what follows |\n|---|---|\n{found}"
    return HEAD + rows + head + "".join("\n" + "\n".join(section(each)) + "\n" for each in every)


def row(runtime: Runtime) -> str:
    """Return a runtime's row of the table."""
    anchor = runtime.title.lower().replace(" ", "-").replace(",", "")
    asked = ", then ".join("Docker Hub" if host == HUB else host for host in runtime.default)
    return f"| [{runtime.title}](#{anchor}) | {asked} | {files(runtime, GOOGLE)} | {files(runtime, OWN)} |"


def files(runtime: Runtime, mirror: Mirror) -> str:
    """Return the files that take a mirror."""
    able = [file for file in runtime.files if isinstance(example(file, mirror), str)]
    together = " and ".join(f"`{file.name}`" for file in able if not file.alternative)
    return " or ".join((together or "no", *(f"`{file.places[0]}`" for file in able if file.alternative)))


def example(file: File, mirror: Mirror) -> str | ConfigError:
    """Return a new file with a mirror in it, or why there is none."""
    try:
        return file.merge(SourceFile(file.name, ""), mirror)
    except ConfigError as error:
        return error


def section(runtime: Runtime) -> Iterator[str]:
    """Yield the lines on one runtime."""
    first, _, rest = (import_module(f"planner.runtimes.{runtime.name}").__doc__ or "").partition("\n\n")
    yield f"## {runtime.title}\n"
    yield f"`hub2ar mirror config {runtime.name.replace('_', '-')}`. {first}\n"
    if rest.strip():
        yield f"{rest.strip()}\n"
    for file in runtime.files:
        places = ", ".join(f"`{place}`" for place in file.places)
        yield f"**{file.name}**: {places}\n"
        for mirror in (GOOGLE, OWN):
            yield from shown(file, mirror)
    if runtime.flag:
        yield f"Without a file: `{runtime.flag(OWN if runtime.name == 'testcontainers' else GOOGLE)}`\n"
    yield from (f"- restart, {step.platform}: `{step.command}`" for step in runtime.restart)
    if not runtime.restart:
        yield "- restart: not needed; what starts next reads it"
    yield (
        f"- check: {runtime.check}" if runtime.check.startswith("the log") else f"- check: `{runtime.check}`"
    )
    yield f"- on a miss {runtime.miss}"
    yield f"- credentials for a private repository: {runtime.private}"
    yield f"- [specification]({runtime.specification})"


def shown(file: File, mirror: Mirror) -> Iterator[str]:
    """Yield a file with a mirror, or why it does not take it; nothing where it is as for the first."""
    text = example(file, mirror)
    if isinstance(text, ConfigError):
        yield f"{mirror.name}: {text.message}. {text.hint[:1].upper()}{text.hint[1:]}.\n"
    elif mirror == GOOGLE or text != example(file, GOOGLE):
        yield f"```{FENCES[file.language]}\n{text}```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document(), encoding="utf-8")
