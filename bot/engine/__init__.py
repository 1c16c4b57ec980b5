"""What runs inside Rasa: a sealed channel, a durable tracker store, and the few things changed in Rasa.

Rasa imports this package because config.yml, endpoints.yml and credentials.yml name classes in it, so what
happens here happens in `rasa run`, `train`, `test` and `shell` alike. The order matters: telemetry goes off
and TensorFlow is left out before anything else of Rasa's is imported.
"""

from bot.engine import light, quiet

quiet.silence()
if light.started_by_our_command():
    light.leave_out()

from bot.engine import patches  # noqa: E402

patches.apply()
