"""The pages behind the one-time link: who you are, then a code from your app."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clinic.auth import accounts, codes, passwords, setting_up, setup_links
from clinic.auth.accounts import NewAccount
from clinic.auth.setting_up import WrongCode
from clinic.auth.setup_links import LinkRefused
from clinic.web import words
from clinic.web.access import form_of, public
from clinic.web.cookies import set_session
from clinic.web.pages import Pages
from clinic.web.room import ClinicRoom

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_LONGEST_NAME: Final = 60
_WRONG_CODE: Final = "The code is not right. Try the next one."
_BEHIND_THE_LINK: Final = "Whoever comes cannot sign in yet: the one-time link in the address is the key."


class SetUpPages:
    """The two steps."""

    def __init__(self, room: ClinicRoom, pages: Pages) -> None:
        self._room = room
        self._pages = pages

    @public(_BEHIND_THE_LINK)
    def form(self, request: Request) -> Response:
        """The first step's form."""
        refused = self._refused(request)
        return refused or self._first_step(request)

    @public(_BEHIND_THE_LINK)
    def details(self, request: Request) -> Response:
        """Take the details; show the key for the app."""
        refused = self._refused(request)
        if refused is not None:
            return refused
        form = {name: value.strip() for name, value in form_of(request).items() if name != "password"}
        password = form_of(request).get("password", "")
        errors = _problems(form, password)
        with self._room.store.read() as session:
            if "email" not in errors and accounts.email_is_taken(session, form["email"]):
                errors["email"] = "Somebody has an account with this email. Use another, or sign in."
        if errors:
            return self._first_step(request, status=422, errors=errors, given=form)
        account = NewAccount(
            first_name=form["first_name"],
            job_title=form["job_title"],
            email=form["email"],
            password_hash=passwords.hash_password(password),
            totp_secret=codes.new_secret(),
        )
        return self._second_step(request, account)

    @public(_BEHIND_THE_LINK)
    def code(self, request: Request) -> Response:
        """Make the account once a code shows that the app has the key."""
        token = request.path_params["token"]
        form = form_of(request)
        vault = self._room.vault
        try:
            account = setting_up.unseal_between_steps(vault, token, form.get("account", ""))
        except LinkRefused as refused:
            return self._say_refused(request, refused)
        try:
            with self._room.store.begin() as session:
                signed_in = setting_up.finish(session, vault, token, account, form.get("code", ""))
        except WrongCode:
            return self._second_step(request, account, status=422, problem=_WRONG_CODE)
        except LinkRefused as refused:
            return self._say_refused(request, refused)
        response = RedirectResponse("/", status_code=303)
        set_session(response, signed_in, secure=self._room.secure_cookies)
        return response

    def _refused(self, request: Request) -> Response | None:
        try:
            with self._room.store.read() as session:
                setup_links.check(session, request.path_params["token"])
        except LinkRefused as refused:
            return self._say_refused(request, refused)
        return None

    def _say_refused(self, request: Request, refused: LinkRefused) -> Response:
        return self._pages.render_public(
            request, "message.html", status=410, heading="This link does not work", sentence=str(refused)
        )

    def _first_step(self, request: Request, *, status: int = 200, **context: dict[str, str]) -> Response:
        with self._room.store.read() as session:
            roles = setup_links.check(session, request.path_params["token"])
        return self._pages.render_public(
            request,
            "set_up.html",
            status=status,
            shortest=passwords.SHORTEST,
            roles=[words.ROLES[role] for role in roles] if roles is not None else None,
            **context,
        )

    def _second_step(
        self, request: Request, account: NewAccount, *, status: int = 200, problem: str = ""
    ) -> Response:
        secret = account.totp_secret
        return self._pages.render_public(
            request,
            "set_up_code.html",
            status=status,
            problem=problem,
            account=setting_up.seal_between_steps(self._room.vault, request.path_params["token"], account),
            action=f"/set-up/{request.path_params['token']}/code",
            qr=codes.qr_svg(secret, account=account.email, issuer=self._room.service_name),
            key=codes.in_groups(secret),
        )


def _problems(form: dict[str, str], password: str) -> dict[str, str]:
    """What is wrong with each field, as sentences, by its name."""
    found: dict[str, str] = {}
    for field, what in (("first_name", "your first name"), ("job_title", "your job title")):
        if not form.get(field):
            found[field] = f"Enter {what}."
        elif len(form[field]) > _LONGEST_NAME or not form[field].isprintable():
            found[field] = f"Enter {what} in at most {_LONGEST_NAME} letters."
    if not _EMAIL.fullmatch(form.get("email", "")):
        found["email"] = "Enter an email address, such as name@trust.nhs.uk."
    about = [form.get("first_name", ""), *form.get("email", "").split("@")[0].split(".")]
    weak = passwords.problem_with(password, about=about)
    if weak:
        found["password"] = weak
    return found
