"""A real engine for the tests: Rasa, with a bot trained for them, and actions that can misbehave."""

import hashlib
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.bot.engine.speaking import SECRET, Actions, Engine, RunInside, StartEngine

ROOT = Path(__file__).resolve().parents[3]
PROJECT = Path(__file__).resolve().parent / "project"
PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"
PATIENCE_SECONDS = 90
WORDS_TO_LOSE = "zebra umbrella"


@pytest.fixture(scope="session")
def rasa_python() -> Path:
    if not PYTHON.exists():
        pytest.skip("Rasa's environment is not set up")
    return PYTHON


@pytest.fixture(scope="session")
def tiny_model(rasa_python: Path) -> Path:
    """The test bot's model; trained again only when what it is trained from changes."""
    sources = [
        ROOT / "config.yml",
        *sorted(PROJECT.rglob("*.yml")),
        *sorted((ROOT / "bot/engine").glob("*.py")),
    ]
    name = hashlib.sha256(b"\0".join(file.read_bytes() for file in sources)).hexdigest()[:16]
    folder = ROOT / "build" / "test-engine"
    model = folder / f"{name}.tar.gz"
    if not model.exists():
        command = [str(rasa_python), "-m", "rasa", "train", "--domain", str(PROJECT / "domain.yml")]
        command += ["--data", str(PROJECT / "data"), "--out", str(folder), "--fixed-model-name", name]
        environment = {**os.environ, "RASA_CACHE_DIRECTORY": str(folder / "cache")}
        trained = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert model.exists(), trained.stdout[-3000:] + trained.stderr[-3000:]
    return model


@pytest.fixture(scope="session")
def actions() -> Iterator[Actions]:
    """A server of actions: some remember a colour, some fail, one answers nonsense."""
    asked = Actions()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.headers.append({name.lower(): value for name, value in self.headers.items()})
            asked.bodies.append(body)
            status, answer = _act(body["next_action"], body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    asked.url = f"http://127.0.0.1:{server.server_port}/actions"
    yield asked
    server.shutdown()
    server.server_close()
    thread.join()


def _act(name: str, body: dict[str, Any]) -> tuple[int, Any]:
    if name == "action_broken":
        return 500, {"error": body["tracker"]["latest_message"]["text"], "tracker": body["tracker"]}
    if name == "action_nonsense":
        return 200, {"events": "none", "responses": 7}
    if name == "action_slow":
        time.sleep(0.3)
        return 200, {"events": [], "responses": [{"text": "There."}]}
    colour = body["tracker"]["slots"]["colour"]
    events = [] if colour else [{"event": "slot", "name": "colour", "value": "green"}]
    return 200, {"events": events, "responses": [{"text": f"Your colour is {colour or 'new'}."}]}


@contextmanager
def _running(model: Path, home: Path, actions_url: str, *options: str) -> Iterator[Engine]:
    (home / "secrets").mkdir(parents=True, exist_ok=True)
    (home / "secrets" / "engine").write_text(SECRET)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(PYTHON),
        "-m",
        "bot.engine",
        "run",
        "--model",
        str(model),
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    environment = {**os.environ, "HARBOUR_HOME": str(home), "HARBOUR_ACTIONS_URL": actions_url}
    log = home / "engine.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    engine = Engine(port, process.pid, home, log)
    try:
        _wait_until_it_answers(engine, process)
        yield engine
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_answers(engine: Engine, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            if "starting" not in str(engine.call("GET", "ready")[1].get("error")):
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(engine.log.read_text()[-3000:])


@pytest.fixture(scope="session")
def engine(tiny_model: Path, actions: Actions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The engine that most tests share. Each test uses sessions of its own."""
    with _running(tiny_model, tmp_path_factory.mktemp("engine-home"), actions.url) as running:
        yield running


@pytest.fixture
def start_engine(tiny_model: Path, actions: Actions) -> StartEngine:
    """Starts an engine of one's own: `with start_engine(home, *options) as engine`."""

    def start(home: Path, *options: str) -> AbstractContextManager[Engine]:
        return _running(tiny_model, home, actions.url, *options)

    return start


@pytest.fixture(scope="session")
def run_inside(rasa_python: Path) -> RunInside:
    """Runs one of the modules in inside/ in Rasa's environment; it fails where an assertion there fails."""

    def run(module: str, home: Path) -> None:
        (home / "secrets").mkdir(parents=True, exist_ok=True)
        (home / "secrets" / "engine").write_text(SECRET)
        script = Path(__file__).resolve().parent / "inside" / f"{module}.py"
        environment = {**os.environ, "HARBOUR_HOME": str(home), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [str(rasa_python), str(script)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]

    return run
