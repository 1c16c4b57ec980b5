"""Hunt for leaks: plant identifiers in conversations, force faults, and search everything that was written.

    python -m benchmarks.leaks [--conversations 1000] [--seed 1] [--full] [--keep]

Starts a whole Harbour with its Rasa, at debug log level, and plays conversations over every channel: the web chat
with and without its script, the pages of contact details and of a person's own data, `harbour talk`, a clinician who
answers and opens contact details, `harbour rights` with an address on standard input, and every place of a request in
which words can be put. Meanwhile each step is made to fail in turn, with the patient's words in the exception;
libraries are made talkative; the database is locked, Rasa is frozen and killed, Harbour is killed and started again.

Then it searches every byte of the home (databases, journals, logs, temporary files), of the system's temporary
folders, of what the processes printed and show in /proc, and every answer that went to anybody else, through UTF-16,
escapes, URL and HTML encoding, base64, hex, gzip, zip and tar, up to three inside one another, and the long rows of
databases put together. The memory of processes is not searched.

Prints what redaction missed (the canary stands in what is kept, just as redaction lets it through) apart from what a
path leaked (it stands anywhere else). Ends with 1 if a path leaked, if a core dump was left, or if others may read a
file. What was planted is made up, and is not printed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.leaks.hunt import Hunt, Shares
from benchmarks.leaks.verdict import tables

_SHOWN = 40


def main(arguments: argparse.Namespace) -> int:
    """Run the hunt and print what came of it; the exit status."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="harbour-leaks-"))
    try:
        hunt = Hunt(folder / "run", Shares(arguments.conversations), seed=arguments.seed, say=_say)
        verdict = hunt.run()
    finally:
        if arguments.keep:
            _say(f"everything that was written is in {folder}")
        else:
            shutil.rmtree(folder)
    searched = verdict.searched
    print(
        f"\nsearched {searched['files']} files, {searched['outputs']} outputs and {searched['answers']} answers,"
    )
    print(f"{searched['bytes'] / 1e6:.0f} MB, in {time.monotonic() - began:.0f} s in all\n")
    print(tables(verdict.counts(), full=arguments.full))
    print("\n" + "\n".join(verdict.summary(_SHOWN)))
    return 0 if verdict.is_clean else 1


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--conversations", type=int, default=1000, help="how many in all (at least about 60)")
    parser.add_argument("--seed", type=int, default=1, help="another plants other canaries")
    parser.add_argument("--full", action="store_true", help="print every channel with every kind")
    parser.add_argument("--keep", action="store_true", help="leave what was written, to look into a leak")
    sys.exit(main(parser.parse_args()))
