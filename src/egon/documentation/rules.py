"""Rules of what people state of the installation. Pure functions."""

from collections.abc import Mapping
from datetime import date


def faults_of_facts(days: Mapping[str, date | None], *, attested_version: str) -> list[str]:
    """What is wrong with the dates of an installation, all of it, in Czech. NSESSS 10.1.1 c, d, e, k."""
    trial, regular, ended = days["trial_from"], days["regular_from"], days["ended_on"]
    faults = []
    if trial and regular and regular < trial:
        faults.append("Řádný provoz nemůže začít dřív než zkušební.")
    first = trial or regular
    if ended and not first:
        faults.append("Provoz nemůže skončit, když nezačal: vyplňte zkušební nebo řádný provoz.")
    if ended and first and ended < first:
        faults.append("Provoz nemůže skončit dřív, než začal.")
    if bool(days["attested_on"]) != bool(attested_version.strip()):
        faults.append("Atest má den i verzi: vyplňte obojí, nebo nic.")
    return faults
