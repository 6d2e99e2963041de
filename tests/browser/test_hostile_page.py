"""What scanned files say is shown in a real browser, and never obeyed."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from browser_pages import Open

from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Source, Unresolved
from planner.model.outcome import Outcome, Result
from planner.model.plan import Keep, Manual, Plan, Wave
from planner.model.reference import Reference
from reports.documents import Document
from reports.trend import Dated, History, Moment

HIT = "window.hit=1;fetch('http://127.0.0.1:9/hit')"
PAYLOADS = (
    f'<img src=x onerror="{HIT}">',
    f"</script><script>{HIT}</script>",
    f"</style></title></textarea><svg onload={HIT}>",
    f"javascript:{HIT}",
    f"\"><iframe srcdoc='<script>parent.{HIT}</script>'>",
    f"' onmouseover='{HIT}' x='",
    "<link rel=stylesheet href=http://127.0.0.1:9/x.css><style>*{display:none}</style>",
    "<base href=http://127.0.0.1:9/><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "\u202e\u2066txt.elifrekcoD\u2069",
    "${{ constructor.constructor('" + HIT.replace("'", '"') + "')() }}",
    '=HYPERLINK("http://127.0.0.1:9/")',
    "\x1b]8;;http://127.0.0.1:9/\x07",
    "<!--<script>",
)


def documents() -> tuple[Document, ...]:
    """Return documents in which every text that can hold a payload holds one."""
    nginx = Reference.parse("nginx:1.27")
    found = []
    for number, text in enumerate(PAYLOADS * 4):
        found.append(
            Occurrence(text, number + 1, 1, text, Role.BASE, nginx, text, Confidence.CERTAIN, trail=(text,))
        )
        found.append(Unresolved(text, number + 1, text, text, f"{text}: {text}"))
    owners = {text: (text,) for text in PAYLOADS}
    inventory = Inventory((Source(PAYLOADS[1], 1, PAYLOADS[0]),), tuple(found), {}, owners)
    keep = [
        Keep(Reference.parse(f"nginx:{number}"), (f"{text}:1",), text) for number, text in enumerate(PAYLOADS)
    ]
    left = [Manual(text, (f"{text}:1",), f"{text}; {text}", (text,)) for text in PAYLOADS]
    waves = tuple(Wave(text, (), 60 * number, 60) for number, text in enumerate(PAYLOADS))
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    plan = Plan((), (*keep, *left), waves, PAYLOADS[0], noon, PAYLOADS)
    done = [
        Outcome(str(number), text, text, Result.FAILED, text, error=text)
        for number, text in enumerate(PAYLOADS * 3)
    ]
    history = History()
    for day, text in enumerate(PAYLOADS):
        moment = Moment(noon + timedelta(days=day), Dated.NAME, text)
        history.inventory(msgspec.structs.replace(inventory, found=tuple(found[: 2 * day + 2])), moment)
    return inventory, plan, done, history.trend(PAYLOADS)


def test_nothing_that_a_file_says_runs_loads_or_hides_anything(opened: Open):
    shown = opened(documents())
    page = shown.page
    for name in page.locator("[data-grid]").evaluate_all("all => all.map(each => each.id)"):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        page.locator(f"#{name} .dt-info").wait_for()
        page.locator(f"#{name} tbody tr").first.hover()
        page.locator(f"#{name} .dt-paging button").last.click(force=True)  # there may be one page only
        page.locator(f"#{name} input[type=search]").fill(PAYLOADS[0])
    for select in page.locator("select[data-filter]").all():
        select.select_option(index=1)
    assert page.evaluate("window.hit") is None
    assert [url for url in shown.requests if not url.endswith("/report.html")] == []
    assert shown.said == []
    assert page.locator("img, iframe, link, base, main style, main script").count() == 0


def test_every_link_leads_into_the_page_or_to_the_code_host(opened: Open):
    shown = opened(documents())
    links = shown.page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert {link.split("/blob/")[0] for link in links if not link.startswith("#")} <= {
        "https://github.com/acme/web"
    }


def test_marks_that_turn_text_around_are_written_out(opened: Open):
    shown = opened(documents())
    assert "\u202e" not in shown.page.content()
    assert "\\u202e" in shown.page.locator("#undecided").inner_text()


def test_csv_of_hostile_rows_holds_no_formula(opened: Open):
    shown = opened(documents(), fragment="#undecided?sort=subject")
    with shown.page.expect_download() as waiting:
        shown.page.locator("#undecided").get_by_role("button", name="CSV").click()
    text = waiting.value.path().read_text(encoding="utf-8")
    assert "HYPERLINK" in text
    assert not [line for line in text.splitlines() if line.lstrip('"').startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "fragment", ["#images?q=%3Cimg%20src=x%20onerror=window.hit=1%3E", "#%E0%A4%A", "#x?y#z"]
)
def test_an_address_is_not_obeyed_either(opened: Open, fragment: str):
    shown = opened(documents(), fragment=fragment)
    assert shown.page.evaluate("window.hit") is None
    assert shown.said == []


def test_policy_is_a_second_wall_for_markup_that_got_in(opened: Open):
    shown = opened()
    shown.page.evaluate(
        """() => new Promise(done => {
            document.addEventListener("securitypolicyviolation", () => done());
            document.querySelector("main").insertAdjacentHTML(
                "beforeend", "<img src='http://127.0.0.1:9/x.png' onerror='window.hit=1'>");
        })"""
    )
    shown.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.hit = 1";
            document.body.append(script);
        }"""
    )
    assert shown.page.evaluate("window.hit") is None
    assert all("violates" in said for said in shown.said)
