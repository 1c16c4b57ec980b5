"""A process like a serving Harbour: it seals and opens without pause. Any failure ends it, loudly."""

from __future__ import annotations

import select
import sys
import time
from itertools import count

from bot.settings import Settings
from privacy.pseudonym import Pseudonyms
from privacy.text import WrittenText
from privacy.vault import Vault, key_of
from store import contact_details, conversations
from store.contact_details import ContactKind
from store.models import Conversation, Message, Speaker
from store.session import Store

_LONGEST_SECONDS = 200


def main() -> None:
    settings = Settings()
    store, vault = Store(settings.database), Vault(settings.vault_keys())
    pseudonym = Pseudonyms(b"w" * 32).of("web", "writer")
    print("writing", flush=True)
    keys = set()
    until = time.monotonic() + _LONGEST_SECONDS
    for number in count(1):
        with store.begin() as session:
            chat = conversations.open_conversation(session, pseudonym, "web")
            sealed = vault.seal(f"words {number}", owner=chat.id, purpose="reply")
            conversations.append(session, chat, Speaker.CLINICIAN, WrittenText("-"), sealed=sealed)
            contact_details.share(session, vault, chat.person, ContactKind.PHONE, f"number {number}")
        keys.add(key_of(sealed))
        read_back(store, vault, chat.id, number)
        time.sleep(0.005)
        if select.select([sys.stdin], [], [], 0)[0] or time.monotonic() > until:
            print(f"{number} rounds, under {len(keys)} keys")
            return


def read_back(store: Store, vault: Vault, chat_id: str, number: int) -> None:
    """The newest words, and the oldest, which a rotation may have touched since."""
    with store.read() as session:
        chat = session.get_one(Conversation, chat_id)
        detail = contact_details.held(session, chat.person_id)[ContactKind.PHONE]
        assert contact_details.opened(vault, chat.person, detail) == f"number {number}"
        query = session.query(Message).filter_by(conversation_id=chat_id)
        for position in (1, number):
            sealed = query.filter_by(position=position).one().sealed
            assert sealed is not None
            assert vault.unseal(sealed, owner=chat_id, purpose="reply") == f"words {position}"


if __name__ == "__main__":
    main()
