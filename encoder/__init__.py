"""The small English encoder that redaction and the safety screen share: how words are cut for it, how it is kept
and loaded, and (in `training`) how it is taught. It knows nothing of either."""
