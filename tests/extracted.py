"""What a format finds in a text, judged as a scan judges it, for the tests of formats."""

from planner import discover
from planner.formats._base import Binding, Candidate, Embedded, Format
from planner.model.inventory import Occurrence, Output, Pattern, Role, Unresolved
from planner.model.source import SourceFile, Text
from planner.scanning.judge import judged


class Extracted:
    """The findings of one format in one file; every fragment in it has been compared with the file."""

    def __init__(self, name, text, path, **given):
        self.source = SourceFile(path, text)
        self.format = discover.load("planner.formats", name, Format, "FORMAT")
        values = {key: Text.at(0, value, "elsewhere") for key, value in given.items()}
        self.items = tuple(self.format.extract(self.source, values))
        candidates = [item for item in self.items if isinstance(item, Candidate)]
        self.found = [item for each in candidates if (item := judged(self.source, name, each)) is not None]
        for item in (each for each in self.found if isinstance(each, Occurrence | Pattern)):
            for fragment in item.fragments:
                if not fragment.path:
                    assert text[fragment.start : fragment.end] == fragment.text

    @property
    def occurrences(self):
        return [item for item in self.found if isinstance(item, Occurrence)]

    @property
    def pulled(self):
        """References that are pulled, in the order they were found, as they are in full."""
        return [str(item.reference) for item in self.occurrences if item.role not in (Role.OUTPUT, Role.RULE)]

    @property
    def rules(self):
        """What rules match, and how: a name, or the syntax of a pattern."""
        return [
            (item.text, item.syntax.value) if isinstance(item, Pattern) else (str(item.reference), "name")
            for item in self.found
            if isinstance(item, Pattern) or (isinstance(item, Occurrence) and item.role is Role.RULE)
        ]

    @property
    def roles(self):
        return [(str(item.reference), item.role.value) for item in self.occurrences]

    @property
    def outputs(self):
        built = [str(item.reference) for item in self.occurrences if item.role is Role.OUTPUT]
        return built + [item.text for item in self.found if isinstance(item, Output)]

    @property
    def unresolved(self):
        return [(item.text, item.reason) for item in self.found if isinstance(item, Unresolved)]

    @property
    def bindings(self):
        return [
            (item.target, item.format, {name: str(value) for name, value in item.variables.items()})
            for item in self.items
            if isinstance(item, Binding)
        ]

    @property
    def embedded(self):
        return [item for item in self.items if isinstance(item, Embedded)]


def extracted(name, text, path, **given):
    """Read a text with the format `name`; keywords are variables that another file sets."""
    return Extracted(name, text, path, **given)
