"""The browser and the judges, which `.ci/judges` installs."""

import contextlib
import os
import pathlib
import shutil
import sys

from playwright.sync_api import expect, sync_playwright

HERE = pathlib.Path(__file__).parent
TOOLS = HERE.parent.parent / "target" / "page"
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]

# Milliseconds. A machine may be busy, and what never comes is told a little later.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

# Tells what ran that should not have run, and what the page's policy kept from running.
WATCH = """
window.hits = [];
window.hit = (what) => window.hits.push(what);
window.violations = [];
addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample);
});
"""


def chrome():
    """The path of a Chrome or Chromium."""
    names = [os.environ.get("ORGSCAN_CHROME"), *NAMES]
    found = next(filter(None, (name and shutil.which(name) for name in names)), None)
    return found or sys.exit("there is no Chrome: run .ci/judges, or set ORGSCAN_CHROME to its path")


def node_modules():
    """axe-core and html-validate, as the lock file has them."""
    folder = TOOLS / "node"
    stamp = folder / "installed.json"
    if not stamp.exists() or stamp.read_text() != (HERE / "package-lock.json").read_text():
        sys.exit(f"{folder} does not have the packages of tests/page/package-lock.json: run .ci/judges")
    return folder / "node_modules"


@contextlib.contextmanager
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chrome(), args=FLAGS)
        try:
            yield launched
        finally:
            launched.close()


class Opened:
    """A page that was opened from the disk, and everything that went wrong in it."""

    def __init__(self, launched, path, address="", **options):
        self.path = path.resolve()
        self.scripted = options.get("java_script_enabled", True)
        self.context = launched.new_context(
            viewport={"width": options.pop("width", 1280), "height": 900}, accept_downloads=True, **options)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.wrong, self.requests = [], []
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.wrong.append(
            f"console: {said.text}"))
        self.page.on("request", lambda request: self.requests.append(request.url.split("#")[0]))
        self.page.add_init_script(WATCH)
        self.go(address)

    def go(self, address):
        self.page.goto(f"file://{self.path}{address}")

    def __enter__(self):
        return self.page

    def __exit__(self, kind, *_):
        if kind is None:
            if self.scripted:
                self.wrong += [f"ran: {one}" for one in self.page.evaluate("window.hits")]
                self.wrong += [f"policy: {one}" for one in self.page.evaluate("window.violations")]
            own = f"file://{self.path}"
            self.wrong += [f"request: {one}" for one in self.requests if one != own and not one.startswith("blob:")]
            assert not self.wrong, "\n".join(self.wrong)
        self.context.close()


def run(checks, *arguments):
    """Runs the checks one after another, and says of each how it went."""
    failed = 0
    for check in checks:
        try:
            check(*arguments)
            print(f"ok      {check.__name__}", flush=True)
        except Exception as error:  # what a check found, or the browser's own
            failed += 1
            print(f"FAILED  {check.__name__}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    sys.exit(1 if failed else 0)
