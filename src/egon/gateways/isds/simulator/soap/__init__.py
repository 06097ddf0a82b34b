"""The SOAP door: ``/DS/dz``, ``/DS/dx``, ``/DS/df`` and ``/DS/DsManage``."""
