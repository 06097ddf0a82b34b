"""Uninterrupted number series (vyhláška 259/2012 Sb. § 10)."""
