from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Installs the table of reactions once all domains are loaded."""

    name = "egon.config"
    label = "config"

    def ready(self) -> None:
        from egon.config.wiring import REACTIONS
        from egon.kernel.events import wire

        wire(REACTIONS)
