"""Everything that changes an assessment. Each act is one transaction; import the module, not the function."""

from assessments.actions.drafts import (
    abandon,
    add_rating,
    add_to_copy,
    claim_assessment,
    remove_rating,
    save_recommendation,
    save_section,
    take_over,
)
from assessments.actions.reports import record_report, withdraw_report
from assessments.actions.sharing import accept_assessment, answer_question, confirm_section, end_currency
from assessments.actions.signing import correct, sign_assessment

__all__ = [
    "abandon",
    "accept_assessment",
    "add_rating",
    "add_to_copy",
    "answer_question",
    "claim_assessment",
    "confirm_section",
    "correct",
    "end_currency",
    "record_report",
    "remove_rating",
    "save_recommendation",
    "save_section",
    "sign_assessment",
    "take_over",
    "withdraw_report",
]
