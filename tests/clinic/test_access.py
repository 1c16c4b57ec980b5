"""Every route says who may use it, and no form works from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from starlette.routing import BaseRoute, Mount, Route

from clinic.web import Access, ClinicRoom, routes
from store.models import Escalation, Role

PUBLIC = {"/sign-in", "/set-up/{token}", "/set-up/{token}/code", "/clinic/static"}
FORMS = [
    "/sign-in",
    "/sign-out",
    "/set-up/token",
    "/set-up/token/code",
    "/inbox/{id}/acknowledge",
    "/inbox/{id}/take-over",
    "/inbox/{id}/reply",
    "/inbox/{id}/hand-back",
    "/inbox/{id}/close",
    "/inbox/{id}/transfer",
    "/inbox/{id}/release",
    "/inbox/{id}/note",
    "/team/invite",
    "/team/{staff}/roles",
    "/team/{staff}/switch-off",
    "/team/{staff}/on-call",
    "/team/{staff}/move-up",
    "/team/{staff}/off-call",
    "/inbox/{id}/reveal",
    "/alerts/{id}/clear",
]


def access_of(route: BaseRoute) -> Access:
    endpoint = route.app if isinstance(route, Mount) else getattr(route, "endpoint", None)
    access = getattr(endpoint, "access", None)
    assert isinstance(access, Access), f"{route} does not say who may use it"
    return access


def test_every_route_is_for_staff_or_public_for_a_reason(room: ClinicRoom) -> None:
    for route in routes(room):
        assert isinstance(route, Route | Mount)
        assert access_of(route).is_public == (route.path in PUBLIC), route.path


def test_the_forms_below_are_all_there_are(room: ClinicRoom) -> None:
    posts = [route for route in routes(room) if isinstance(route, Route) and "POST" in (route.methods or ())]
    assert len(posts) == len(FORMS)


def test_a_public_page_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="why"):
        Access.public(" ")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("csrf", "origin"),
    [(False, True), (True, False)],
    ids=["without the csrf field", "from another site"],
)
def test_no_form_works(
    room: ClinicRoom,
    address: str,
    hire: Callable[..., Any],
    signed_in: Callable[..., Any],
    patient_writes: Callable[..., Any],
    form: str,
    csrf: bool,
    origin: bool,
) -> None:
    escalation = patient_writes()
    amina = signed_in(hire("Amina", *Role))
    amina.open("/inbox/closed")
    answer = amina.client.post(
        form.format(id=escalation.id, staff="none"),
        data={"csrf": amina.csrf if csrf else "", "text": "hello"},
        headers={"Origin": address if origin else "https://evil.example"},
    )
    assert answer.status_code == 403
    with room.store.read() as session:
        assert session.scalars(select(Escalation)).one().version == escalation.version
    amina.open("/inbox")
    assert amina.page.url.path == "/inbox", "still signed in"


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "not an origin"}])
def test_a_form_without_a_proper_origin_is_refused(
    hire: Callable[..., Any], signed_in: Callable[..., Any], headers: dict[str, str]
) -> None:
    amina = signed_in(hire("Amina"))
    amina.open("/inbox")
    assert amina.client.post("/sign-out", data={"csrf": amina.csrf}, headers=headers).status_code == 403


def test_one_persons_csrf_token_is_no_good_for_another(
    hire: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    amina, ben = signed_in(hire("Amina")), signed_in(hire("Ben"))
    amina.open("/inbox")
    ben.csrf = amina.csrf
    assert ben.send("/sign-out").status_code == 403


def test_a_form_must_be_a_form_and_not_too_long(
    address: str, hire: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    amina = signed_in(hire("Amina"))
    amina.open("/inbox")
    json = amina.client.post("/sign-out", json={"csrf": amina.csrf}, headers={"Origin": address})
    assert json.status_code == 415
    assert amina.send("/sign-out", text="x" * 70_000).status_code == 413


def test_the_inbox_is_not_for_the_service_team(
    hire: Callable[..., Any], signed_in: Callable[..., Any], patient_writes: Callable[..., Any]
) -> None:
    escalation = patient_writes()
    team = signed_in(hire("Tom", Role.SERVICE_TEAM))
    for path in ("/inbox", "/inbox/list", "/inbox/closed", f"/inbox/{escalation.id}", "/inbox/stream"):
        assert team.open(path).status_code == 403
        assert "tablets" not in team.text
    assert team.send(f"/inbox/{escalation.id}/take-over").status_code == 403


def test_a_stranger_reads_nothing(browser: Callable[[], Any], patient_writes: Callable[..., Any]) -> None:
    escalation = patient_writes()
    stranger = browser()
    for path in ("/", "/inbox", f"/inbox/{escalation.id}", "/inbox/closed"):
        stranger.open(path)
        assert stranger.page.url.path == "/sign-in"
    for path in ("/inbox/list", "/inbox/stream", f"/inbox/{escalation.id}/fragment"):
        assert stranger.client.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/inbox", "/no-such-page", "/set-up/none"])
def test_staff_pages_are_not_kept_nor_framed_and_run_no_inline_script(
    hire: Callable[..., Any], signed_in: Callable[..., Any], path: str
) -> None:
    page = signed_in(hire("Amina")).open(path)
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"
    assert "<script>" not in page.text
