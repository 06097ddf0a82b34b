"""Taking in a store of messages that existed before the product: folders and ZIPs of ZFO, databases of Datovka.

``sources`` finds the files, ``rules`` says whose they are, ``work`` goes through them, the operations write.
"""
