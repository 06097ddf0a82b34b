"""The inbox, hand-over, approval, distribution; the home page."""
