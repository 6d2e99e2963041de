"""What benchmarks measured, as one JSON document that the tables and plots are written from."""

from pathlib import Path

import msgspec


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one program took for one thing; the names of values are those of `pages.UNITS`."""

    what: str
    who: str
    values: dict[str, float]


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a benchmark measured, and what it could not compare with."""

    figures: tuple[Figure, ...]
    left_out: tuple[str, ...] = ()


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One benchmark, when and beside what it ran."""

    name: str
    at: str  # UTC, to the minute, when it began
    seconds: float  # of the clock
    version: str  # of hub2ar
    quick: bool  # small sizes, run once
    load: tuple[float, float]  # of the last minute, before and after; the benchmark itself adds to the second
    measured: Measured


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it ran."""

    cpu: str
    cores: int
    memory: int  # MiB
    system: str
    python: str
    programs: dict[str, str]  # versions of the peers


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All runs, in the order of the benchmarks."""

    machine: Machine
    runs: tuple[Run, ...]


def write(file: Path | None, figures: list[Figure], left_out: tuple[str, ...] = ()) -> None:
    """Leave what was measured in a file, where one was asked for."""
    if file is not None:
        rounded = [
            Figure(each.what, each.who, {name: round(value, 4) for name, value in each.values.items()})
            for each in figures
        ]
        file.write_bytes(encode(Measured(tuple(rounded), left_out)))


def encode(value: Measured | Figures) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def read(file: Path) -> Figures:
    return msgspec.json.decode(file.read_bytes(), type=Figures)


def read_measured(file: Path) -> Measured:
    return msgspec.json.decode(file.read_bytes(), type=Measured)
