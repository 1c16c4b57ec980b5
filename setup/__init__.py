"""Sets Harbour up on a bare machine: standard library only, run as ``python -m setup TASK`` by the Makefile."""
