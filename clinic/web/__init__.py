"""The staff rooms' web pages: signing in, the inbox and its threads.

`staff_app` is the whole application of the staff listener; `routes` are its routes alone. A room that shares
the listener guards its endpoints with `clinic.web.access.require`, extends ``staff_base.html`` from
`TEMPLATES`, and passes it `clinic.web.pages.shell`.
"""

from clinic.web.access import Access, public, require
from clinic.web.app import routes, staff_app
from clinic.web.pages import TEMPLATES, shell
from clinic.web.room import ClinicRoom

__all__ = ["TEMPLATES", "Access", "ClinicRoom", "public", "require", "routes", "shell", "staff_app"]
