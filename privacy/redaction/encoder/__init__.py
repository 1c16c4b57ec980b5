"""The small English encoder of the redactor: how words are cut for it, how a network is kept, and how one is taught."""
