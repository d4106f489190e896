"""The runs of a folder as `orgscan serve` shows them, in the browser. Argument: the address that it printed."""

import pathlib
import sys

from playwright.sync_api import expect

import browser

ADDRESS = sys.argv[1]


def a_person_moves_between_runs(launched):
    context = launched.new_context()
    context.set_default_timeout(browser.PATIENCE)
    page = context.new_page()
    wrong, requests = [], []
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on("console", lambda said: said.type in ("error", "warning") and wrong.append(f"console: {said.text}"))
    page.on("request", lambda request: requests.append(request.url.split("#")[0]))
    page.add_init_script(browser.WATCH)

    def violations():
        wrong.extend(page.evaluate("window.violations"))

    page.goto(ADDRESS)
    runs = page.locator("tbody a")
    expect(runs).to_have_count(2)
    violations()
    runs.first.click()
    page.wait_for_url(lambda url: url != ADDRESS)
    latest = page.url
    # The page's own scripts and style work under the policy of the header.
    page.get_by_role("link", name="Findings", exact=True).click()
    page.locator(".findings tbody tr").first.wait_for()
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).display") == "flex"
    violations()
    expect(page.get_by_role("link", name="Later run")).to_have_count(0)
    page.get_by_role("link", name="Earlier run").click()
    page.wait_for_url(lambda url: url.split("#")[0] != latest)
    expect(page.get_by_role("link", name="Earlier run")).to_have_count(0)
    page.get_by_role("link", name="Later run").click()
    page.wait_for_url(lambda url: url.split("#")[0] == latest.split("#")[0])
    page.get_by_role("link", name="All runs").click()
    page.wait_for_url(ADDRESS)
    violations()
    wrong.extend(f"request: {one}" for one in requests if not one.startswith(ADDRESS))
    context.close()
    # Chrome asks for an icon on its own.
    assert not [one for one in wrong if "favicon.ico" not in one], "\n".join(wrong)


with browser.browser() as launched:
    browser.run([a_person_moves_between_runs], launched)
