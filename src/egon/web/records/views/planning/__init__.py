"""Pages of those who keep the filing plan: versions, classes, regimes, re-sorting."""
