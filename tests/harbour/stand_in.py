"""A small project under the real supervisor: `python stand_in.py FOLDER [once]`. Each service has a child of its own.

Run as a program by test_supervisor.py. With `once`, the second service dies after it was ready.
"""

import os
import sys
from pathlib import Path

from harbour.supervisor import Service, Supervisor

PARENT = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "a").write(f"{os.getpid()} {child.pid}\\n")
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(float(sys.argv[3]))
sys.exit("ValueError: it fell over") if sys.argv[2] == "falls" else None
"""


def service(folder: Path, name: str, kind: str, seconds: float, restarts: bool) -> Service:
    pids = folder / f"{name}.pids"
    return Service(
        name=name,
        command=[sys.executable, "-c", PARENT, str(pids), kind, str(seconds)],
        environment=dict(os.environ),
        folder=folder,
        log=folder / f"{name}.log",
        ready=lambda: pids.exists() and pids.read_text(encoding="ascii").endswith("\n"),
        restarts=restarts,
    )


def main() -> int:
    folder, how = Path(sys.argv[1]), sys.argv[2]
    first = service(folder, "first", "falls", 0.5 if how == "restarts" else 600, restarts=True)
    second = service(folder, "second", "falls", 1 if how == "dies" else 600, restarts=False)
    return Supervisor([first, second], say=lambda line: print(line, flush=True)).run(
        when_ready=lambda: print("all ready", flush=True)
    )


if __name__ == "__main__":
    sys.exit(main())
