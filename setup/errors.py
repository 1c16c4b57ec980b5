"""What the set-up says when it cannot go on."""


class SetupError(Exception):
    """One clear sentence for the person at the terminal; never shown as a traceback."""
