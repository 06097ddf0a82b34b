"""Files joined by fixed cross-references, also through one another (NSESSS 4.1.2)."""

from collections.abc import Sequence

from django.db.models import Q

from egon.records.models import CaseFile, CrossReference


def group_of(file: CaseFile) -> list[CaseFile]:
    """The file and all joined to it; one query when there are none."""
    return groups_of([file])[0]


def groups_of(files: Sequence[CaseFile]) -> list[list[CaseFile]]:
    """The files, each with all joined to it, every file in one group only. Those given stay the same instances."""
    groups, done = [], set[int]()
    neighbours = _neighbours([file.pk for file in files])
    known = {file.pk: file for file in files}
    for file in files:
        if file.pk in done:
            continue
        pks = _reached_from(file.pk, neighbours)
        others = CaseFile.objects.select_related("record_class").in_bulk([pk for pk in pks if pk not in known])
        groups.append([file, *({**known, **others}[pk] for pk in sorted(pks))])
        done |= {file.pk, *pks}
    return groups


def _reached_from(start: int, neighbours: dict[int, set[int]]) -> set[int]:
    """Keys of files joined to one, without itself; what is not known yet is asked for step by step."""
    reached, ahead = {start}, set(neighbours.get(start, ()))
    while ahead:
        reached |= ahead
        neighbours.update(_neighbours([pk for pk in ahead if pk not in neighbours]))
        ahead = {pk for one in ahead for pk in neighbours.get(one, ())} - reached
    return reached - {start}


def _neighbours(pks: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {pk: set() for pk in pks}
    if not pks:
        return found
    joined = CrossReference.objects.filter(Q(file__in=pks) | Q(to_file__in=pks), fixed=True)
    for one, other in joined.values_list("file_id", "to_file_id"):
        for here, there in ((one, other), (other, one)):
            if here in found:
                found[here].add(there)
    return found
