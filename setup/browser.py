"""Finds the Chromium that the browser tests drive, and installs Debian's where that is allowed."""

import os
import shutil

from setup.errors import SetupError
from setup.processes import run_step, say

NAMES = ("chromium", "chromium-browser", "google-chrome")
_ADVICE = (
    "check that this machine reaches its Debian mirror, or install Chromium yourself, and run this again."
)


def prepare_browser() -> None:
    """Have a Chromium: in CI that is required; elsewhere its absence is said, and the browser tests are skipped."""
    if find_browser():
        return
    try:
        _install()
    except SetupError as error:
        if os.environ.get("CI") == "true":
            raise
        say(f"No Chromium, so the browser tests will be skipped: {error}")


def find_browser() -> str | None:
    """The path of a Chromium on this machine, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise SetupError(
            "the browser tests need Chromium, which only root can install: install it "
            "(on Debian, `apt-get install chromium`) and run this again."
        )
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_step("Updating Debian's package list", [apt, "update", "-q"], advice=_ADVICE, env=env)
    install = [apt, "install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
    run_step("Installing Chromium for the browser tests", install, advice=_ADVICE, env=env)
    if find_browser() is None:
        raise SetupError("Chromium was installed but is not on the path: add it to PATH and run this again.")
