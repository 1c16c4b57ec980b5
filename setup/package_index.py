"""Lets uv use the package index that the machine's owner chose for pip."""

import os
import subprocess
from functools import cache

from setup.find_python import find_python

_SECONDS = 20


def client_environment() -> dict[str, str]:
    """The environment for pip and uv: the caller's, with pip's own index and certificates told to uv as well."""
    env = {**os.environ, "UV_NO_PROGRESS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    settings = _pip_settings()
    for ours, theirs in (("UV_DEFAULT_INDEX", "index-url"), ("SSL_CERT_FILE", "cert")):
        if theirs in settings:
            env.setdefault(ours, settings[theirs])
    return env


@cache
def _pip_settings() -> dict[str, str]:
    """pip's settings by name, from its configuration files and environment."""
    asked = subprocess.run(
        [find_python(), "-m", "pip", "config", "list"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    settings = {}
    for line in asked.stdout.splitlines():
        name, found, value = line.partition("=")
        if found:
            settings[name.rsplit(".", 1)[-1]] = value.strip("'\"")
    return settings
