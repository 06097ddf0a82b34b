from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Installs the tables of reactions and of guards once all domains are loaded."""

    name = "egon.config"
    label = "config"

    def ready(self) -> None:
        from egon.audit.operation import guard_by
        from egon.config.wiring import GUARDS, ON_PAPER, REACTIONS
        from egon.kernel.events import wire
        from egon.records.on_paper import ask_of

        wire(REACTIONS)
        guard_by(GUARDS)
        ask_of(ON_PAPER)
