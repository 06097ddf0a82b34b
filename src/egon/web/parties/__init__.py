"""The register of outside persons."""
