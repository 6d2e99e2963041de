"""Differences: where something that is there is not what a plan says, and what becomes of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, by its path in the API: `labels.team`, `cleanup_policies.hub2ar-delete`."""

    path: str
    present: str  # empty: nothing
    planned: str  # empty: nothing
    remedy: str = ""  # what to do about a field that is not changed here; empty: it is changed

    @property
    def changeable(self) -> bool:
        """Whether hub2ar can change it to what is planned."""
        return not self.remedy

    def __str__(self) -> str:
        return f"{self.path}: {self.present or 'nothing'} -> {self.planned or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed, or would be, to carry out an action. False where nothing has to be."""

    created: bool = False
    differences: tuple[Difference, ...] = ()  # that were changed in what was there

    def __bool__(self) -> bool:
        return self.created or bool(self.differences)
