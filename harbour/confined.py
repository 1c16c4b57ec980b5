"""What every process of Harbour begins with: files for its owner alone, and no memory left on the disk.

What is set here passes to every process that is started.
"""

import os
import resource
from contextlib import suppress
from pathlib import Path

_WHAT_A_DUMP_HOLDS = Path("/proc/self/coredump_filter")


def confine() -> None:
    """New files are readable by their owner only, and a crash leaves no core dump, which would hold people's words.

    Linux passes a dump to a program (systemd-coredump, apport) whatever the limit says; so a dump is also told to
    leave out all memory (core(5)). The process stays visible to its owner's own tools, unlike with PR_SET_DUMPABLE.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # not Linux, or /proc cannot be written: then the limit alone holds
        _WHAT_A_DUMP_HOLDS.write_text("0", encoding="ascii")
