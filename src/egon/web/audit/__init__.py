"""History and the transaction log."""
