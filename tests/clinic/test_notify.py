"""Staff are told that something waits, by the first way that works, and never what it is about."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from email import message_from_bytes
from hashlib import sha256
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from sqlalchemy import select, update

from clinic import escalations, on_call
from clinic.alarms import Alarms
from clinic.notify.email import EmailRoute
from clinic.notify.govuk import GovukRoute
from clinic.notify.notices import Notices
from clinic.notify.route import Notice, Recipient, Route
from clinic.notify.twilio import TwilioRoute
from clinic.notify.webhook import WebhookRoute
from clinic.web import ClinicRoom
from store import timers
from store.courier import Courier, NotDelivered
from store.models import Escalation, EscalationEvent, ServiceAlert, Staff, now
from store.outbox import Backoff, OutboxItem, Topic
from store.timers import TimerKind
from tests.clinic.providers import Provider, provider

LINK = "https://harbour.trust.example/inbox"
MOBILE = "+447700900123"
SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
SOMEBODY = Recipient("ben@trust.example", MOBILE)
NOTICE = Notice("1 escalation needs a response now.", LINK, "asked:abc:1")


class Mailbox:
    """A mail server that keeps what it takes; `answer` is what it says to each message."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.messages.append(message_from_bytes(content))
        return self.answer


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, EmailRoute]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    # The controller's own way of starting wants to know the port beforehand.
    from harbour.ports import free_port

    controller.port = free_port()
    controller.start()
    yield box, EmailRoute("127.0.0.1", controller.port, "Harbour <harbour@trust.example>", "none")
    controller.stop()


@pytest.fixture
def fake() -> Iterator[Provider]:
    with provider() as running:
        yield running


def govuk(fake: Provider) -> GovukRoute:
    return GovukRoute(fake.url, "template-1", f"harbour-{SERVICE}-{SECRET}")


def test_an_email_holds_the_count_and_the_link_alone(mailbox: tuple[Mailbox, EmailRoute]) -> None:
    box, route = mailbox
    route.send(SOMEBODY, NOTICE)
    (message,) = box.messages
    assert message["To"] == "ben@trust.example"
    assert message["Subject"] == NOTICE.words
    assert message.get_payload().split() == [*NOTICE.words.split(), LINK]


def test_an_email_that_is_sent_again_has_the_same_id(mailbox: tuple[Mailbox, EmailRoute]) -> None:
    box, route = mailbox
    for _ in range(2):
        route.send(SOMEBODY, NOTICE)
    assert len({message["Message-ID"] for message in box.messages}) == 1


@pytest.mark.parametrize(("answer", "permanent"), [("550 No such user", True), ("451 Try again", False)])
def test_a_mail_server_that_refuses(
    mailbox: tuple[Mailbox, EmailRoute], answer: str, permanent: bool
) -> None:
    box, route = mailbox
    box.answer = answer
    with pytest.raises(NotDelivered) as refused:
        route.send(SOMEBODY, NOTICE)
    assert refused.value.permanent is permanent


def test_a_mail_server_that_cannot_encrypt_is_given_nothing(mailbox: tuple[Mailbox, EmailRoute]) -> None:
    box, route = mailbox
    with pytest.raises(NotDelivered):
        EmailRoute("127.0.0.1", route.port, route.sender, "starttls").send(SOMEBODY, NOTICE)
    assert box.messages == []


def test_notify_is_asked_as_its_documentation_says(fake: Provider) -> None:
    govuk(fake).send(SOMEBODY, NOTICE)
    ((path, headers, body),) = fake.posts
    assert path == "/v2/notifications/sms"
    assert body == {
        "phone_number": MOBILE,
        "template_id": "template-1",
        "personalisation": {"notice": f"{NOTICE.words} {LINK}"},
        "reference": sha256(b"asked:abc:1").hexdigest()[:32],
    }
    signed, _, signature = headers["Authorization"].removeprefix("Bearer ").rpartition(".")
    right = hmac.new(SECRET.encode(), signed.encode(), sha256).digest()
    assert urlsafe_b64decode(signature + "=") == right
    payload = signed.split(".")[1]
    assert json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["iss"] == SERVICE


def test_notify_is_not_sent_twice_what_it_has_already(fake: Provider) -> None:
    govuk(fake).send(SOMEBODY, NOTICE)
    again = Notice(NOTICE.words, LINK, NOTICE.key, tried_before=True)
    govuk(fake).send(SOMEBODY, again)
    assert len(fake.posts) == 1
    govuk(fake).send(SOMEBODY, Notice(NOTICE.words, LINK, "asked:abc:2", tried_before=True))
    assert len(fake.posts) == 2


def test_twilio_is_asked_as_its_documentation_says(fake: Provider) -> None:
    TwilioRoute(fake.url, "AC1", "+447700900999", "token").send(SOMEBODY, NOTICE)
    TwilioRoute(fake.url, "AC1", "MG1", "token").send(SOMEBODY, NOTICE)
    (path, headers, body), (_, _, by_service) = fake.posts
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert b64decode(headers["Authorization"].split()[1]) == b"AC1:token"
    assert body == {"To": MOBILE, "From": "+447700900999", "Body": f"{NOTICE.words} {LINK}"}
    assert by_service["MessagingServiceSid"] == "MG1"


def test_a_webhook_is_signed_and_its_repeats_can_be_told(fake: Provider) -> None:
    route = WebhookRoute(f"{fake.url}/hook", b"key")
    for _ in range(2):
        route.send(Recipient(), NOTICE)
    (path, headers, body), (_, again, _) = fake.posts
    assert (path, body["text"], body["link"]) == ("/hook", f"{NOTICE.words} {LINK}", LINK)
    right = hmac.new(b"key", json.dumps(body).encode(), sha256).hexdigest()
    assert headers["X-Harbour-Signature"] == right
    assert headers["Idempotency-Key"] == again["Idempotency-Key"]


@pytest.mark.parametrize(("status", "permanent"), [(400, True), (403, True), (429, False), (503, False)])
def test_a_provider_that_refuses(fake: Provider, status: int, permanent: bool) -> None:
    fake.status = status
    for route in (govuk(fake), TwilioRoute(fake.url, "AC1", "MG1", "t"), WebhookRoute(fake.url)):
        with pytest.raises(NotDelivered) as refused:
            route.send(SOMEBODY, NOTICE)
        assert (refused.value.permanent, refused.value.problem) == (permanent, f"refused with {status}")


def test_nothing_goes_out_in_plain_http() -> None:
    with pytest.raises(NotDelivered) as refused:
        WebhookRoute("http://pager.example/hook").send(SOMEBODY, NOTICE)
    assert refused.value.permanent


def test_nobody_who_prints_a_recipient_or_a_route_sees_an_address_or_a_key(fake: Provider) -> None:
    printed = repr(
        [SOMEBODY, govuk(fake), TwilioRoute(fake.url, "AC1", "MG1", "hush"), WebhookRoute("u", b"hush")]
    )
    assert not any(secret in printed for secret in (MOBILE, "ben@", SECRET, "hush"))


# Together: from an escalation to a message.


class Clinic:
    """A clinic with routes, which raises, ticks and carries when told."""

    def __init__(self, room: ClinicRoom, routes: Sequence[Route]) -> None:
        self.room = room
        notices = Notices(room.store, room.vault, routes, LINK, "team@trust.example")
        self.courier = Courier(
            room.store,
            {Topic.STAFF_NOTICE: notices.carry},
            backoff=Backoff(attempts=3),
            after_end=notices.after_end,
        )

    def work(self) -> None:
        handlers = {TimerKind.ASK_NEXT: Alarms(self.room.targets).ask_next}
        timers.run_due(self.room.store, handlers, lambda topic: None)
        self.courier.round()

    def try_again(self) -> None:
        with self.room.store.begin() as session:
            session.execute(update(OutboxItem).values(next_at=now() - timedelta(seconds=1)))
        self.courier.round()

    def alerts(self) -> list[str]:
        with self.room.store.read() as session:
            kinds = select(ServiceAlert.kind).where(ServiceAlert.cleared_at.is_(None))
            return sorted(session.scalars(kinds))

    def history(self) -> list[str]:
        with self.room.store.read() as session:
            return list(session.scalars(select(EscalationEvent.what).order_by(EscalationEvent.number)))

    def items(self) -> list[OutboxItem]:
        with self.room.store.read() as session:
            return list(session.scalars(select(OutboxItem)))


@pytest.fixture
def ben(room: ClinicRoom, hire: Callable[..., Any]) -> Any:
    person = hire("Ben")
    with room.store.begin() as session:
        on_call.put(session, room.vault, session.get_one(Staff, person.id), covers="always", mobile=MOBILE)
    return person


def test_an_escalation_becomes_one_text_message(
    room: ClinicRoom, ben: Any, raised: Callable[..., Escalation], fake: Provider
) -> None:
    escalation = raised()
    clinic = Clinic(room, [govuk(fake)])
    clinic.work()
    clinic.work()
    ((_, _, body),) = fake.posts
    assert body["personalisation"] == {"notice": f"1 escalation needs a response now. {LINK}"}
    assert body["phone_number"] == MOBILE
    said = json.dumps(body)
    assert "tablets" not in said
    assert escalation.id not in said
    assert escalation.conversation_id not in said
    assert clinic.history() == ["raised", "asked", "told"]
    assert clinic.items()[0].route == "sms"


def test_several_are_counted_in_one_sentence(
    room: ClinicRoom, ben: Any, raised: Callable[..., Escalation], fake: Provider
) -> None:
    for who in range(3):
        raised(str(who))
    Clinic(room, [govuk(fake)]).work()
    assert "3 escalations need a response now." in fake.posts[0][2]["personalisation"]["notice"]


def test_a_route_that_fails_gives_way_to_the_next_and_staff_see_it_until_it_works(
    room: ClinicRoom,
    ben: Any,
    raised: Callable[..., Escalation],
    fake: Provider,
    mailbox: tuple[Mailbox, EmailRoute],
) -> None:
    box, email = mailbox
    fake.status = 503
    raised("1")
    clinic = Clinic(room, [govuk(fake), email])
    clinic.work()
    assert len(box.messages) == 1
    assert clinic.items()[0].route == "email"
    assert clinic.alerts() == ["route_failed_sms"]
    fake.status = 201
    raised("2")
    clinic.work()
    assert clinic.alerts() == []
    assert len(box.messages) == 1


def test_when_no_route_works_it_is_tried_again_and_staff_see_that_nobody_was_told(
    room: ClinicRoom, ben: Any, raised: Callable[..., Escalation], fake: Provider
) -> None:
    fake.status = 500
    raised()
    clinic = Clinic(room, [govuk(fake)])
    clinic.work()
    assert clinic.alerts() == ["nobody_told", "route_failed_sms"]
    fake.status = 201
    clinic.try_again()
    assert [item.state for item in clinic.items()] == ["delivered"]
    assert clinic.alerts() == []


def test_what_was_given_up_stands_in_the_history(
    room: ClinicRoom, ben: Any, raised: Callable[..., Escalation], fake: Provider
) -> None:
    fake.status = 500
    raised()
    clinic = Clinic(room, [govuk(fake)])
    clinic.work()
    for _ in range(3):
        clinic.try_again()
    assert clinic.history()[-1] == "could not be told"
    assert [item.state for item in clinic.items()] == ["failed"]


def test_nobody_is_told_what_somebody_has_already(
    room: ClinicRoom, ben: Any, raised: Callable[..., Escalation], fake: Provider
) -> None:
    raised()
    fake.status = 500
    clinic = Clinic(room, [govuk(fake)])
    clinic.work()
    with room.store.begin() as session:
        row = session.scalars(select(Escalation)).one()
        escalations.acknowledge(session, row, session.get_one(Staff, ben.id))
    fake.status = 201
    clinic.try_again()
    assert fake.taken == []
    assert clinic.items()[0].route == "not needed"


def test_with_nobody_on_call_the_shared_mailbox_is_told(
    room: ClinicRoom, raised: Callable[..., Escalation], mailbox: tuple[Mailbox, EmailRoute], fake: Provider
) -> None:
    box, email = mailbox
    raised()
    Clinic(room, [govuk(fake), email]).work()
    assert [message["To"] for message in box.messages] == ["team@trust.example"]


def test_with_no_route_at_all_staff_see_that_nobody_was_told(
    room: ClinicRoom, ben: Any, raised: Callable[..., Escalation]
) -> None:
    raised()
    clinic = Clinic(room, [])
    clinic.work()
    assert clinic.alerts() == ["nobody_told"]
