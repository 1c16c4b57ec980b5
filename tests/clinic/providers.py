"""Stand-ins on the loopback for those who carry notices: a mail server, GOV.UK Notify, Twilio, a webhook."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Provider:
    """What it was asked, and how it answers: `status` to each POST; at 201 it has taken the message."""

    status: int = 201
    requests: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    @property
    def posts(self) -> list[tuple[str, dict[str, str], Any]]:
        """(path, headers, body) of each POST."""
        return [(path, headers, body) for method, path, headers, body in self.requests if method == "POST"]


@contextmanager
def provider(status: int = 201) -> Iterator[Provider]:
    """A provider on a free port until the block ends."""
    it = Provider(status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            is_json = self.headers.get("Content-Type") == "application/json"
            body = json.loads(raw) if is_json else {name: values[0] for name, values in parse_qs(raw).items()}
            it.requests.append(("POST", self.path, dict(self.headers), body))
            if it.status < 300:
                it.taken.append(body)
            self._answer(it.status, {"id": "1"})

        def do_GET(self) -> None:
            it.requests.append(("GET", self.path, dict(self.headers), None))
            reference = parse_qs(urlsplit(self.path).query).get("reference", [""])[0]
            found = [one for one in it.taken if one.get("reference") == reference]
            self._answer(200, {"notifications": [{"status": "sending"} for _ in found]})

        def _answer(self, status: int, body: object) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *what: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    it.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield it
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
