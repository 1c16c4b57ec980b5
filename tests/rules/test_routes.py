"""Every route is authenticated, or public with a reason; and it belongs to one listener alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from bot.app import Listeners, listeners
from bot.parts import build
from bot.settings import Settings
from harbour.home import prepare_home
from harbour.ports import free_port
from harbour.secret_files import create_missing_secrets
from store import migrate

HEALTH = {"/live", "/ready"}
"""The internal listener's public routes: they say only whether a part works, on a private network."""


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listeners]:
    home: Path = tmp_path_factory.mktemp("routes") / "home"
    prepare_home(home)
    create_missing_secrets(home)
    settings = Settings(home=home, rasa_port=free_port())
    migrate.upgrade(settings.database)
    parts = build(settings)
    yield listeners(parts)
    parts.store.close()


def guarded(app: Starlette) -> Iterator[tuple[str, object]]:
    """(path, what says who may open it) of every route of an application."""
    for route in app.routes:
        assert isinstance(route, Route | Mount), f"{route} is a kind of route that this rule does not know."
        target = route.endpoint if isinstance(route, Route) else _innermost(route.app)
        yield route.path, getattr(target, "access", None)


def _innermost(app: object) -> object:
    """The application inside its wrappers, such as compression."""
    while not hasattr(app, "access") and hasattr(app, "app"):
        app = app.app
    return app


def test_every_route_for_patients_says_who_may_open_it(rooms: Listeners) -> None:
    assert [path for path, access in guarded(rooms.patients) if access is None] == []


def test_every_route_for_staff_says_who_may_open_it(rooms: Listeners) -> None:
    assert [path for path, access in guarded(rooms.staff) if access is None] == []


def test_what_is_public_for_staff_is_only_the_door(rooms: Listeners) -> None:
    public = {path for path, access in guarded(rooms.staff) if getattr(access, "is_public", False)}
    assert public == {
        "/sign-in",
        "/set-up/{token}",
        "/set-up/{token}/code",
        "/clinic/static",
        "/assets",
    }


def test_every_internal_route_but_health_demands_the_secret(rooms: Listeners) -> None:
    client = TestClient(rooms.internal)
    paths = {route.path for route in rooms.internal.routes if isinstance(route, Route)}
    assert paths >= HEALTH
    for path in paths - HEALTH:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}):
            assert client.post(path, json={}, headers=headers).status_code == 403


def test_no_route_is_on_two_listeners(rooms: Listeners) -> None:
    of = {
        name: {path for path, _ in guarded(app)} - {"/"}
        for name, app in (("patients", rooms.patients), ("staff", rooms.staff))
    }
    internal = {route.path for route in rooms.internal.routes if isinstance(route, Route)}
    assert of["patients"] & of["staff"] == set()
    assert internal & (of["patients"] | of["staff"]) == set()
