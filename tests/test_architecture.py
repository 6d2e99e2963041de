"""Who may import whom; what starts fast; that every plug-in has its test."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for top in ("planner", "reports")
    for path in sorted((ROOT / top).rglob("*.py"))
}
VALUES = ("planner.errors", "planner.model")
PURE = (*VALUES, "planner.config")

MAY_IMPORT = {
    "planner.errors": (),
    "planner.clock": (),
    "planner.discover": (),
    "planner.model": VALUES,
    "planner.config": VALUES,
    "planner.formats": (*VALUES, "planner.formats._"),
    "planner.sources": (*VALUES, "planner.path_patterns", "planner.sources"),
    "planner.scanning": (
        *VALUES,
        "planner.discover",
        "planner.formats._base",
        "planner.formats._bounded",
        "planner.formats._patterns",
        "planner.formats._template_branches",
        "planner.sources",
        "planner.scanning",
    ),
    "planner.scan": (
        *PURE,
        "planner.formats._base",
        "planner.formats._patterns",
        "planner.sources",
        "planner.scanning",
        "planner.outputs",
        "planner.ownership",
        "planner.resolve",
        "planner.rounds",
    ),
    "planner.rounds": (
        *VALUES,
        "planner.formats._base",
        "planner.resolve",
        "planner.scanning",
        "planner.sources.tree",
    ),
    "planner.resolve": (*VALUES, "planner.formats._base"),
    "planner.outputs": VALUES,
    "planner.path_patterns": (),
    "planner.owners": ("planner.path_patterns",),
    "planner.ownership": (*VALUES, "planner.owners", "planner.sources"),
    "planner.checkouts": (*VALUES, "planner.scan", "planner.sources"),
    "planner.repositories": (*PURE, "planner.scan", "planner.scanning", "planner.sources", "planner.outputs"),
    "planner.history": VALUES,
    "planner.exports": (*VALUES, "planner.discover", "planner.exports", "planner.__version__"),
    "planner.runtimes": (*PURE, "planner.discover", "planner.runtimes"),
    "planner.doctor": (*VALUES, "planner.doctor", "planner.runtimes._"),
    "planner.budget": PURE,
    "planner.json_items": (),
    "planner.demand": (*VALUES, "planner.json_items"),
    "planner.pull_events": (*VALUES, "planner.demand", "planner.json_items"),
    "planner.planning": (),
    "planner.planning.evidence": VALUES,
    "planner.planning.rules": (*PURE, "planner.planning.evidence", "planner.formats._patterns"),
    "planner.policy": (*PURE, "planner.planning.evidence", "planner.planning.rules"),
    "planner.planning.cases": (
        *PURE,
        "planner.demand",
        "planner.planning.evidence",
        "planner.policy",
        "planner.planning.prices",
        "planner.planning.rules",
    ),
    "planner.planning.names": PURE,
    "planner.planning.layout": (*PURE, "planner.planning.names"),
    "planner.planning.moves": (
        *VALUES,
        "planner.planning.cases",
        "planner.planning.evidence",
        "planner.planning.layout",
    ),
    "planner.planning.renaming": VALUES,
    "planner.planning.rewrites": (
        *VALUES,
        "planner.planning.cases",
        "planner.planning.evidence",
        "planner.planning.layout",
        "planner.planning.names",
        "planner.planning.renaming",
    ),
    "planner.plan": (
        *PURE,
        "planner.admissible",
        "planner.budget",
        "planner.planning.cases",
        "planner.planning.cost",
        "planner.planning.evidence",
        "planner.planning.layout",
        "planner.planning.moves",
        "planner.planning.moving",
        "planner.planning.names",
        "planner.planning.rewrites",
        "planner.planning.rules",
    ),
    "planner.planning.prices": VALUES,
    "planner.planning.sizes": VALUES,
    "planner.planning.cost": (*PURE, "planner.planning.prices", "planner.planning.sizes"),
    "planner.planning.cut": VALUES,
    "planner.planning.moving": VALUES,
    "planner.gating": (*VALUES, "planner.gating", "planner.planning.pairing", "planner.planning.renaming"),
    "planner.gating.fixes": (
        *VALUES,
        "planner.gating",
        "planner.planning.renaming",
        "planner.rewrite",
        "planner.rewriting",
    ),
    "planner.gate": (*VALUES, "planner.gating"),
    "planner.split": PURE,
    "planner.recording": (*VALUES, "planner.clock", "planner.recording"),
    "planner.planning.pairing": (),
    "planner.planning.baseline": (*VALUES, "planner.planning.pairing"),
    "planner.planning.stale": VALUES,
    "planner.registries": (*VALUES, "planner.clock", "planner.registries", "planner.__version__"),
    "planner.contents": (*VALUES, "planner.registries"),
    "planner.platforms": (*VALUES, "planner.contents"),
    "planner.probing": (
        *VALUES,
        "planner.clock",
        "planner.registries",
        "planner.contents",
        "planner.platforms",
    ),
    "planner.check": (*VALUES, "planner.registries", "planner.probing"),
    "planner.transfer": (*VALUES, "planner.clock", "planner.registries", "planner.transferring"),
    "planner.transferring": (*VALUES, "planner.registries", "planner.transferring"),
    "planner.spending": (*VALUES, "planner.clock", "planner.registries"),
    "planner.campaign": (
        *VALUES,
        "planner.clock",
        "planner.registries",
        "planner.spending",
        "planner.transfer",
        "planner.transferring.options",
    ),
    "planner.preview": (*VALUES, "planner.registries"),
    "planner.provision": (*VALUES, "planner.clock", "planner.registries"),
    "planner.admissible": PURE,
    "planner.verify": (*VALUES, "planner.clock", "planner.registries", "planner.verifying.holding"),
    "planner.verifying": (*VALUES, "planner.verifying"),
    "planner.verifying.standing": (*VALUES, "planner.registries.rights"),
    "planner.verifying.access": (*VALUES, "planner.clock", "planner.registries", "planner.verifying"),
    "planner.verifying.pulls": (*VALUES, "planner.pull_events", "planner.verifying"),
    "planner.verifying.holding": (
        *VALUES,
        "planner.registries",
        "planner.transferring.extent",
        "planner.transferring.subset",
    ),
    "planner.rewriting": (
        *VALUES,
        "planner.discover",
        "planner.rewrite",
        "planner.rewriting",
        "planner.scan",
        "planner.sources",
    ),
    "planner.rewrite": (
        *PURE,
        "planner.rewriting",
        "planner.scan",
        "planner.scanning.gather",
        "planner.sources.overlay",
    ),
    "planner.rehearsal": (*VALUES, "planner.clock", "planner.rehearsal"),
    "planner.cli": ("planner", "reports"),
    "planner.__main__": ("planner.cli.main", "planner.cli._stopping"),
    "reports": (
        *VALUES,
        "planner.__version__",
        "planner.discover",
        "planner.planning.stale",
        "planner.gate",
        "reports",
    ),
}
THIRD_PARTIES = {
    "aiohttp": ("planner.rehearsal",),
    "google.cloud": (
        "planner.registries.artifact_registry",
        "planner.registries._api_",
        "planner.registries._repository",
        "planner.rehearsal.grpc_front",
    ),
    "google.api_core": ("planner.registries.artifact_registry", "planner.registries._api_"),
    "google.auth": ("planner.registries.google_credentials", "planner.registries._api_"),
    "google.iam": ("planner.registries._api_iam", "planner.rehearsal.grpc_front"),
    "google.protobuf": ("planner.registries._api_", "planner.rehearsal.grpc_front"),
    "grpc": ("planner.registries._api_client", "planner.rehearsal.grpc_front"),
    "yaml": ("planner.exports._yaml", "planner.formats._", "planner.runtimes._yaml"),
    "tree_sitter": ("planner.formats._",),
    "tree_sitter_bash": ("planner.formats._",),
    "distributed": ("planner.scanning._dask",),
    "sqlite3": ("planner.sources.cache", "planner.history", "planner.recording.database"),
    "fsspec": ("planner.recording.objects",),
    "pandas": ("reports",),
    "jinja2": ("reports.writers.html",),
    "xlsxwriter": ("reports.writers.xlsx",),
    "pyarrow": ("reports.writers.parquet",),
    "click": ("planner.cli",),
}
ASYNCHRONOUS = (
    *("registries", "contents", "probing", "check", "transfer", "transferring", "provision", "verify"),
    *("verifying", "rehearsal", "spending", "campaign", "preview", "cli"),
)
PLUG_INS = (
    *("planner.formats", "planner.runtimes", "planner.exports", "planner.rewriting.central", "planner.cli"),
    *("reports.writers", "planner.rehearsal.scenarios"),
)
HEAVY = ("pandas", "google", "aiohttp", "asyncio", "yaml", "tree_sitter", "jinja2")


@cache
def text(module: str) -> str:
    return MODULES[module].read_text(encoding="utf-8")


@cache
def nodes(module: str) -> tuple[ast.AST, ...]:
    """Return all that a module is made of and a rule asks for: imports and coroutines."""
    kinds = (ast.Import, ast.ImportFrom, ast.AsyncFunctionDef)
    return tuple(node for node in ast.walk(ast.parse(text(module))) if isinstance(node, kinds))


@cache
def imports(module: str) -> frozenset[str]:
    """Return what a module imports anywhere in it, with the names taken from packages."""
    found = set()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def group(module: str) -> str:
    parts = module.split(".")
    return module if module in MAY_IMPORT else ".".join(parts[:2]) if parts[0] == "planner" else "reports"


def beyond(module: str) -> set[str]:
    """Return what of the project a module imports and its layer may not."""
    allowed = tuple(MAY_IMPORT[group(module)])
    own = {name for name in imports(module) if name.startswith(("planner.", "reports."))}
    return {name for name in own if not name.startswith(allowed)}


def test_module_imports_only_what_its_layer_may():
    modules = [module for module in MODULES if module != "planner"]
    assert {module: beyond(module) for module in modules if beyond(module)} == {}


@pytest.mark.parametrize("module", MODULES)
def test_private_modules_are_imported_in_their_package_only(module):
    """In packages of plug-ins each public module is a plug-in, so what others may use is private too."""
    others = {
        name
        for name in imports(module)
        if name.startswith(("planner.", "reports.")) and "._" in name and not name.endswith(".__version__")
        if not module.startswith(name.partition("._")[0]) and name.partition("._")[0] not in PLUG_INS
    }
    assert others == set()


@pytest.mark.parametrize("library", THIRD_PARTIES)
def test_third_party_is_imported_in_its_place_only(library):
    places = THIRD_PARTIES[library]
    users = {
        module for module in MODULES if any(f"{name}.".startswith(f"{library}.") for name in imports(module))
    }
    assert {user for user in users if not user.startswith(tuple(places) or ("-",))} == set()


def test_coroutines_stay_in_the_layers_that_wait():
    waiting = tuple(f"planner.{name}." for name in ASYNCHRONOUS)
    others = [module for module in MODULES if not f"{module}.".startswith(waiting)]
    found = {
        module: [node.name for node in nodes(module) if isinstance(node, ast.AsyncFunctionDef)]
        for module in others
    }
    assert {module: names for module, names in found.items() if names} == {}


def test_one_place_starts_event_loops():
    users = [name for name in MODULES if "asyncio.Runner(" in text(name)]
    assert users == ["planner.cli._network"]


def test_nothing_imports_the_command_line():
    users = {
        module
        for module in MODULES
        if not module.startswith("planner.cli")
        and any(name.startswith("planner.cli") for name in imports(module))
    }
    assert users == {"planner.__main__"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["scan", "--help"],
        ["plan", "--help"],
        ["rewrite", "--help"],
        ["doctor", "--help"],
        ["mirror", "config", "--help"],
        ["export", "--help"],
        ["report", "--help"],
        ["rehearse", "--help"],
        ["--version"],
    ],
)
def test_help_loads_nothing_heavy(arguments):
    code = (
        "import sys; from planner.cli.main import run\n"
        f"run({arguments!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("package", PLUG_INS)
def test_every_plug_in_has_its_test(package):
    plug_ins = {name.rpartition(".")[2] for name in MODULES if name.rpartition(".")[0] == package}
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    assert {name for name in plug_ins if not name.startswith("_")} - tests == set()


def test_module_is_short_enough_to_read():
    lengths = {module: text(module).count("\n") for module in MODULES}
    assert {module: length for module, length in lengths.items() if length > 300} == {}
