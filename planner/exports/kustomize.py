"""Kustomize: a component that gives images their new names, however the manifests spell the old ones.

Kustomize compares a name byte by byte: `nginx` is not `docker.io/library/nginx`, so each spelling has an
entry. It knows no tags: an image whose tags went to several places has none.
"""

from collections.abc import Iterator

from planner.errors import InvalidReference
from planner.exports._base import Export, File, Options, comment, head
from planner.exports._moved import Moved, moved
from planner.exports._yaml import Value, document
from planner.model.plan import Plan, Rewrite
from planner.model.reference import DOCKER_HUB, Reference, spans

_HOW = (
    "Save it as kustomization.yaml in a folder of its own, and name that under `components:` of an overlay.",
    "Tags and digests stay as they are.",
)
_LIBRARY = "library/"


def _render(plan: Plan, _: Options) -> tuple[File, ...]:
    found = moved(plan)
    written = _written(plan)
    images: Value = [
        {"name": name, "newName": str(each.destination)}
        for each in found
        if each.destination
        for name in sorted({*_spellings(each.upstream), *written.get(each.upstream, ())})
    ]
    component: Value = {
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "images": images,
    }
    top = head(plan, "kustomize", *_HOW) + "".join(_left_out(found))
    return (File("kustomization.yaml", top + document(component)),)


def _left_out(found: tuple[Moved, ...]) -> Iterator[str]:
    for each in found:
        if len(each.destinations) > 1:
            places = ", ".join(map(str, each.destinations))
            yield comment(f"{each.upstream} is not in here, for its tags are in several places: {places}")


def _spellings(upstream: Reference) -> Iterator[str]:
    """Yield how an image is spelled by most."""
    yield upstream.name
    if upstream.registry == DOCKER_HUB:
        yield upstream.repository.removeprefix(_LIBRARY)


def _written(plan: Plan) -> dict[Reference, set[str]]:
    """Return how the code spells each image, without version."""
    found: dict[Reference, set[str]] = {}
    for action in plan.actions:
        if isinstance(action, Rewrite) and (name := _name(action)):
            reference = action.reference.with_version(None, None)
            found.setdefault(reference, set()).add(name)
    return found


def _name(action: Rewrite) -> str:
    """Return the name that stands in the code; empty where the text is none, but a template of one."""
    try:
        same = Reference.parse(action.text) == action.reference
    except InvalidReference:
        return ""
    _, repository, _, _ = spans(action.text)
    return action.text[: repository.stop] if same else ""


EXPORT = Export(
    name="kustomize",
    title="a component with the new name of each image",
    render=_render,
    specification="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/",
)
