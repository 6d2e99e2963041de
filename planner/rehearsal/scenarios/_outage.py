"""A registry that answers nothing but that it is away."""

from dataclasses import dataclass

from planner.rehearsal.exchange import Answer, Behaviour, Call


@dataclass(frozen=True, slots=True)
class Refusing(Behaviour):
    """Answers every call with one answer."""

    with_what: Answer

    def before(self, call: Call) -> Call | Answer:
        """Answer it."""
        del call
        return self.with_what
