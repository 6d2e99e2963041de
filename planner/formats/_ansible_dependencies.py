"""Roles that depend on others, as `meta/main.yml` says: they have the variables of those.

What a role is given by the one that depends on it counts as that of a play.

https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_reuse_roles.html#using-role-dependencies
"""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._ansible_files import Variables, roles
from planner.formats._ansible_variables import OF_ROLES, READERS, Layer, handed_on, layer, to_readers
from planner.formats._base import Binding, Definition, Given
from planner.formats._ci import items, value
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.source import Text

VARIABLES = "ansible_variables"  # the format of files of variables, and of those that describe a role
_EVERYWHERE = "**"
_OF_A_ROLE = frozenset({"role", "name", "vars", "tags", "when", "become", "delegate_to"})
_ROLES_OWN = ("defaults", "vars")  # tiers of what stands in the files of a role


def for_dependents(place: Variables, values: Layer) -> Iterator[Binding]:
    """Yield what a file of a role sets, for the descriptions of the roles that depend on it."""
    if place.always and place.tier in _ROLES_OWN:
        binding = handed_on(_EVERYWHERE, OF_ROLES + place.tier, values, always=True, to=VARIABLES)
        if binding.variables:
            yield replace(binding, of=place.target.removesuffix("/**"))


def dependencies(document: Mapping, role: str, path: str, given: Given) -> Iterator[Binding | Definition]:
    """Yield what a description of a role says of those that it depends on.

    Once their variables are known, they are those of this role, and of what depends on it.
    """
    for dependency in items(document.get("dependencies")):
        for target in roles(path, name_of(dependency)):
            yield Definition(target.removesuffix("/**"))
            if own := of_role(dependency):
                yield from to_readers(target, "play", own)
    inherited = {name: text for name, text in given.items() if name.startswith(OF_ROLES)}
    if inherited:
        for to in (*READERS, VARIABLES):
            yield Binding(f"{role}/**", to, inherited, always=True)
        yield Binding(_EVERYWHERE, VARIABLES, inherited, always=True, of=role)


def name_of(role: Node) -> str:
    """Return the name of a role in a list of them."""
    return role.value if type(role) is Scalar else value(role, "role") or value(role, "name")


def of_role(role: Node) -> dict[str, tuple[Text, ...]]:
    """Return the variables that a role is given where it is named."""
    if type(role) is not Mapping:
        return {}
    beside_name = {
        name: texts for name, texts in layer(role).items() if name.partition(".")[0] not in _OF_A_ROLE
    }
    return {**beside_name, **layer(role.get("vars"))}
