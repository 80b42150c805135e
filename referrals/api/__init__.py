"""Transfers for machines: read them, and one POST for each verb that the pages have, by the same actions."""
