"""What Harbour says: every fixed sentence, read from ``data/content/*.yml`` and checked.

>>> content = Content.load()
>>> content.crisis.opening("respond_now", "overdose_taken").pick(said=[])
>>> content.notices.handover.joined.pick(name="Amina", role="crisis nurse")
"""

from content.errors import ContentError
from content.helplines import Contact, Helpline, Helplines
from content.loading import Content
from content.sentences import Variants, fill

__all__ = ["Contact", "Content", "ContentError", "Helpline", "Helplines", "Variants", "fill"]
