"""People and beds for machines: reading, and the acts of the bed pages."""
