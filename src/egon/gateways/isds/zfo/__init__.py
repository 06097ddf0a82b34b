"""ZFO: signed data messages and delivery receipts as ISDS gives them out – reading and checking."""

from egon.gateways.isds.zfo.model import Zfo, ZfoFile, ZfoKind, ZfoLimits
from egon.gateways.isds.zfo.reader import read_zfo
from egon.gateways.isds.zfo.verification import Level, Summary, ZfoVerification, verify_zfo

__all__ = ["Level", "Summary", "Zfo", "ZfoFile", "ZfoKind", "ZfoLimits", "ZfoVerification", "read_zfo", "verify_zfo"]
