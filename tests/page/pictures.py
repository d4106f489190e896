"""The pictures of the page in docs/images, from the demo:

    cargo run -- demo --days 3 --report target/page/demo
    target/page/venv/bin/python tests/page/pictures.py target/page/demo/daily/*/*/*/*-day-3/index.html

`.ci/judges` makes the environment.
"""

import pathlib
import sys

import browser

PAGE = pathlib.Path(sys.argv[-1])
IMAGES = browser.HERE.parent.parent / "docs" / "images"


def account(page):
    """The account with findings and coverage gaps, else the one with the most critical findings."""
    return page.evaluate("""() => {
      const ordered = ACCOUNTS.id.map((_, n) => n).sort(bySeverity);
      return ACCOUNTS.id[ordered.find((n) => ACCOUNTS.unknown[n] > 0 && sumOf(ACCOUNTS.findings, n) > 0) ?? ordered[0]];
    }""")


with browser.browser() as launched:
    with browser.Opened(launched, PAGE) as page:
        chosen = account(page)
    for name, address, scheme, height in [
        ("overview", "#/", "light", 980),
        ("accounts", "#/accounts", "dark", 860),
        ("account", f"#/account/{chosen}", "light", 980),
        ("frameworks", "#/frameworks", "light", 980),
        ("coverage", "#/coverage", "light", 760),
    ]:
        with browser.Opened(launched, PAGE, address, color_scheme=scheme) as page:
            page.set_viewport_size({"width": 1280, "height": height})
            page.wait_for_timeout(300)
            page.screenshot(path=IMAGES / f"report-{name}.png")
