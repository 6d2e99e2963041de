"""The HTML report in a real browser."""

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from browser_pages import PLACES, Open, Opened, documents

from planner.model.inventory import Inventory
from reports.trend import Dated, History, Moment, Trend

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def rows(shown: Opened, section: str) -> list[str]:
    """Return the first cell of each row that is shown."""
    return shown.page.locator(f"#{section} tbody tr td:first-child").all_inner_texts()


def near(shown: Opened, section: str) -> None:
    """Go where a section's table is, and wait until it works."""
    shown.page.locator(f"#{section}").scroll_into_view_if_needed()
    shown.page.locator(f"#{section} .dt-info").wait_for()


def told(shown: Opened, section: str) -> str:
    return shown.page.locator(f"#{section} .dt-info").inner_text()


def everywhere(shown: Opened) -> None:
    """Start every table, as scrolling down would."""
    for name in shown.page.locator("[data-grid]").evaluate_all("all => all.map(each => each.id)"):
        near(shown, name)


def violations(shown: Opened) -> list[tuple[str, str]]:
    """Return what axe finds, each with the first element that has it."""
    shown.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = shown.page.evaluate("axe.run().then(result => result.violations)")
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def trend() -> Trend:
    """Return nine weeks in which two thirds of the places go, a document a day."""
    inventory = documents()[0]
    assert isinstance(inventory, Inventory)
    history = History()
    for day in range(64):
        left = tuple(item for number, item in enumerate(inventory.found[:PLACES]) if number >= day * 40 // 63)
        moment = Moment(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day), Dated.NAME, f"{day}.json")
        history.inventory(msgspec.structs.replace(inventory, found=left), moment)
    return history.trend()


def test_page_opens_from_a_file_asks_for_nothing_and_complains_of_nothing(opened: Open):
    shown = opened()
    everywhere(shown)
    assert shown.page.locator(".figure").count() == 5
    assert [url for url in shown.requests if not url.endswith("/report.html")] == []
    assert shown.said == []


def test_search_leaves_the_rows_that_hold_the_words(opened: Open):
    shown = opened()
    near(shown, "occurrences")
    shown.page.get_by_role("group", name="Filters of Occurrences").get_by_label("Search").fill("app-07")
    shown.page.locator("#occurrences .dt-info", has_text="of 1 (").wait_for()
    assert rows(shown, "occurrences")[0].startswith("cart/app-07/Dockerfile:8")
    assert told(shown, "occurrences") == f"1 to 1 of 1 (of {PLACES})"


def test_a_filter_is_kept_in_the_address_and_followed_from_it(opened: Open):
    shown = opened()
    near(shown, "occurrences")
    shown.page.locator("#occurrences select[data-filter=owners]").select_option("@acme/web")
    shown.page.locator("#occurrences select[data-filter=format]").select_option("helm_values")
    fragment = shown.page.evaluate("location.hash")
    assert fragment == "#occurrences?owners=%40acme%2Fweb&format=helm_values"
    again = opened(fragment=f"{fragment}&sort=-path&q=app")
    assert told(again, "occurrences") == f"1 to 15 of 15 (of {PLACES})"
    assert rows(again, "occurrences")[0].startswith("web/app-56")
    assert again.page.locator("#occurrences select[data-filter=owners]").input_value() == "@acme/web"


def test_columns_sort_numbers_as_numbers_by_mouse_and_by_keyboard(opened: Open):
    shown = opened(fragment="#images?verdict=cached-fresh")
    header = shown.page.locator("#images th", has_text="size")
    header.click()
    shown.page.locator("#images th[aria-sort=ascending]").wait_for()
    assert "sort=size" in shown.page.evaluate("location.hash")
    smallest = shown.page.locator("#images tbody tr:first-child td.right").all_inner_texts()
    assert "9.0 MB" in smallest
    header.get_by_role("button").focus()
    shown.page.keyboard.press("Enter")
    shown.page.locator("#images th[aria-sort=descending]").wait_for()
    assert "63.0 MB" in shown.page.locator("#images tbody tr:first-child td.right").all_inner_texts()


def test_a_bar_leads_to_the_rows_that_it_counts(opened: Open):
    shown = opened()
    shown.page.locator("#occurrences .ranking a", has_text="docker.io/library/redis").click()
    shown.page.locator("#occurrences .dt-info", has_text=f"of 20 (of {PLACES})").wait_for()


def test_pages_are_turned_and_kept(opened: Open):
    shown = opened(fragment="#occurrences?page=2")
    assert told(shown, "occurrences") == f"26 to 50 of {PLACES}"
    shown.page.locator("#occurrences").get_by_role("button", name="Reset").click()
    assert shown.page.evaluate("location.hash") == "#occurrences"


def test_csv_holds_the_rows_that_are_shown_in_their_order(opened: Open, tmp_path: Path):
    shown = opened(fragment="#occurrences?owners=%40acme%2Fcart&sort=-path")
    with shown.page.expect_download() as waiting:
        shown.page.locator("#occurrences").get_by_role("button", name="CSV").click()
    waiting.value.save_as(tmp_path / "shown.csv")
    with (tmp_path / "shown.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert waiting.value.suggested_filename == "occurrences.csv"
    assert (len(table), table[0]["path"], table[0]["line"]) == (PLACES // 2, "cart/app-59/Dockerfile", "60")
    assert table[0]["owners"] == "'@acme/cart"  # a spreadsheet takes @ for a formula


def test_theme_follows_the_system_and_the_button(opened: Open):
    shown = opened(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = shown.page.evaluate(ground)
    shown.page.locator(".theme").click()
    assert shown.page.evaluate(ground) != dark
    shown.page.reload()
    assert shown.page.evaluate("document.documentElement.dataset.theme") == "light"
    assert opened(color_scheme="light").page.evaluate(ground) != dark


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_axe_finds_nothing(opened: Open, options: dict[str, object]):
    shown = opened(**options)
    everywhere(shown)
    assert violations(shown) == []


def test_a_place_is_linked_to_the_commit_that_was_scanned(opened: Open):
    shown = opened()
    near(shown, "occurrences")
    link = shown.page.locator("#occurrences tbody a").first
    expected = "https://github.com/acme/web/blob/0123456789abcdef/web/app-00/Dockerfile#L1"
    assert (link.get_attribute("href"), link.get_attribute("rel")) == (expected, "noopener noreferrer")


def test_scripts_write_the_same_cells_as_the_page_was_made_with(opened: Open):
    without = opened(java_script_enabled=False)
    cells = "#images tbody tr td"
    before = [re.sub(r"\s+", " ", text) for text in without.page.locator(cells).all_text_contents()]
    shown = opened()
    near(shown, "images")
    assert [re.sub(r"\s+", " ", text) for text in shown.page.locator(cells).all_text_contents()] == before


def test_summary_is_readable_without_scripts(opened: Open):
    shown = opened(java_script_enabled=False)
    assert shown.page.locator(".answer").first.inner_text() == "12 images"
    assert shown.page.locator(".tools").first.is_hidden()
    assert shown.page.locator("#occurrences tbody tr").count() == 25


def test_nothing_jumps_while_the_page_is_read(opened: Open):
    shown = opened()
    everywhere(shown)
    shifts = """new Promise(done => new PerformanceObserver(list => done(
        list.getEntries().filter(each => !each.hadRecentInput).reduce((sum, each) => sum + each.value, 0)
    )).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 200))"""
    assert shown.page.evaluate(shifts) < 0.02


def test_a_phone_shows_everything_without_scrolling_sideways(opened: Open):
    shown = opened(**PHONE)
    everywhere(shown)
    assert shown.page.evaluate("document.documentElement.scrollWidth") == 390
    label = "cell => getComputedStyle(cell, '::before').content"
    assert shown.page.locator("#images tbody td").nth(1).evaluate(label) == '"verdict"'


def test_paper_is_light_and_shows_more_rows_and_no_controls(opened: Open):
    shown = opened(color_scheme="dark")
    shown.page.emulate_media(media="print")
    shown.page.set_viewport_size({"width": 680, "height": 900})  # of A4, which is no phone
    shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.page.locator("#occurrences tbody tr").count() == PLACES
    assert shown.page.locator("#occurrences thead").is_visible()
    assert shown.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not shown.page.locator(".tools, .bar, .theme").filter(visible=True).count()
    shown.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.page.locator("#occurrences tbody tr").count() == 25


def test_charts_say_what_they_show(opened: Open):
    shown = opened()
    charts = shown.page.get_by_role("img")
    assert charts.count() == 5
    for chart in charts.all():
        assert chart.locator("title").text_content()
        assert re.search(r"\d", chart.locator("desc").text_content() or "")


def test_settings_hold_no_more_than_the_page_needs(opened: Open):
    shown = opened()
    said = json.loads(shown.page.locator("#settings").text_content() or "")
    assert sorted(said) == ["page", "print", "source", "tones", "trees"]


def test_a_phone_sorts_by_a_list_and_says_so_in_the_address(opened: Open):
    shown = opened(fragment="#images?verdict=cached-fresh", **PHONE)
    sort = shown.page.locator("#images").get_by_label("sort by")
    assert sort.is_visible()
    sort.select_option("-size")
    assert "sort=-size" in shown.page.evaluate("location.hash")
    assert "63.0 MB" in shown.page.locator("#images tbody tr:first-child td.right").all_inner_texts()
    again = opened(fragment=shown.page.evaluate("location.hash"), **PHONE)
    assert again.page.locator("#images [data-sort]").input_value() == "-size"
    again.page.locator("#images").get_by_role("button", name="Reset").click()
    assert again.page.locator("#images [data-sort]").input_value() == ""


def test_a_wide_page_sorts_by_its_headers_alone(opened: Open):
    assert opened().page.locator("[data-sort]").first.is_hidden()


def test_table_of_images_fits_a_laptop(opened: Open):
    shown = opened()
    near(shown, "images")
    table = shown.page.locator("#images .table")
    assert table.evaluate("each => each.scrollWidth - each.clientWidth") == 0


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
def test_trend_is_a_line_with_words_and_a_table_and_axe_finds_nothing(
    opened: Open, options: dict[str, object]
):
    shown = opened((*documents(), trend()), **options)
    everywhere(shown)
    line = shown.page.locator("#trend").get_by_role("img").first
    assert line.locator("desc").text_content() == "Places: 60 on 2026-03-01, 20 on 2026-05-03."
    assert line.locator(".curve").count() == 63
    assert line.bounding_box()["x"] >= 0  # type: ignore[index]
    assert shown.page.locator("#trend tbody tr").count() >= 10
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= shown.page.viewport_size["width"]  # type: ignore[index]
    assert violations(shown) == []
    assert shown.said == []
