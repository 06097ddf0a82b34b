"""XML names of the ISDS web services (WSDL 3.11) and of the ZFO documents they give out."""

from typing import Final

SOAP_ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
"""SOAP 1.1, spoken on ws1 by every service; ``soapAction`` is an empty string everywhere."""

SOAP12_ENVELOPE: Final = "http://www.w3.org/2003/05/soap-envelope"
"""SOAP 1.2, spoken by the services of ws2 (large messages, archiving)."""

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

ISDS: Final = "http://isds.czechpoint.cz/v20"
"""The one namespace of all requests and answers, and of ``dmDm`` with its children inside a ZFO."""

ISDS_PASSWORDS: Final = "http://isds.czechpoint.cz/v20/asws"
"""Changing a password with a code (ChangePassword.wsdl)."""

ZFO_RECEIVED: Final = "http://isds.czechpoint.cz/v20/message"
ZFO_SENT: Final = "http://isds.czechpoint.cz/v20/SentMessage"
ZFO_DELIVERY: Final = "http://isds.czechpoint.cz/v20/delivery"

ISDS_FAMILY: Final = frozenset({ISDS, ZFO_RECEIVED, ZFO_SENT, ZFO_DELIVERY})
"""Namespaces whose elements mean the same thing whichever of them a document uses."""

SERVICE_OPERATIONS: Final = "dz"
"""``dm_operations.wsdl``: sending and downloading messages."""
SERVICE_INFO: Final = "dx"
"""``dm_info.wsdl``: lists, envelopes, delivery records."""
SERVICE_SEARCH: Final = "df"
"""``db_search.wsdl``: searching for boxes."""
SERVICE_ACCESS: Final = "DsManage"
"""``db_access.wsdl`` and ``db_manipulations.wsdl``: the logged-in box and user."""
SERVICE_BIG: Final = "vodz"
"""``dm_VoDZ.wsdl`` on ws2: large messages (velkoobjemové datové zprávy)."""
SERVICE_ARCHIVE: Final = "arch"
"""``dm_arch.wsdl`` on ws2: archive time stamps."""

BIG_SERVICES: Final = frozenset({SERVICE_BIG, SERVICE_ARCHIVE})
"""Services that live on ws2 and speak SOAP 1.2 with MTOM/XOP."""

XOP_INCLUDE: Final = "http://www.w3.org/2004/08/xop/include"
PUBLIC_DIRECTORY: Final = "http://seznam.gov.cz/ovm/ws/v1"
"""The public directory of boxes (SDS); plain XML without an envelope."""


def isds(local_name: str) -> str:
    """The name of an ISDS element in the form lxml wants (``{namespace}name``)."""
    return f"{{{ISDS}}}{local_name}"


def soap(local_name: str) -> str:
    """The name of a SOAP 1.1 element in the form lxml wants."""
    return f"{{{SOAP_ENVELOPE}}}{local_name}"


XSI_NIL: Final = f"{{{XSI}}}nil"
