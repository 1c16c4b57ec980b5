"""Once sealed, nothing that Rasa or Python writes holds a word of what was said."""

import io
import logging
import subprocess
import sys
import threading
import warnings

SAID = "quillabeth varnishaw 07700900813"
PROGRAM = f"""
import sys, threading, logging
from bot.engine import scrub
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
scrub.seal()
raise ValueError({SAID!r})
"""

from bot.engine import scrub  # noqa: E402

written = io.StringIO()
logging.basicConfig(level=logging.DEBUG, stream=written, force=True)
sys.stderr = written
scrub.seal()


class Fails:
    def __del__(self) -> None:
        raise ValueError(SAID)


def fail() -> None:
    raise ValueError(SAID)


logging.getLogger("rasa.core.processor").debug("Received user message '%s'", SAID)
logging.getLogger("sanic.error").error("written badly %d %d", SAID)  # noqa: PLE1206
logging.getLogger("bot.engine").error("written badly %d %d", SAID)  # noqa: PLE1206
logging.getLogger("rasa").warning({"text": SAID}, stack_info=True)
logging.getLogger(SAID).error("said")
warnings.warn(SAID, stacklevel=1)
Fails()
thread = threading.Thread(target=fail)
thread.start()
thread.join()
try:
    fail()
except ValueError:
    logging.getLogger("asyncio").exception("Task %s", SAID)

sys.stderr = sys.__stderr__
told = written.getvalue()
assert told.count("ValueError") == 3, told
assert "UserWarning" in told
assert not any(part in told for part in SAID.split()), told

crash = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
assert crash.returncode == 1
assert "The engine stops: ValueError" in crash.stdout
assert not any(part in crash.stdout + crash.stderr for part in SAID.split()), crash.stderr
