"""Uninterrupted number series (vyhláška 259/2012 Sb. § 10)."""

from egon.numbering.series import OutsideTransaction, take

__all__ = ["OutsideTransaction", "take"]
