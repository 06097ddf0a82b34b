"""Tables of records.

Values (states, marks, roles) are the enums of :mod:`egon.records.rules`; the database keeps their codes.
"""

from egon.records.models.access import AccessGrant
from egon.records.models.checkouts import CheckOut
from egon.records.models.conversions import FormatConversion
from egon.records.models.own_metadata import OwnField, OwnList, OwnValue
from egon.records.models.plan import DisposalHold, DisposalRegime, FilingPlan, RecordClass, Resorting, ResortingItem
from egon.records.models.printing import PrintItem, PrintRun
from egon.records.models.records import (
    Addressee,
    CaseFile,
    Component,
    ComponentVersion,
    Document,
    DocumentAccess,
    DocumentKind,
    DocumentTemplate,
    FormerNumber,
    PaperPart,
    PartyLink,
    RecordsSettings,
    TemplateVersion,
)
from egon.records.models.references import CrossReference
from egon.records.models.reminders import Reminder
from egon.records.models.removal import Destruction, DestructionItem, DestructionRun, DoomedContent, Withdrawal
from egon.records.models.reports import KeptReport
from egon.records.models.search_exports import SearchExport, SearchExportMonth
from egon.records.models.searches import SavedSearch
from egon.records.models.storing import FileNote, StoragePlace, StoredPaper
from egon.records.models.texts import ComponentText
from egon.records.models.typed import SectionMapping, TemplateSection, TypedFile, TypedSection, Volume

__all__ = [
    "AccessGrant",
    "Addressee",
    "CaseFile",
    "CheckOut",
    "Component",
    "ComponentText",
    "ComponentVersion",
    "CrossReference",
    "Destruction",
    "DestructionItem",
    "DestructionRun",
    "DisposalHold",
    "DisposalRegime",
    "Document",
    "DocumentAccess",
    "DocumentKind",
    "DocumentTemplate",
    "DoomedContent",
    "FileNote",
    "FilingPlan",
    "FormatConversion",
    "FormerNumber",
    "KeptReport",
    "OwnField",
    "OwnList",
    "OwnValue",
    "PaperPart",
    "PartyLink",
    "PrintItem",
    "PrintRun",
    "RecordClass",
    "RecordsSettings",
    "Reminder",
    "Resorting",
    "ResortingItem",
    "SavedSearch",
    "SearchExport",
    "SearchExportMonth",
    "SectionMapping",
    "StoragePlace",
    "StoredPaper",
    "TemplateSection",
    "TemplateVersion",
    "TypedFile",
    "TypedSection",
    "Volume",
    "Withdrawal",
]
