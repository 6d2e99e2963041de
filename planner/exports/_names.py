"""Names that a language allows, made from texts, no two the same."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Names:
    """Names that were given; the same thing always gets the same name."""

    allowed: Callable[[str], str]
    separator: str
    given: dict[tuple[str, ...], str] = field(default_factory=dict)

    def of(self, *parts: str) -> str:
        """Return the name of what `parts` identify: the last part, made longer if that is taken."""
        if parts in self.given:
            return self.given[parts]
        taken = set(self.given.values())
        texts = [self.separator.join(parts[start:]) for start in range(len(parts) - 1, -1, -1)]
        names = [self.allowed(text) for text in texts]
        numbered = (f"{names[-1]}{self.separator}{number}" for number in range(2, len(taken) + 3))
        name = next(each for each in (*names, *numbered) if each not in taken)
        self.given[parts] = name
        return name


def identifiers() -> Names:
    """Return names as Terraform and shells have them: `docker_hub`."""

    def allowed(text: str) -> str:
        name = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_")
        return name if name[:1].isalpha() else f"_{name}"

    return Names(allowed, "_")


def object_names() -> Names:
    """Return names as Kubernetes has them for objects: `docker-hub`.

    https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
    """

    def allowed(text: str) -> str:
        return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")[:240].strip("-") or "x"

    return Names(allowed, "-")
