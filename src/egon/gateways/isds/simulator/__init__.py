"""A simulator of the Czech data boxes (ISDS) that runs as a process of its own.

It speaks the real SOAP at the real paths, seals what it gives out as ISDS does, knows states, events, fiction and
erasure by a clock one can move, breaks on request, and has a page on which a person may act as any box.
Start it with ``python -m egon.gateways.isds.simulator --port 8900 --data DIR``; see ``README.md`` beside this file.
"""
