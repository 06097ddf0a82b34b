"""Pages of what the keepers set for the evidence of documents: kinds, own metadata, templates."""
