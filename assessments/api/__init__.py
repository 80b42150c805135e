"""Assessments for machines: signed versions as a reader may read them, drafts, and the verbs of the pages."""
