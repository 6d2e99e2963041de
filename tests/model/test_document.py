import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import msgspec
import pytest

from planner.errors import ConfigError
from planner.model import document
from planner.model.availability import Availabilities, Availability, Probe, PullLimit, Status, Verdict
from planner.model.diagnosis import (
    Counting,
    Diagnosis,
    Finding,
    HubPulls,
    Proxy,
    Reach,
    Reached,
    Severity,
    UsedCredential,
)
from planner.model.document import decode, decode_lines, encode, encode_line, encoded, schemas
from planner.model.inventory import (
    Confidence,
    Inventory,
    Occurrence,
    Pattern,
    Role,
    Source,
    Syntax,
    Unresolved,
)
from planner.model.job import Copy
from planner.model.outcome import Outcome, Result
from planner.model.plan import CreateRepository, Plan, Wave, key
from planner.model.reference import Reference
from planner.model.repository import Mode, Target
from planner.model.source import Fragment, Part
from planner.model.stability import Stabilities, Stability

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
NGINX = Reference.parse("nginx:1.27")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DIGEST = f"sha256:{'a' * 64}"
OCCURRENCE = Occurrence(
    "Dockerfile", 1, 6, "dockerfile", Role.BASE, NGINX, "nginx:1.27", Confidence.CERTAIN,
    (Fragment(Part.NAME, 5, 10, "nginx"), Fragment(Part.TAG, 11, 15, "1.27", ".env")), ("V=1.27 (ARG)",),
)  # fmt: skip
PATTERN = Pattern("p.yaml", 3, 5, "image_policy", Syntax.GLOB, "a/*", (Fragment(Part.NAME, 9, 12, "a/*"),))
INVENTORY = Inventory(
    (Source(".", 1),), (OCCURRENCE, Unresolved("a", 1, "", "", "a named pipe"), PATTERN), {"Dockerfile": "00"}
)
TARGET = Target("acme", "us", "docker-hub", Mode.REMOTE)
COPY = Copy(NGINX, NGINX, TARGET.place(NGINX), DIGEST, "because")
DOCUMENTS = (
    INVENTORY,
    Availabilities((Availability(NGINX, Verdict.UNKNOWN, Probe(NGINX, Status.PRESENT, NOW, DIGEST)),)),
    Diagnosis(
        (UsedCredential("docker.io", "file", "config.json", "https://index.docker.io/v1/"),),
        HubPulls(Counting.LIMITED, PullLimit(100, 76, 21_600, "192.0.2.7"), "address", NOW),
        (Reach("mirror.gcr.io", "mirror.gcr.io", Reached.TIMEOUT, "no answer in 5 s", "p.example:3128"),),
        (Proxy("https", "http://p.example:3128", with_password=True),),
        "localhost",
        (Finding("hub-key", Severity.WARNING, "config.json", 3, "p", "f", "x"),),
    ),
    Plan((TARGET,), (CreateRepository(TARGET, "r"), COPY), (Wave("w", (key(COPY),)),), "00", NOW),
    Stabilities((Stability(NGINX, NOW, NOW, 2, 1, (NOW,)),)),
)
LINES = (
    OCCURRENCE,
    Outcome("k", "copy", "x", Result.DONE, DIGEST),
    PATTERN,
    Stability(NGINX, NOW, NOW, 1, 1),
)


def changed(document, *path, value):
    content = json.loads(encode(document))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(content).encode()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: type(each).__name__)
def test_document_reads_back(document):
    assert decode(encode(document), type(document), "x.json") == document


def test_large_inventory_is_written_piece_by_piece_as_it_would_be_at_once(monkeypatch):
    texts = ('a\n  "found": []', "{}", "é", '"found":[]')
    many = tuple(msgspec.structs.replace(OCCURRENCE, line=line, text=texts[line % 4]) for line in range(2500))
    inventory = msgspec.structs.replace(
        INVENTORY, sources=(Source('\n  "found": []', 1),), found=many, owners={"a": ("b",)}
    )
    pieces = list(encoded(inventory))
    monkeypatch.setattr(document, "_AT_ONCE", len(many))
    assert len(pieces) > 3
    assert b"".join(pieces) == encode(inventory)


@pytest.mark.parametrize("value", [*DOCUMENTS, *LINES], ids=lambda each: type(each).__name__)
def test_document_follows_its_schema(value):
    content = encode_line(value) if value in LINES else encode(value)
    schema = json.loads((SCHEMAS / f"{type(value).__name__.lower()}.json").read_text())
    jsonschema.validate(json.loads(content), schema)


def test_published_schemas_are_current():
    published = {path.name: path.read_text() for path in SCHEMAS.glob("*.json")}
    assert published == schemas(), "run `make docs`"


def test_wrong_type_is_one_line_with_its_path():
    with pytest.raises(ConfigError) as caught:
        decode(changed(INVENTORY, "found", 0, "line", value="one"), Inventory, "i.json")
    assert caught.value.message == "i.json: $.found[0].line: expected int, got str"


def test_wrong_reference_is_one_line_with_its_path():
    with pytest.raises(ConfigError) as caught:
        decode(changed(INVENTORY, "found", 0, "reference", value="No Good"), Inventory, "i.json")
    assert caught.value.message.startswith("i.json: $.found[0].reference: 'No Good'")


def test_unknown_field_is_refused():
    with pytest.raises(ConfigError, match=r"unknown field tga"):
        decode(changed(INVENTORY, "found", 0, "tga", value=1), Inventory, "i.json")


def test_other_kind_of_document_is_told_apart():
    with pytest.raises(ConfigError, match="expected a document of kind Plan, got Inventory"):
        decode(encode(INVENTORY), Plan, "i.json")


def test_newer_document_asks_for_a_newer_program():
    with pytest.raises(ConfigError, match="newer hub2ar"):
        decode(changed(INVENTORY, "hub2ar", value=2), Inventory, "i.json")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff", b'{"kind": 3}', b'{"kind": "Inventory"}']
)
def test_what_is_no_document_is_one_error(content):
    with pytest.raises(ConfigError) as caught:
        decode(content, Inventory, "i.json")
    assert "\n" not in caught.value.message


def test_torn_line_of_outcomes_is_named_by_its_number_with_what_to_do():
    with pytest.raises(ConfigError, match=r"o\.jsonl:2") as caught:
        decode_lines(encode_line(LINES[1]) + b'\n{"kind": "Outc', Outcome, "o.jsonl")
    assert caught.value.hint == "its writer was stopped: `hub2ar merge o.jsonl` leaves that line out"


def test_key_of_an_action_does_not_depend_on_its_reason():
    other = Copy(COPY.source, COPY.origin, COPY.destination, COPY.digest, "another sentence")
    assert key(other) == key(COPY)


def test_key_of_an_action_depends_on_its_digest():
    assert key(Copy(NGINX, NGINX, COPY.destination, None, "because")) != key(COPY)


EARLIER = b"""{"kind": "Availabilities", "hub2ar": 1, "images": [
  {"kind": "Availability", "reference": "docker.io/a/b:1", "verdict": "rescue",
   "hub": {"reference": "docker.io/a/b:1", "status": "missing", "at": "2026-11-23T12:00:00Z",
           "detail": "docker.io/a/b:1: 404"},
   "mirror": {"reference": "mirror.gcr.io/a/b:1", "status": "present", "at": "2026-11-23T12:00:00Z",
              "digest": "sha256:00", "media_type": "m"},
   "mirror_digest": null, "target": null}], "pull_limit": null, "notes": []}"""


def test_availabilities_that_were_written_before_platforms_were_checked_can_be_read():
    (image,) = decode(EARLIER, Availabilities, "a.json").images
    assert (image.platforms, [place for place, _ in image.probes]) == ((), ["hub", "mirror"])
