"""Whether the ports that Harbour is told to use are free."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass

from harbour.problems import CannotStart


@dataclass(frozen=True)
class Listener:
    """One address to listen on, and the setting that chooses its port."""

    purpose: str
    host: str
    port: int
    setting: str


def check_free(listeners: Sequence[Listener]) -> None:
    """Raise CannotStart, naming the port and its setting, for the first listener that cannot have its port."""
    for listener in listeners:
        try:
            _try(listener)
        except OSError as error:
            raise CannotStart(_sentence(listener, error)) from None
    for first, second in _clashes(listeners):
        raise CannotStart(
            f"port {first.port} is meant for both {first.purpose} and {second.purpose}: "
            f"set {second.setting} to another port."
        )


def _try(listener: Listener) -> None:
    family, kind, _, _, address = socket.getaddrinfo(listener.host, listener.port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as trial:
        # As the servers do: a connection that closed a moment ago does not keep the port.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)


def _sentence(listener: Listener, error: OSError) -> str:
    where = f"port {listener.port} on {listener.host}, for {listener.purpose},"
    return (
        f"{where} cannot be used ({error.strerror or error}): "
        f"stop what uses it, or set {listener.setting} to a free port."
    )


def _clashes(listeners: Sequence[Listener]) -> list[tuple[Listener, Listener]]:
    return [
        (first, second)
        for index, first in enumerate(listeners)
        for second in listeners[index + 1 :]
        if (first.host, first.port) == (second.host, second.port)
    ]


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nothing uses at this moment, chosen by the system."""
    with socket.socket() as trial:
        trial.bind((host, 0))
        return int(trial.getsockname()[1])
