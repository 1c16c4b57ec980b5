"""The small English networks that redaction, the screen and Rasa's intents read with.

How words are cut for them, how a network is kept and checked, how a sentence becomes a vector, and how one is taught.
"""
