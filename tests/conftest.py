"""What every test may count on: an AWS region, no credentials of anybody's, a browser."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

os.environ |= {
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    # Powertools reads it once for a process, when the first handler is imported.
    "POWERTOOLS_METRICS_NAMESPACE": "asvi/test",
}
os.environ.pop("AWS_CA_BUNDLE", None)  # the machine's; the template gives the functions theirs

# The browser without its window: the same engine, with half the processes.
CHROMIUM = "/usr/bin/chromium-headless-shell"
# As root there is no sandbox, and a browser in a test asks nobody for updates.
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        opened.close()
