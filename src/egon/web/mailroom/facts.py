"""What the mailroom's pages show of a message: checks as chips, attachments with previews, envelope as facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from egon import storage
from egon.databox.models import DataMessage, MessageFile, Progress
from egon.kernel.errors import GatewayError
from egon.mailroom.envelopes import envelope_lines
from egon.mailroom.models import IntakeItem
from egon.web import formatting

LONGEST_SHOWN_TEXT: Final = 200_000

_LEVELS: Final[Mapping[str, tuple[str, str, str]]] = {
    "ok": ("v pořádku", "success", "Pečeť, otisk, časová razítka i formáty příloh jsou v pořádku."),
    "warning": ("s výhradou", "warning", "Něco nelze plně ověřit, nebo je třeba se podívat na formát přílohy."),
    "failed": ("neprošly", "error", "Soubor neodpovídá tomu, co ISDS zapečetil. Nepovažujte ho za pravý."),
}
_OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "PASSED": ("v pořádku", "success"),
    "INDETERMINATE": ("nelze určit", "warning"),
    "FAILED": ("neprošlo", "error"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A word with a tone; ``title`` is shown on hover."""

    label: str
    tone: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """Facts about one thing (seal, time stamp…) with the worst of their outcomes."""

    name: str
    chip: Chip
    facts: tuple[Mapping[str, str], ...]


def checks_chip(level: str, checks: Sequence[Mapping[str, str]] = ()) -> Chip:
    """The chip of a list: the level, and on hover every fact that did not pass."""
    if level not in _LEVELS:
        return Chip("nekontrolováno", "neutral", "Zpráva zatím není stažená nebo ji nešlo přečíst.")
    label, tone, title = _LEVELS[level]
    troubles = [fact["sentence"] for fact in checks if fact["outcome"] != "PASSED"]
    return Chip(label, tone, " ".join(troubles) or title)


def check_groups(message: DataMessage) -> list[CheckGroup]:
    """Every fact by what it is about, in the order of checking."""
    grouped: dict[str, list[Mapping[str, str]]] = {}
    for fact in message.checks:
        label, tone = _OUTCOMES[fact["outcome"]]
        grouped.setdefault(fact["group"], []).append({**fact, "label": label, "tone": tone})
    order = list(_OUTCOMES)
    groups = []
    for name, facts in grouped.items():
        worst = max((fact["outcome"] for fact in facts), key=order.index)
        groups.append(CheckGroup(name, Chip(*_OUTCOMES[worst]), tuple(facts)))
    return groups


def envelope_facts(message: DataMessage) -> list[dict[str, Any]]:
    """The envelope as pairs for ``components/definition_list.html``."""
    return [
        {"label": label, "value": value, "code": label == "Otisk obsahu"} for label, value in envelope_lines(message)
    ]


def attachments(item: IntakeItem, files: Sequence[MessageFile]) -> list[dict[str, Any]]:
    """Attachments as ``components/attachment_preview.html`` takes them."""
    return [_attachment(item, file) for file in files]


def _attachment(item: IntakeItem, file: MessageFile) -> dict[str, Any]:
    kind = formatting.preview_kind(file.media_type)
    return {
        "pk": file.pk,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "format": file.format_name,
        "chip": Chip("formát v pořádku", "success", file.format_name)
        if file.format_ok
        else Chip("formát k ověření", "warning", file.problem),
        "problem_text": file.problem,
        "url": reverse("mailroom:preview", args=[item.pk, file.pk]),
        "download_url": reverse("mailroom:download", args=[item.pk, file.pk]),
        "text": _text_of(file) if kind == "text" else "",
    }


def _text_of(file: MessageFile) -> str:
    """A short text file as text, whatever of the usual Czech encodings it is in; empty when it is long or missing."""
    if file.size > LONGEST_SHOWN_TEXT:
        return ""
    try:
        raw = storage.read(file.digest)
    except GatewayError:
        return ""
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("iso-8859-2")


def trouble_of(message: DataMessage) -> str:
    """Why a message cannot be registered as it is, and what to do; empty when nothing is wrong."""
    match message.progress:
        case Progress.FAILED:
            return f"{message.problem} Zprávu můžete nechat stáhnout znovu na stránce Schránky."
        case Progress.UNREADABLE:
            return f"{message.problem} Původní soubor zůstal uložený beze změny."
        case Progress.NOTICED:
            return "Zpráva zatím není převzatá, její obsah ISDS nevydá. O převzetí rozhodněte na stránce Schránky."
        case Progress.ANNOUNCED:
            return "Obsah zprávy se ještě stahuje."
        case _:
            return ""
