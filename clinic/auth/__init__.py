"""Who may come into the staff rooms: accounts, passwords, one-time codes and sessions."""

from clinic.auth.accounts import accounts_exist
from clinic.auth.setup_links import LinkRefused, new_setup_link
from clinic.auth.signing_in import Door

__all__ = ["Door", "LinkRefused", "accounts_exist", "new_setup_link"]
