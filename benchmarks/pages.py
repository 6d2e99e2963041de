"""The page of docs/ and the table of the README, from what was measured."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import plots
from figures import Figure, Figures, Machine, Run

BEGIN = "<!-- figures: by `make benchmarks` -->\n"
END = "<!-- end of figures -->\n"
UNITS = {
    "start": "{:.0f} ms CPU",
    "cpu": "{:.2f} s CPU",
    "wall": "{:.2f} s wall",
    "rate": "{:,.0f} a second",
    "each": "{:.2f} ms CPU each",
    "memory": "{:,.0f} MiB",
    "references": "{:,.0f} references",
    "lines": "{:,.0f} lines",
    "findings": "{:,.0f} findings",
    "pulls": "{:,.0f} manifests fetched",
    "requests": "{:,.0f} requests at the destination",
    "bytes": "{:,.0f} bytes",
    "precision": "precision {:.3f}",
    "recall": "recall {:.3f}",
}  # in the order in which they are told; what is not here is for plots
COMPARED = {
    **{"start": "CPU", "cpu": "CPU", "wall": "wall", "rate": "rate", "each": "CPU each"},
    **{"memory": "memory", "requests": "requests"},
}
SUBJECTS = {
    "startup": "Start-up",
    "scan": "Scan of a made-up tree",
    "peers": "Scan, beside Renovate and ripgrep",
    "accuracy": "Accuracy",
    "check": "Check, beside skopeo and ab",
    "plan": "Plan",
    "transfer": "Copies and warm-ups, beside skopeo and crane",
    "rewrite": "Rewrite",
    "report": "Report",
    "growth": "Growth with the number of references",
    "rehearsal": "Rehearsal",
}
SOURCE = "https://github.com/hub2ar/hub2ar/blob/main/benchmarks"
HEAD = f"""# Benchmarks

Written by `make benchmarks` from [figures.json]({SOURCE}/figures.json);
[benchmarks/README.md]({SOURCE}/README.md) says what each script does and needs.

Seconds and milliseconds of the CPU are those of a program and its children; MiB are the most that it had in
memory; a ratio is the peer's value divided by hub2ar's, so more than 1 is what hub2ar spares (of a rate, less
than 1). Programs that are compared took turns in one run. On a busy machine all seconds are longer, those of
the wall most of all: look at the load.

"""


def page(given: Figures) -> str:
    """Return docs/benchmarks.md."""
    parts = [HEAD, machine(given.machine), "\n"]
    if any(plots.comparisons(run) for run in given.runs):
        parts.append(f"\n{picture('peers.svg', 'plots')}")
    for run in given.runs:
        parts += [f"\n## {SUBJECTS[run.name]}\n\n{ran(run)}\n\n", *map(line, table(run))]
        if run.name == "growth":
            parts.append(f"\n{picture('growth.svg', 'plots')}")
        if run.measured.left_out:
            parts.append(f"\nNot on the machine, so left out: {', '.join(run.measured.left_out)}.\n")
    return "".join(parts)


def picture(name: str, folder: str) -> str:
    """Return a line that shows a plot."""
    return f"![{plots.TITLES[name]}]({folder}/{name})\n"


def readme(text: str, given: Figures) -> str:
    """Return a README with the table of now between its marks. Raises SystemExit where it has none."""
    head, mark, rest = text.partition(BEGIN)
    _, end, foot = rest.partition(END)
    if not (mark and end):
        raise SystemExit(f"README.md has no {BEGIN.strip()} or no {END.strip()}")
    return f"{head}{BEGIN}{''.join(summary(given))}{END}{foot}"


def summary(given: Figures) -> Iterator[str]:
    """Yield the lines of the README's table, with what has peers first."""
    days = sorted({run.at[:10] for run in given.runs})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    loads = [load for run in given.runs for load in run.load]
    yield f"{machine(given.machine)} {when}, load {min(loads):.1f} to {max(loads):.1f}.\n\n"
    yield line(("", "hub2ar", "peer"))
    yield line(("---",) * 3)
    for run in given.runs:
        script = f"`{run.name}.py`{', small sizes' if run.quick else ''}"
        for what, ours, peers in things(brief(run)):
            others = "; ".join(f"{each.who}: {values(each, skip=('pulls',))}" for each in peers)
            yield line((f"{what} ({script})", values(ours, skip=("pulls",)), others))
    yield from (f"\n{picture(name, 'docs/plots')}" for name in plots.drawn(given))


def brief(run: Run) -> Iterable[Figure]:
    """Return what the README has of a run: of growth the largest size, of copies the first."""
    found = run.measured.figures
    largest = max((each.values.get("size", 0) for each in found), default=0)
    return [
        each
        for each in found
        if each.values.get("size", largest) == largest and not each.what.startswith("a second copy")
    ]


def things(found: Iterable[Figure]) -> Iterator[tuple[str, Figure, list[Figure]]]:
    """Yield what was measured, what hub2ar took for it, and what its peers took."""
    named: dict[str, list[Figure]] = {}
    for each in found:
        named.setdefault(each.what, []).append(each)
    for what, each in named.items():
        ours = next(one for one in each if one.who == "hub2ar")
        yield what, ours, [one for one in each if one is not ours]


def table(run: Run) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a subject; columns of peers only where there are any."""
    rows = list(things(run.measured.figures))
    compared = any(peers for _, _, peers in rows)
    head = ("", "hub2ar", "peer", "ratio")[: 4 if compared else 2]
    yield head
    yield ("---",) * len(head)
    for what, ours, peers in rows:
        yield (what, values(ours), *(told(ours, peers[0]) if peers else ("", "")))[: len(head)]
        for peer in peers[1:]:
            yield ("", "", *told(ours, peer))


def told(ours: Figure, peer: Figure) -> tuple[str, str]:
    """Return what a peer took, and how that compares."""
    ratios = (
        f"{name} {peer.values[key] / ours.values[key]:.2f}"
        for key, name in COMPARED.items()
        if key in peer.values and ours.values.get(key)
    )
    return f"{peer.who}: {values(peer)}", ", ".join(ratios)


def values(figure: Figure, skip: tuple[str, ...] = ()) -> str:
    return ", ".join(
        unit.format(figure.values[name])
        for name, unit in UNITS.items()
        if name in figure.values and name not in skip
    )


def machine(of: Machine) -> str:
    """Return a sentence on the machine."""
    programs = ", ".join(f"{name} {version}" for name, version in of.programs.items())
    cores = f"{of.cores} core{'s' if of.cores > 1 else ''} of {of.cpu}"
    peers = f", with {programs}" if programs else ""
    memory = f"{of.memory / 1024:.0f} GiB of memory"
    return f"Measured on {cores}, {memory}, {of.system}, Python {of.python}{peers}."


def ran(run: Run) -> str:
    """Return a sentence on when a benchmark ran, and beside what."""
    before, after = run.load
    sizes = ", with small sizes" if run.quick else ""
    load = f"a load of {before:.1f} before and {after:.1f} after"
    said = f"`benchmarks/{run.name}.py`, {run.at} UTC, hub2ar {run.version}{sizes}"
    return f"{said}; it took {run.seconds:.0f} s, with {load}."


def line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |\n"


def write(root: Path, given: Figures) -> None:
    """Write the page, its plots and the README's table."""
    docs = root / "docs"
    (docs / "plots").mkdir(parents=True, exist_ok=True)
    for name, drawn in plots.drawn(given).items():
        (docs / "plots" / name).write_text(drawn, encoding="utf-8")
    (docs / "benchmarks.md").write_text(page(given), encoding="utf-8")
    text = (root / "README.md").read_text(encoding="utf-8")
    (root / "README.md").write_text(readme(text, given), encoding="utf-8")
