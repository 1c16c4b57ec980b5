"""What stops Harbour from starting."""


class CannotStart(Exception):
    """One clear sentence for the person who started Harbour: what is wrong and what to do. Never a traceback."""
