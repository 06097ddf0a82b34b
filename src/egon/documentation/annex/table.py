"""The whole annex: its entities in their order, each with its rows."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Model

from egon.documentation.annex.documents import OF_COMPONENT, OF_DOCUMENT
from egon.documentation.annex.entries import Entry
from egon.documentation.annex.files import OF_FILE
from egon.documentation.annex.parties import OF_PARTY
from egon.documentation.annex.plan import OF_CLASS, OF_PLAN, OF_REGIME, OF_TEMPLATE_SECTION
from egon.documentation.annex.typed import OF_SECTION, OF_TYPED_FILE, OF_VOLUME
from egon.parties.models import Party
from egon.records.models import (
    CaseFile,
    Component,
    DisposalRegime,
    Document,
    FilingPlan,
    RecordClass,
    TemplateSection,
    TypedFile,
    TypedSection,
    Volume,
)

ANNEX: Final[Mapping[str, tuple[type[Model], Sequence[Entry]]]] = {
    "Metadata skartačního režimu": (DisposalRegime, OF_REGIME),
    "Metadata věcné skupiny": (RecordClass, OF_CLASS),
    "Metadata součásti typového spisu v šabloně typového spisu": (TemplateSection, OF_TEMPLATE_SECTION),
    "Metadata skartačního plánu": (FilingPlan, OF_PLAN),
    "Metadata komponenty": (Component, OF_COMPONENT),
    "Metadata dokumentu": (Document, OF_DOCUMENT),
    "Metadata spisu": (CaseFile, OF_FILE),
    "Metadata typového spisu": (TypedFile, OF_TYPED_FILE),
    "Metadata součásti typového spisu": (TypedSection, OF_SECTION),
    "Metadata dílu typového spisu": (Volume, OF_VOLUME),
    "Metadata záznamu ve jmenném rejstříku": (Party, OF_PARTY),
}
_BY_MODEL: Final = dict(ANNEX.values())


def entries_for(entity: Model) -> Sequence[Entry]:
    """Rows of the annex about the kind of thing that ``entity`` is."""
    return _BY_MODEL[type(entity)]
