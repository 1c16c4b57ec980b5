"""The outbox keeps what must be sent until it has been: once, by whoever claims it, for as long as it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from store import outbox
from store.courier import Courier, NotDelivered
from store.models import now
from store.outbox import Backoff, Claimed, OutboxItem, OutboxState, Topic
from store.session import Store

ROOT = Path(__file__).resolve().parents[2]
NOTICE = Topic.STAFF_NOTICE


def put(store: Store, *keys: str) -> None:
    with store.begin() as session:
        for key in keys:
            outbox.put(session, NOTICE, key, "subject")


def the_item(store: Store) -> OutboxItem:
    with store.read() as session:
        return session.scalars(select(OutboxItem)).one()


def make_due(store: Store) -> None:
    with store.begin() as session:
        session.execute(update(OutboxItem).values(next_at=now(), claimed_until=None))


def courier(store: Store, carrier: Callable[[Claimed], str], **options: object) -> Courier:
    return Courier(store, {NOTICE: carrier}, **options)  # type: ignore[arg-type]


def refuses(item: Claimed) -> str:
    raise NotDelivered("refused")


def test_what_is_rolled_back_with_its_reason_is_never_sent(store: Store) -> None:
    with store.begin() as session:
        outbox.put(session, NOTICE, "a", "subject")
        session.rollback()
    assert courier(store, lambda _: "sms").round() == 0


def test_the_same_key_is_one_item(store: Store) -> None:
    with store.begin() as session:
        assert outbox.put(session, NOTICE, "a", "subject")
        assert not outbox.put(session, NOTICE, "a", "subject")
    assert the_item(store).key == "a"


def test_an_item_is_carried_once_and_its_route_is_kept(store: Store) -> None:
    put(store, "a")
    carried: list[str] = []

    def carry(item: Claimed) -> str:
        carried.append(item.key)
        return "sms"

    carrier = courier(store, carry)
    carrier.round()
    carrier.round()
    assert carried == ["a"]
    assert (the_item(store).state, the_item(store).route) == (OutboxState.DELIVERED, "sms")


def test_an_item_waits_for_its_time(store: Store) -> None:
    with store.begin() as session:
        outbox.put(session, NOTICE, "a", "subject", not_before=now() + timedelta(minutes=1))
    assert courier(store, lambda _: "sms").round() == 0


def test_a_failed_attempt_is_tried_again_later_and_its_kind_is_kept(store: Store) -> None:
    put(store, "a")
    assert courier(store, refuses).round() == 1
    item = the_item(store)
    assert (item.state, item.attempts, item.problem) == (OutboxState.WAITING, 1, "refused")
    assert item.next_at > now()
    make_due(store)
    assert courier(store, lambda _: "email").round() == 1
    assert (the_item(store).state, the_item(store).attempts) == (OutboxState.DELIVERED, 2)


def test_it_is_given_up_after_the_last_attempt_and_somebody_is_told(store: Store) -> None:
    put(store, "a")
    told: list[OutboxState] = []
    trying = courier(
        store,
        refuses,
        backoff=Backoff(attempts=2),
        after_end=lambda session, item, state: told.append(state),
    )
    for _ in range(3):
        trying.round()
        make_due(store)
    assert the_item(store).state == OutboxState.FAILED
    assert told == [OutboxState.FAILED]


def test_a_failure_for_good_is_not_tried_again(store: Store) -> None:
    put(store, "a")

    def never(item: Claimed) -> str:
        raise NotDelivered("no such number", permanent=True)

    courier(store, never).round()
    assert (the_item(store).state, the_item(store).attempts) == (OutboxState.FAILED, 1)


def test_a_carrier_that_breaks_loses_nothing_and_stops_nobody(store: Store) -> None:
    put(store, "a", "b")
    sent: list[str] = []

    def breaks_on_a(item: Claimed) -> str:
        if item.key == "a":
            raise ZeroDivisionError
        sent.append(item.key)
        return "sms"

    assert courier(store, breaks_on_a).round() == 2
    assert sent == ["b"]
    with store.read() as session:
        assert session.scalar(select(OutboxItem.problem).where(OutboxItem.key == "a")) == "ZeroDivisionError"


def test_waits_grow_and_are_bounded() -> None:
    backoff = Backoff(first=timedelta(seconds=5), longest=timedelta(minutes=15))
    assert timedelta(seconds=5) <= backoff.wait(1) <= timedelta(seconds=6)
    assert timedelta(seconds=40) <= backoff.wait(4) <= timedelta(seconds=48)
    assert backoff.wait(400) <= timedelta(minutes=18)


def test_what_one_holds_nobody_else_is_given_until_the_claim_runs_out(store: Store) -> None:
    put(store, "a")
    (held,) = outbox.claim(store, [NOTICE], lease=timedelta(seconds=30))
    assert outbox.claim(store, [NOTICE]) == []
    with store.begin() as session:
        session.execute(update(OutboxItem).values(claimed_until=now()))
    (again,) = outbox.claim(store, [NOTICE])
    assert again.attempt == 2
    with store.begin() as session:
        assert not outbox.delivered(session, held, "sms"), "its claim ran out"
        assert outbox.delivered(session, again, "sms")


def test_many_who_claim_at_once_get_each_item_once(store: Store) -> None:
    put(store, *map(str, range(20)))

    def take(_: int) -> list[str]:
        taken = []
        while items := outbox.claim(store, [NOTICE], limit=1):
            taken += [item.key for item in items]
        return taken

    with ThreadPoolExecutor(4) as pool:
        keys = [key for taken in pool.map(take, range(4)) for key in taken]
    assert sorted(keys) == sorted(map(str, range(20)))


_ONE_PROCESS = """
import sys
from store import outbox
from store.session import Store
store = Store(sys.argv[1])
while items := outbox.claim(store, [outbox.Topic.STAFF_NOTICE], limit=1):
    print(items[0].key, flush=True)
"""


@pytest.mark.slow
def test_two_processes_share_the_work_and_repeat_none_of_it(store: Store, database: Path) -> None:
    put(store, *map(str, range(40)))
    command = [sys.executable, "-c", _ONE_PROCESS, f"sqlite:///{database}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
        for _ in range(2)
    ]
    keys = [key for worker in workers for key in worker.communicate(timeout=120)[0].split()]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sorted(keys) == sorted(map(str, range(40)))
