"""People, beds and the law for machines: reading, and the acts of the pages."""
