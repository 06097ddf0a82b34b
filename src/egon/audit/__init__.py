"""The transaction log (transakční protokol) and ``@operation``, through which every write passes."""
