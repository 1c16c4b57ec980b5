"""How often somebody may try to sign in."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MINUTES: Final = 15

# One address cannot lock a colleague out everywhere: the tight limit is for the pair.
_PAIR: Final = RateLimitItemPerMinute(5, MINUTES, "sign-in of one account from one address")
_ACCOUNT: Final = RateLimitItemPerMinute(50, MINUTES, "sign-in of one account")
_ADDRESS: Final = RateLimitItemPerMinute(30, MINUTES, "sign-in from one address")


class Attempts:
    """Counts tries in this process: 5 for an account from one address in 15 minutes, with wider caps on each."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allow(self, email: str, address: str) -> bool:
        """Count a try, and say whether it may go ahead."""
        account = _name(email)
        return all(
            (
                self._limiter.hit(_ADDRESS, address),
                self._limiter.hit(_PAIR, account, address),
                self._limiter.hit(_ACCOUNT, account),
            )
        )

    def forget(self, email: str, address: str) -> None:
        """The right person signed in: their earlier slips from this address no longer count."""
        self._limiter.clear(_PAIR, _name(email), address)


def _name(email: str) -> str:
    # Whatever was typed may be a password typed in the wrong box; not even memory needs it.
    return sha256(email.strip().casefold().encode("utf-8", "replace")).hexdigest()
