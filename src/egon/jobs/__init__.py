"""Background work: deferred in the transaction that needs it, run by the worker, retried by the type of the error."""
