"""The one event loop of these tests: connections to Rasa belong to the loop in which they were made."""

import asyncio

RUNNER = asyncio.Runner()
