"""Links from places in code to a web page that shows them: GitHub, GitLab, Gerrit, a code search."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from planner.errors import ConfigError
from planner.model.inventory import Inventory

_FIELDS = ("path", "line", "revision", "tree")
_FIELD = re.compile(r"\{([^{}]*)\}")
_WEB = re.compile(
    r"https?://(?:[a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/[^\s\"'<>\\^`|\x00-\x1f\x7f-\U0010ffff]*\Z"
)
_ABOVE = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")
_EXAMPLE = "https://github.com/acme/web/blob/{revision}/{path}#L{line}"
NO_REVISION = "HEAD"  # what hosts take for the newest commit


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that was scanned: what its paths begin with, and its commit."""

    name: str
    prefix: str  # of its paths in the report; empty where there is one tree only
    revision: str  # empty where it has none


@dataclass(frozen=True, slots=True)
class SourceUrl:
    """A template of addresses: `{path}`, `{line}`, `{revision}` and `{tree}` are filled in."""

    template: str

    @classmethod
    def parse(cls, text: str) -> "SourceUrl":
        """Read a template. Raises ConfigError for what is no address of the web, or has other fields."""
        if not _WEB.match(text):
            raise ConfigError(
                f"{text!r} is no address that a page can link to",
                hint=f"write one that begins with https:// and a host, as in {_EXAMPLE}",
            )
        unknown = [name for name in _FIELD.findall(text) if name not in _FIELDS]
        if unknown or "{path}" not in text or "{" in text.split("/", 3)[2]:
            said = f"no field {unknown[0]!r}" if unknown else "no {path}"
            raise ConfigError(
                f"{text!r}: {said}", hint=f"fields: {', '.join(f'{{{name}}}' for name in _FIELDS)}"
            )
        return cls(text)

    def of(self, path: str, line: int, trees: tuple[Tree, ...]) -> str:
        """Return the address of a line; nothing for a path that would lead elsewhere."""
        tree = next((each for each in trees if path.startswith(each.prefix)), Tree("", "", ""))
        inside = path.removeprefix(tree.prefix)
        if _ABOVE.search(inside) or not inside:
            return ""
        values = {
            "path": quote(inside, safe="/"),
            "line": str(line),
            "revision": quote(tree.revision or NO_REVISION, safe=""),
            "tree": quote(self._on_host(tree.name.strip("/")), safe="/"),
        }
        return _FIELD.sub(lambda match: values[match.group(1)], self.template)

    def _on_host(self, name: str) -> str:
        """Return the name of a tree without the host that the template has already.

        A repository of a list is called `github.com/acme/web`, and `acme/web` below https://github.com/.
        """
        return name.removeprefix(f"{self.template.split('/', 3)[2]}/")


def trees(inventory: Inventory | None) -> tuple[Tree, ...]:
    """Return the trees of an inventory, those with the longest prefix first."""
    sources = inventory.sources if inventory else ()
    several = len(sources) > 1
    found = [
        Tree(each.path, f"{each.path.rstrip('/')}/" if several else "", each.revision) for each in sources
    ]
    return tuple(sorted(found, key=lambda tree: (-len(tree.prefix), tree.prefix)))
