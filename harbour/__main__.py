"""`python -m harbour`."""

from harbour.cli import main

main()
