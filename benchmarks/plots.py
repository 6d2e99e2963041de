"""Plots of what was measured, as SVG that needs nothing else and says in words what it shows."""

import math
from collections.abc import Iterator
from html import escape

from figures import Figures, Run

WIDTH, PANEL, MARGIN = 760, 240, 56  # pixels
ROW, LABEL = 22, 430
COLOURS = ("#3f51b5", "#c2410c", "#0f766e", "#9333ea")
STYLE = (
    "text{font:12px sans-serif;fill:#222}.title{font-weight:bold}.axis{stroke:#8888;fill:none}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)
MEASURES = {"cpu": "CPU seconds", "memory": "MiB of memory"}
TITLES = {
    "peers.svg": "CPU time of peers, as multiples of hub2ar's",
    "growth.svg": "CPU time and memory by the number of references",
}  # by the name of the file
Points = list[tuple[float, float]]


def drawn(given: Figures) -> dict[str, str]:
    """Return the plots by the names of their files; one without anything to show is not there."""
    found = {"peers.svg": peers(given), "growth.svg": growth(series(given))}
    return {name: text for name, text in found.items() if text}


def slope(points: Points) -> float:
    """Return the exponent of growth between the two largest sizes: 1 is proportional."""
    if len(points) < 2:
        return 0.0
    (first, low), (last, high) = sorted(points)[-2:]
    return math.log(high / low) / math.log(last / first)


def series(given: Figures) -> dict[str, dict[str, Points]]:
    """Return, for each measure and each step, its values by the number of references."""
    found: dict[str, dict[str, Points]] = {name: {} for name in MEASURES}
    for run in given.runs:
        for each in run.measured.figures if run.name == "growth" else ():
            for name, steps in found.items():
                step = each.what.partition(" ")[0]
                steps.setdefault(step, []).append((each.values["size"], each.values[name]))
    return found


def growth(found: dict[str, dict[str, Points]]) -> str:
    """Return one panel for each measure, both axes in logarithms; "" where nothing was measured."""
    if not all(found.values()):
        return ""
    said = "; ".join(
        f"{MEASURES[name]} of {step}: "
        + ", ".join(f"{value:.2f} for {size:,.0f} references" for size, value in points)
        for name, steps in found.items()
        for step, points in steps.items()
    )
    parts = [
        part
        for number, (name, steps) in enumerate(found.items())
        for part in panel(MEASURES[name], steps, WIDTH / 2 * number, WIDTH / 2)
    ]
    return document(TITLES["growth.svg"], said, PANEL + 2 * MARGIN, parts)


def panel(title: str, steps: dict[str, Points], left: float, width: float) -> Iterator[str]:
    """Yield the marks of one panel."""
    every = [point for points in steps.values() for point in points]
    across, up = (decades([point[axis] for point in every]) for axis in (0, 1))
    inner = width - 2 * MARGIN

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x, y = (
            (math.log10(value) - low) / (high - low)
            for value, (low, high) in zip(point, (across, up), strict=True)
        )
        return left + MARGIN + x * inner, MARGIN + (1 - y) * PANEL

    yield text(left + MARGIN, 20, title, kind="title")
    for exponent in range(across[0], across[1] + 1):
        x, y = place((10.0**exponent, 10.0 ** up[0]))
        yield f'<path class="axis" d="M{x:.1f} {y:.1f}V{MARGIN}"/>'
        yield text(x, y + 18, f"{10**exponent:,}", anchor="middle")
    for exponent in range(up[0], up[1] + 1):
        x, y = place((10.0 ** across[0], 10.0**exponent))
        yield f'<path class="axis" d="M{x:.1f} {y:.1f}h{inner:.1f}"/>'
        yield text(x - 6, y + 4, f"{10.0**exponent:,g}", anchor="end")
    for number, (step, points) in enumerate(steps.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [place(point) for point in points]
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{corners}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places)
        x = left + MARGIN + number * inner / len(steps)
        yield f'<circle cx="{x + 4:.1f}" cy="36" r="4" fill="{colour}"/>'
        yield text(x + 12, 40, f"{step} ({slope(points):.2f})")
    yield text(left + MARGIN, PANEL + MARGIN + 38, "references (last slope; 1 is proportional)")


def decades(values: list[float]) -> tuple[int, int]:
    """Return the exponents of the powers of ten around values, which are positive."""
    low = math.floor(math.log10(min(values)) + 1e-9)
    return low, max(low + 1, math.ceil(math.log10(max(values)) - 1e-9))


def comparisons(run: Run) -> list[tuple[str, float]]:
    """Return for each peer how many times the CPU time of hub2ar it took."""
    ours = {each.what: each.values for each in run.measured.figures if each.who == "hub2ar"}
    return [
        (f"{each.what}: {each.who}", each.values[key] / ours[each.what][key])
        for each in run.measured.figures
        for key in ("cpu", "each")
        if each.who != "hub2ar" and each.values.get(key) and ours[each.what].get(key)
    ]


def peers(given: Figures) -> str:
    """Return bars in logarithms to the right of 1 where hub2ar took less; "" where there are no peers."""
    bars = [each for run in given.runs for each in comparisons(run)]
    if not bars:
        return ""
    low, high = decades([1.0, *(ratio for _, ratio in bars)])
    scale = (WIDTH - LABEL - MARGIN) / (high - low)
    bottom = MARGIN + ROW * len(bars)

    def at(ratio: float) -> float:
        return LABEL + (math.log10(ratio) - low) * scale

    parts = [text(8, 20, TITLES["peers.svg"], kind="title")]
    for exponent in range(low, high + 1):
        x = at(10.0**exponent)
        parts.append(f'<path class="axis" d="M{x:.1f} {MARGIN - 8}V{bottom}"/>')
        parts.append(text(x, bottom + 18, f"{10.0**exponent:,g} ×", anchor="middle"))
    for number, (label, ratio) in enumerate(bars):
        y, begin, end = MARGIN + ROW * number, *sorted((at(1), at(ratio)))
        colour = COLOURS[0] if ratio >= 1 else COLOURS[1]
        parts.append(text(LABEL - 8, y + 12, label, anchor="end", size=10))
        parts.append(f'<rect x="{begin:.1f}" y="{y}" width="{end - begin:.1f}" height="14" fill="{colour}"/>')
        parts.append(text(end + 4, y + 12, f"{ratio:.2f}"))
    said = "; ".join(f"{label} {ratio:.2f}" for label, ratio in bars)
    return document(TITLES["peers.svg"], said, bottom + 32, parts)


def text(x: float, y: float, said: str, *, anchor: str = "start", kind: str = "", size: int = 12) -> str:
    style = f' style="font-size:{size}px"' if size != 12 else ""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}{style}>{escape(said)}</text>'


def document(title: str, said: str, height: float, parts: list[str]) -> str:
    """Return a picture with its title and its description."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-labelledby="title desc"><title id="title">{escape(title)}</title>'
        f'<desc id="desc">{escape(said)}.</desc><style>{STYLE}</style>'
    )
    return "\n".join((head, *parts, "</svg>\n"))
