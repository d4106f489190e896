"""How large the page of a thousand accounts is, and that what it draws does not grow with what it knows. Times are shown,
and decide nothing: they are the machine's. Arguments: the folder with large.html and beyond.html; see
tests/it/page/large.rs."""

import pathlib
import sys

import browser

FOLDER = pathlib.Path(sys.argv[1])
LARGE, BEYOND = FOLDER / "large.html", FOLDER / "beyond.html"
MEBIBYTE = 1 << 20

# Elements that a view may have, with an option for each check and each control. All 20,000 findings would have more than
# 100,000, and drawing is what takes a browser's time.
DRAWN = 11_000
COUNT = "document.querySelectorAll('main *').length"

# From the event to the rendered list, in milliseconds, from the view of an address; what is found.
SHOW = """(start) => {
  here = parsed(start);
  draw();
  document.querySelector('main').getBoundingClientRect();
}"""
ACT = """([selector, value, kind]) => {
  const control = document.querySelector(selector);
  const began = performance.now();
  if (kind === 'click') control.click();
  else { control.value = value; control.dispatchEvent(new Event(kind, { bubbles: true })); }
  document.querySelector('main table:last-of-type, .empty').getBoundingClientRect();
  return [performance.now() - began, document.querySelector('.total').textContent];
}"""


# The view, the control, what is done to it, and what is found then.
ACTS = [
    ("#/findings", "input[value=critical]", "", "click", "5,000 findings"),
    ("#/findings?severity=critical", "select[name=region]", "eu-west-1", "change", "1,000 findings"),
    ("#/findings?region=eu-west-1", "select[name=region]", "", "change", "20,000 findings"),
    ("#/findings", "select[name=ou]", "Division 1", "change", "4,000 findings"),
    ("#/findings", "select[name=check]", "s3-bucket-public", "change", "5,000 findings"),
    ("#/findings", "input[type=search]", "workload-77", "input", "220 findings"),
    ("#/findings", "input[type=search]", "launch-wizard", "input", "5,000 findings"),
    ("#/findings", ".findings th:nth-child(4) button", "", "click", "20,000 findings"),
    ("#/accounts", "input[type=search]", "workload-7", "input", "111 accounts"),
    ("#/frameworks/cis-7.0/2.21", "select[name=outcome]", "fail", "change", "1,000 accounts"),
    ("#/frameworks/cis-7.0/2.21", "input[type=search]", "workload-7", "input", "111 accounts"),
]


def it_stays_small(launched):
    for path in (LARGE, BEYOND):
        size = path.stat().st_size
        print(f"        {path.name}: {size / MEBIBYTE:.2f} MiB")
        assert size < 5 * MEBIBYTE, path.name


def little_is_drawn_at_first(launched):
    with browser.Opened(launched, LARGE) as page:
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        print(f"        first paint after {painted:.0f} ms, {page.evaluate(COUNT)} elements")
        assert 0 < page.evaluate(COUNT) < DRAWN


def a_filter_finds_all_and_draws_little(launched):
    with browser.Opened(launched, LARGE, "#/findings") as page:
        for start, control, value, kind, found in ACTS:
            page.evaluate(SHOW, start)
            took, total = page.evaluate(ACT, [control, value, kind])
            drawn = page.evaluate(COUNT)
            print(f"        {start} {control} {value!r}: {took:.0f} ms, {drawn} elements")
            assert total.startswith(found), total
            assert 0 < drawn < DRAWN, control


def a_search_made_at_once_finds_all(launched):
    with browser.Opened(launched, LARGE, "#/findings") as page:
        took, total = page.evaluate(ACT, ["input[type=search]", "workload-77", "input"])
        print(f"        the first search, made at once: {took:.0f} ms")
        assert total.startswith("220 findings"), total


def what_does_not_fit_is_said(launched):
    with browser.Opened(launched, BEYOND) as page:
        notice = page.locator(".notice").first.inner_text()
        assert "size limit" in notice and "findings.csv" in notice and "medium" in notice, notice
        assert "critical" not in notice.split("size limit")[0].split("(")[-1]
    with browser.Opened(launched, BEYOND, "#/findings") as page:
        assert "size limit" in page.locator(".notice:visible").inner_text()


with browser.browser() as launched:
    browser.run([it_stays_small, little_is_drawn_at_first, a_filter_finds_all_and_draws_little,
                 a_search_made_at_once_finds_all, what_does_not_fit_is_said], launched)
