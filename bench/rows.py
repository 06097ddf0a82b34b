"""What one document brings: its draws, and the rows that are made of them in every table.

Draws are hashes of the document's number, so the data are the same each time. The times reach over a thousand days.
"""

from django.db import models

from egon.audit.models import LogRecord, LogSubject
from egon.circulation.models import Handover
from egon.databox.models import DataMessage
from egon.mailroom.models import Dispatch, Envelope, IntakeItem
from egon.numbering.models import Series
from egon.parties.models import Party, PartyWord
from egon.records.models import Addressee, CaseFile, Component, ComponentVersion, Document, PaperPart
from egon.search.models import Entry

FILE_EVERY = 4  # documents in one file
LARGE_FILE = 5_000  # documents in one file of the region, the second one opened
MINUTES = 1_000 * 1_440

DRAW = """
CREATE TEMP TABLE bench_drawn AS
SELECT d.n, %(tenant)s::int AS tenant, %(code)s::text AS code,
       %(document_id)s::bigint + d.n AS document,
       %(casefile_id)s::bigint + CASE WHEN d.large THEN 5 ELSE d.n - (d.n - 1) %% %(file_every)s END AS file,
       CASE WHEN d.large THEN %(file_every)s + 1 + d.n / %(large_step)s
            ELSE (d.n - 1) %% %(file_every)s + 1 END AS place,
       %(party_id)s::bigint + 1 + (d.draw / 11) %% %(parties)s AS sender,
       %(component_id)s::bigint + d.n AS component, %(componentversion_id)s::bigint + d.n AS version,
       %(party_id)s::bigint + d.n AS party, %(parties)s AS parties, name.name AS party_name, name.sort_key,
       %(handover_id)s::bigint + d.n AS handover, %(entry_id)s::bigint + d.n AS entry,
       %(datamessage_id)s::bigint + d.n AS message, %(intakeitem_id)s::bigint + d.n AS intake, %(box)s::bigint AS box,
       %(envelope_id)s::bigint + d.n AS envelope, %(addressee_id)s::bigint + d.n AS addressee,
       %(dispatch_id)s::bigint + d.n AS dispatch, %(paperpart_id)s::bigint + d.n AS paper_part,
       %(logrecord_id)s::bigint + d.n AS record, %(logsubject_id)s::bigint + d.n AS record_subject,
       %(series_id)s::bigint + 1 AS series, %(count)s AS count,
       (%(people)s::bigint[])[1 + d.draw %% cardinality(%(people)s::bigint[])] AS person,
       (%(units)s::bigint[])[1 + d.draw %% cardinality(%(people)s::bigint[])] AS unit,
       (%(names)s::text[])[1 + d.draw %% cardinality(%(people)s::bigint[])] AS person_name,
       -- Of the file: the person of its first document.
       (%(people)s::bigint[])[1 + (
           hashint8extended(CASE WHEN d.large THEN 5 ELSE d.n - (d.n - 1) %% %(file_every)s END, %(tenant)s)
           & 2147483647
       ) %% cardinality(%(people)s::bigint[])] AS processor,
       d.outgoing, CASE WHEN d.outgoing THEN '' WHEN d.n %% 5 < 2 THEN 'databox' ELSE 'post' END AS channel,
       CASE WHEN d.outgoing THEN 'delivered' WHEN d.n %% 20 < 16 THEN 'settled' WHEN d.n %% 20 < 18 THEN 'processing'
            WHEN d.n %% 20 = 18 THEN 'assigned' ELSE 'registered' END AS state,
       d.n %% 20 < 18 AS taken,
       timestamptz '2024-01-02 07:00+00'
       + make_interval(mins => (d.n::bigint * %(minutes)s / %(count)s + d.draw %% 200)::int) AS at,
       text.subject, text.n AS text,
       replace(replace(%(keys)s, 'qnumberq', d.n::text), 'qpaddedq', d.padded)::tsvector AS keys,
       %(code)s || ' ' || d.n || '/2024' AS reference, %(code)s || '-2024-' || d.padded AS identifier,
       (%(classes)s::bigint[])[d.leaf] AS class, (%(class_codes)s::text[])[d.leaf] AS class_code,
       (%(marks)s::text[])[d.leaf] AS mark, (%(years)s::int[])[d.leaf] AS years,
       (%(triggers)s::text[])[d.leaf] AS trigger
FROM (
    SELECT n, draw, lpad(n::text, greatest(6, length(n::text)), '0') AS padded, n %% 20 IN (4, 9, 14) AS outgoing,
           %(large_step)s > 0 AND n %% NULLIF(%(large_step)s, 0) = 3
               AND n / NULLIF(%(large_step)s, 0) < %(large)s AS large,
           -- A few classes have most of the files: a seventh is in the first one.
           1 + floor(%(leaves)s * power(draw / 17 %% 1000003 / 1000003.0, 4))::int AS leaf
    FROM (
        SELECT n, hashint8extended(n, %(tenant)s) & 2147483647 AS draw FROM generate_series(1, %(count)s) AS n
    ) AS drawn
) AS d
JOIN bench_text AS text ON text.n = (d.draw / 7) %% %(texts)s
JOIN bench_name AS name ON name.n = (d.draw / 13) %% %(known_names)s
ORDER BY d.n
"""
DRAWN = "bench_drawn"
# What the product's index keeps of a document beside its words (egon.records.indexing.Facet).
_FACETS = """array_to_tsvector(array_remove(ARRAY[
    CASE WHEN d.state <> 'registered' THEN 'f:u=' || d.unit END,
    CASE WHEN d.taken THEN 'f:h=' || d.person END, CASE WHEN d.taken THEN 'f:s=' || d.file END,
    CASE WHEN d.taken THEN 'f:p=' || d.processor END,
    CASE WHEN d.outgoing THEN 'f:d=outgoing' ELSE 'f:d=received' END, 'f:w=' || NULLIF(d.channel, ''),
    CASE WHEN d.taken THEN 'f:z=' || d.class_code END, CASE WHEN d.taken THEN 'f:r=' || lower(d.mark) END,
    CASE WHEN d.taken THEN 'f:r=' || lower(d.mark) || '/' || d.years END,
    'f:y=' || d.at::date, 'f:y=' || to_char(d.at, 'YYYY-MM'), 'f:y=' || to_char(d.at, 'YYYY'),
    'f:y=' || left(to_char(d.at, 'YYYY'), 3)
], NULL))"""
# The same of a file.
_FILE_FACETS = f"""array_to_tsvector(ARRAY[
    'f:u=' || d.unit, 'f:h=' || d.person, 'f:s=' || d.file, 'f:z=' || d.class_code, 'f:r=' || lower(d.mark),
    'f:r=' || lower(d.mark) || '/' || d.years
] || ARRAY(
    SELECT DISTINCT 'f:p=' || inside.person FROM bench_drawn AS inside
    WHERE inside.n BETWEEN d.n AND d.n + {FILE_EVERY - 1} AND inside.file = d.file AND inside.taken
))"""
SOURCES: dict[type[models.Model], str] = {
    Party: "bench_drawn WHERE n <= parties",
    PartyWord: "bench_drawn, unnest(string_to_array(lower(party_name), ' ')) AS said (word) WHERE n <= parties",
    CaseFile: f"bench_drawn WHERE n % {FILE_EVERY} = 1",
    Entry: "bench_drawn AS d JOIN bench_text AS t ON t.n = d.text",
    DataMessage: "bench_drawn WHERE channel = 'databox'",
    IntakeItem: "bench_drawn WHERE channel = 'databox'",
    Envelope: "bench_drawn WHERE channel = 'post'",
    PaperPart: "bench_drawn WHERE channel = 'post'",
    Addressee: "bench_drawn WHERE outgoing",
    Dispatch: "bench_drawn WHERE outgoing",
    Handover: "bench_drawn WHERE state <> 'registered'",
    Series: "bench_drawn WHERE n = 1",
}
_TENANT = {"tenant_id": "tenant"}
# Table → column → expression over one drawn row.
GENERATED: dict[type[models.Model], dict[str, str]] = {
    Party: _TENANT
    | {
        "id": "party",
        "kind": "'legal'",
        "name": "party_name",
        "created_at": "at",
        "changed_at": "at",
        "sort_key": "sort_key",
        "search_key": "lower(party_name)",
        "identifier": "md5('party' || party)::uuid::text",
    },
    PartyWord: _TENANT | {"party_id": "party", "word": "word"},
    CaseFile: _TENANT
    | {
        "id": "file",
        "identifier": "'S-' || identifier",
        "file_mark": "'S-' || reference",
        "subject": "subject",
        "record_class_id": "class",
        "class_code": "class_code",
        "disposal_mark": "mark",
        "retention_years": "years",
        "trigger": "trigger",
        "unit_id": "unit",
        "processor_id": "person",
        "state": "CASE WHEN n % 5 <> 0 THEN 'closed' ELSE 'open' END",
        "opened_on": "at::date",
        "settled_on": "CASE WHEN n % 5 <> 0 THEN at::date END",
        "closed_on": "CASE WHEN n % 5 <> 0 THEN at::date END",
        "disposal_year": "CASE WHEN n % 5 <> 0 THEN extract(year FROM at) + 1 + years END",
        "last_order": str(FILE_EVERY),
    },
    Document: _TENANT
    | {
        "id": "document",
        "identifier": "identifier",
        "reference_number": "reference",
        "direction": "CASE WHEN outgoing THEN 'outgoing' ELSE 'received' END",
        "subject": "subject",
        "unit_id": "CASE WHEN state <> 'registered' THEN unit END",
        "holder_id": "CASE WHEN taken THEN person END",
        "case_file_id": "CASE WHEN taken THEN file END",
        "order_in_file": "CASE WHEN taken THEN place END",
        "state": "state",
        "channel": "channel",
        "delivered_at": "CASE WHEN NOT outgoing THEN at END",
        "registered_at": "at",
        "sender_id": "CASE WHEN NOT outgoing THEN sender END",
        "component_count": "1",
        "settled_on": "CASE WHEN state IN ('settled', 'delivered') THEN at::date END",
        "deadline": "CASE WHEN n % 3 = 0 THEN at::date + 30 END",
    },
    Component: _TENANT
    | {
        "id": "component",
        "document_id": "document",
        "name": "'podani-' || n || '.pdf'",
        "media_type": "'application/pdf'",
        "role": "'main'",
        "position": "1",
        "identifier": "md5(component::text)::uuid::text",
    },
    ComponentVersion: _TENANT
    | {
        "id": "version",
        "component_id": "component",
        "number": "1",
        "digest": "encode(sha256(component::text::bytea), 'hex')",
        "size": "48000",
        "media_type": "'application/pdf'",
        "format_id": "'fmt/477'",
        "format_name": "'PDF/A-2b'",
        "form": "'original'",
        "created_at": "at",
    },
    Handover: _TENANT
    | {
        "id": "handover",
        "document_id": "document",
        "purpose": "'processing'",
        "state": "CASE WHEN taken THEN 'taken' ELSE 'waiting' END",
        "to_unit_id": "unit",
        "created_at": "at",
        "decided_at": "CASE WHEN taken THEN at END",
        "decided_by_id": "CASE WHEN taken THEN person END",
    },
    Entry: _TENANT
    | {
        "id": "entry",
        "entity_type": "'records.document'",
        "entity_id": "document",
        "title": "d.subject",
        "sort_at": "at",
        "tsv": f"t.tsv || d.keys || {_FACETS}",
    },
    DataMessage: _TENANT
    | {
        "id": "message",
        "box_id": "box",
        "dm_id": "(1000000000 + message)::text",
        "direction": "'received'",
        "progress": "'complete'",
        "state": "6",
        "sender_box_id": "'s' || lpad((sender % 1000000)::text, 6, '0')",
        "sender_name": "party_name",
        "annotation": "subject",
        "delivered_at": "at",
        "accepted_at": "at",
        "announced_at": "at",
        "stored_at": "at",
        "zfo_digest": "encode(sha256(message::text::bytea), 'hex')",
        "zfo_size": "70000",
        "checks_level": "'ok'",
    },
    IntakeItem: _TENANT
    | {
        "id": "intake",
        "channel": "'databox'",
        "state": "'registered'",
        "data_message_id": "message",
        "received_at": "at",
        "subject": "subject",
        "sender_name": "party_name",
        "files_count": "1",
        "files_size": "48000",
        "document_id": "document",
        "decided_at": "at",
        "decided_by": "person_name",
    },
    PaperPart: _TENANT
    | {
        "id": "paper_part",
        "document_id": "document",
        "carrier": "'paper'",
        "sheets": "1",
        "annexes": "0",
        "bundles": "0",
        "other_annexes": "0",
    },
    Envelope: _TENANT
    | {
        "id": "envelope",
        "document_id": "document",
        "kind": "'registered'",
        "post_number": "'RR' || lpad(envelope::text, 9, '0') || 'CZ'",
        "posted_on": "at::date",
        "envelope_kept": "true",
    },
    Addressee: _TENANT
    | {
        "id": "addressee",
        "document_id": "document",
        "party_id": "sender",
        "name": "party_name",
        "state": "'delivered'",
        "dispatched_at": "at",
        "delivered_at": "at",
    },
    Dispatch: _TENANT
    | {
        "id": "dispatch",
        "document_id": "document",
        "addressee_id": "addressee",
        "channel": "'databox'",
        "state": "'delivered'",
        "created_at": "at",
        "changed_at": "at",
        "sent_at": "at",
        "delivered_at": "at",
    },
    LogRecord: _TENANT
    | {
        "id": "record",
        "recorded_at": "at",
        "request_id": "gen_random_uuid()",
        "operation": "'records.document.register'",
        "outcome": "'done'",
        "person_id": "person",
        "actor_name": "person_name",
        "roles": "CASE WHEN n % 997 = 0 THEN ',auditor,' WHEN n % 10 = 0 THEN ',head,officer,' ELSE ',officer,' END",
        "subjects": "jsonb_build_array(jsonb_build_array('records.document', document, reference))",
        "parameters": "jsonb_build_object('subject', subject, 'reference_number', reference)",
    },
    LogSubject: _TENANT
    | {
        "id": "record_subject",
        "record_id": "record",
        "entity_type": "'records.document'",
        "entity_id": "document",
    },
    # The generated numbers carry the year 2024; the series of the present year starts by itself.
    Series: _TENANT | {"id": "series", "code": "'document'", "period": "'2024'", "last": "count"},
}

# Files are found, too: by what their first document is about.
FILE_ENTRY: dict[str, str] = GENERATED[Entry] | {
    "id": "entry + count",
    "entity_type": "'records.casefile'",
    "entity_id": "file",
    "tsv": f"t.title_tsv || d.keys || {_FILE_FACETS}",
}
FILE_ENTRY_SOURCE = f"bench_drawn AS d JOIN bench_text AS t ON t.n = d.text WHERE d.n % {FILE_EVERY} = 1"
