"""Pages that put many floors together."""
