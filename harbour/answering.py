"""Whether a process that was started answers yet."""

import http.client
from contextlib import closing
from typing import Final

READY_PATH: Final = "/webhooks/harbour/ready"
"""Rasa's own: 200 once the model is loaded and the engine is as it should be."""

_ANSWER_SECONDS = 2


def answers(host: str, port: int, path: str, secret: str | None = None) -> bool:
    """Whether a GET of `path` is answered with 200."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    with closing(http.client.HTTPConnection(host, port, timeout=_ANSWER_SECONDS)) as connection:
        try:
            connection.request("GET", path, headers=headers)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
