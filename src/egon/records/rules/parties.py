"""What an outside person is to a document or a file, beside its sender and addressees."""

from egon.records.rules.labels import Labelled


class PartyRole(Labelled):
    """The role of a person of the jmenný rejstřík in a matter (NSESSS 2.8.3, 2.8.5)."""

    PARTICIPANT = "participant", "účastník řízení"
    REPRESENTATIVE = "representative", "zástupce nebo zmocněnec"
    CONCERNED = "concerned", "dotčená osoba"
    AUTHORITY = "authority", "dotčený orgán"
    OTHER = "other", "jiná osoba"
