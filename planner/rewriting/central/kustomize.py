"""Kustomize: an entry of `images` with a `newName`, in the kustomizations that list the manifests."""

from planner.model.plan import Rewrite
from planner.model.source import Fragment, Part
from planner.rewriting.central._base import Central


def _value(rewrite: Rewrite, _: Fragment) -> str:
    return rewrite.destination.name


CENTRAL = Central(
    name="kustomize",
    title="images of a kustomization",
    part=Part.TRANSFORMER,
    value=_value,
    unseen="manifests that are applied by themselves, and not with `kubectl apply -k`, name what they did",
    specification="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/",
)
