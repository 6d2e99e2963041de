"""Prices: those that are known, a file in their place, and one line for each thing that is wrong in it."""

import datetime
import re

import pytest

from planner.errors import ConfigError
from planner.planning.prices import KNOWN, prices

STORAGE = """[storage]
amount = 0.08
currency = "EUR"
per = "GiB-month"
source = "contract of 2026"
date = 2026-05-01
"""


@pytest.fixture
def file(tmp_path):
    def written(text):
        (tmp_path / "prices.toml").write_text(text)
        return tmp_path / "prices.toml"

    return written


def refusal(file):
    with pytest.raises(ConfigError) as caught:
        prices(file)
    assert caught.value.message.startswith(f"{file}: ")
    return caught.value.message.removeprefix(f"{file}: "), caught.value.hint


def test_every_known_price_has_a_page_and_a_date():
    known = prices()
    for price in (known.storage, known.scanning, known.transfer_in, known.transfer_out):
        assert price is not None
        assert re.match(r"https://cloud\.google\.com/\S+$", price.source)
        assert price.date > datetime.date(2026, 1, 1)


def test_known_prices_are_those_of_the_pages():
    known = prices()
    assert known.storage is not None
    assert known.scanning is not None
    assert (known.storage.amount, known.storage.free, known.storage.per) == (0.10, 0.5, "GB-month")
    assert (known.scanning.amount, known.scanning.per) == (0.26, "image")


def test_file_takes_the_place_of_all_known_prices(file):
    found = prices(file(STORAGE))
    assert found.storage is not None
    assert (found.storage.amount, found.storage.currency, found.storage.free) == (0.08, "EUR", 0)
    assert (found.scanning, found.transfer_in, found.transfer_out, found.currency) == (
        None,
        None,
        None,
        "EUR",
    )


def test_copy_of_the_known_prices_is_a_file_of_prices(file):
    assert prices(file(KNOWN.read_text())) == prices()


def test_file_without_a_price_knows_none(file):
    assert prices(file("")).currency == "USD"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[storge]\namount = 1", "$.storge: unknown key", "did you mean 'storage'?"),
        ("[transfer_out]\namount = 1", "$.transfer_out: unknown key", "did you mean 'transfer-out'?"),
        (STORAGE + "amuont = 1", "$.storage.amuont: unknown key", "did you mean 'amount'?"),
        ("[zzz]", "$.zzz: unknown key", "known keys: storage, scanning, transfer-in, transfer-out"),
    ],
)
def test_unknown_key_is_told_with_the_nearest(file, text, message, hint):
    assert refusal(file(text)) == (message, hint)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.08", "-0.08", "$.storage.amount: expected a number from 0 to 1,000,000,000, got -0.08"),
        ("0.08", "nan", "$.storage.amount: expected a number from 0 to 1,000,000,000, got nan"),
        ("0.08", "inf", "$.storage.amount: expected a number from 0 to 1,000,000,000, got inf"),
        ("0.08", "1e300", "$.storage.amount: expected a number from 0 to 1,000,000,000, got 1e+300"),
        ("0.08", '"0.08"', "$.storage.amount: expected float, got str"),
        ("0.08", "true", "$.storage.amount: expected float, got bool"),
        ("0.08", "0.08\nfree = -1", "$.storage.free: expected a number from 0 to 1,000,000,000, got -1.0"),
        ('"EUR"', '"Euro"', "$.storage.currency: expected three capital letters, got 'Euro'"),
        ("GiB-month", "GB", "$.storage.per: expected 'GB-month' or 'GiB-month', got 'GB'"),
        ("contract of 2026", "", "$.storage.source: expected str of length >= 1"),
        ("2026-05-01", '"May"', "$.storage.date: invalid RFC3339 encoded date"),
        ("2026-05-01", "2026-05-01T10:00:00", "$.storage.date: expected date, got datetime"),
        ("date = 2026-05-01", "", "$.storage: object missing required field date"),
        ("[storage]", "storage = 1\n[scanning]", "$.storage: expected object | null, got int"),
    ],
)
def test_wrong_value_is_told_with_its_path(file, old, new, message):
    told, hint = refusal(file(STORAGE.replace(old, new)))
    assert told == message
    assert hint == f"{KNOWN} shows every key"


def test_price_of_an_image_is_for_an_image(file):
    told, _ = refusal(file(STORAGE.replace("storage", "scanning")))
    assert told == "$.scanning.per: expected 'image', got 'GiB-month'"


def test_number_that_no_float_can_hold_is_refused(file):
    told, _ = refusal(file(STORAGE.replace("0.08", "1" + "0" * 400)))
    assert told.startswith("$.storage.amount: ")


def test_file_that_is_no_toml_is_told_with_the_line(file):
    told, _ = refusal(file("storage\n"))
    assert told.startswith("not TOML (")
    assert "line 1" in told


def test_file_that_is_not_text_is_told(tmp_path):
    (tmp_path / "p.toml").write_bytes(b"\xff\xfe")
    assert refusal(tmp_path / "p.toml")[0].startswith("not TOML (")


def test_file_that_is_not_there_is_told(tmp_path):
    assert refusal(tmp_path / "gone.toml") == ("no such file or directory", "[cost] prices names the file")
