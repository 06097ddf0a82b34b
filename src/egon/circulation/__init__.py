"""Who has a document: hand-over, take-over, return, approval, distribution."""
