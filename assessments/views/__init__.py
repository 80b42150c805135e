"""The pages of assessments: lists and starting one, writing a draft, and a signed version."""
