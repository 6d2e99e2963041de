"""Images that Terraform resources spell in parts: registry, repository and tag in fields of their own."""

import re
from collections.abc import Callable, Iterator, Mapping

from planner.formats._base import Candidate
from planner.formats._docker_commands import image
from planner.formats._hcl_expressions import Scope
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import Result, unknown, words
from planner.formats._shell_words import Word
from planner.formats._terraform_blocks import everywhere, fields
from planner.formats._terraform_images import field, joined
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

Reader = Callable[[Body, Scope], Iterator[Candidate]]

_SITES = re.compile(
    r"azurerm_(?:(?:linux|windows)_(?:web|function)_app|app_service|function_app)(?:_slot)?\Z"
)
_HUB = re.compile(r"https?://(?:index\.|registry\.hub\.|registry-1\.)?docker\.(?:io|com)(?:/v\d)?/?\Z")
_SCHEME = re.compile(r"https?://")
_IMAGE = frozenset({"image"})
_HOSTS = {"DOCKER_HUB": "", "GHCR": "ghcr.io", "DOCR": "registry.digitalocean.com"}


def parted(type_: str) -> Reader | None:
    """Return what reads a type of resource, None for one whose images are not in parts."""
    return _site if _SITES.match(type_) else _READERS.get(type_)


def _app(body: Body, scope: Scope) -> Iterator[Candidate]:
    """Yield the images of an app on DigitalOcean."""
    for block, within in everywhere(body, scope, _IMAGE):
        keys = ("registry_type", "registry", "repository", "tag", "digest")
        found = {key: next(_words(block, key, within), None) for key in keys}
        name, kind = found["repository"], str(found["registry_type"] or "")
        if name is None or kind not in _HOSTS:
            continue
        parts = [Word.literal(Text.of(_HOSTS[kind]))] if _HOSTS[kind] else []
        if kind == "DOCR":
            parts.append(unknown(Text.of("ACCOUNT"), "", "the registry is that of the DigitalOcean account"))
        parts += [each for each in (found["registry"], name) if each is not None and str(each)]
        yield from image(joined(_path(parts), found["tag"] or found["digest"]), Role.WORKLOAD)


def _path(parts: list[Word]) -> Word:
    pieces = []
    for index, part in enumerate(parts):
        pieces += [*(Word.literal(Text.of("/")).pieces if index else ()), *part.pieces]
    return Word(tuple(pieces), quoted=True)


def _service(body: Body, scope: Scope) -> Iterator[Candidate]:
    """Yield the image of a service on Render."""
    for result in fields(body, "runtime_source.image", scope):
        if (name := field(result, "image_url")) is not None:
            yield from image(joined(name, field(result, "tag") or field(result, "digest")), Role.WORKLOAD)


def _workbench(body: Body, scope: Scope) -> Iterator[Candidate]:
    for block, within in everywhere(body, scope, frozenset({"container_image", "container_images"})):
        tag = next((word for found in fields(block, "tag", within) for word in words(found)), None)
        for result in fields(block, "repository", within):
            for word in words(result):
                yield from image(joined(word, tag), Role.WORKLOAD)


def _site(body: Body, scope: Scope) -> Iterator[Candidate]:
    """Yield the image of a web or function app on Azure."""
    for result in fields(body, "site_config.linux_fx_version", scope):
        for word in words(result):
            if str(word).startswith("DOCKER|"):
                yield from image(word.cut(len("DOCKER|")), Role.WORKLOAD)
    stack = "site_config.application_stack"
    keys = ("docker_image_name", "docker_image", "docker_image_tag", "docker_registry_url")
    found = {key: next(_words(body, f"{stack}.{key}", scope), None) for key in keys}
    name = found["docker_image_name"] or found["docker_image"]
    if name is not None and str(name):
        yield from _hosted(name, found["docker_image_tag"], found["docker_registry_url"])
    for result in fields(body, f"{stack}.docker", scope):
        yield from _hosted_fields(result)
    for block, within in everywhere(body, scope, frozenset({"docker"})):
        parts = [
            next(_words(block, key, within), None) for key in ("image_name", "image_tag", "registry_url")
        ]
        if parts[0] is not None:
            yield from _hosted(parts[0], parts[1], parts[2])


def _words(body: Body, path: str, scope: Scope) -> Iterator[Word]:
    yield from (word for result in fields(body, path, scope) for word in words(result))


def _hosted_fields(result: Result) -> Iterator[Candidate]:
    name = field(result, "image_name")
    if name is not None:
        yield from _hosted(name, field(result, "image_tag"), field(result, "registry_url"))


def _hosted(name: Word, tag: Word | None, registry: Word | None) -> Iterator[Candidate]:
    host = str(registry) if registry is not None else ""
    whole = joined(name, tag)
    if registry is not None and host and not _HUB.match(host):
        scheme = _SCHEME.match(host)
        bare = registry.cut(scheme.end() if scheme else 0, len(host.rstrip("/")))
        whole = Word((*bare.pieces, *Word.literal(Text.of("/")).pieces, *whole.pieces), quoted=True)
    yield from image(whole, Role.WORKLOAD, Confidence.CERTAIN)


_READERS: Mapping[str, Reader] = {
    "digitalocean_app": _app,
    **dict.fromkeys(
        ("render_web_service", "render_private_service", "render_background_worker", "render_cron_job"),
        _service,
    ),
    **dict.fromkeys(
        ("google_notebooks_instance", "google_notebooks_runtime", "google_workbench_instance"), _workbench
    ),
}
