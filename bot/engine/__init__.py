"""What runs inside Rasa: a sealed channel, a durable tracker store, and the few things changed in Rasa.

Rasa imports this package because config.yml, endpoints.yml and credentials.yml name classes in it, so what
happens here happens in `rasa run`, `train`, `test` and `shell` alike.
"""

from bot.engine.quiet import silence

silence()

from bot.engine.patches import apply  # noqa: E402  # telemetry goes off before anything else of Rasa's is imported

apply()
