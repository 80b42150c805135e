"""Addresses of assessments for machines: the verbs are those of the pages."""

from django.urls import URLPattern, path

from assessments.api import reading, verbs

DRAFT = "assessments/drafts/<uuid:public_id>/"
SIGNED = "assessments/<uuid:public_id>/"

ASSESSMENTS: list[URLPattern] = [
    path("assessments/", reading.Assessments.as_view(), name="assessments"),
    path("assessments/drafts/", reading.Drafts.as_view(), name="drafts"),
    path("assessments/claim/<uuid:public_id>/", verbs.Claim.as_view(), name="claim"),
    path(DRAFT, reading.OneDraft.as_view(), name="draft"),
    path(f"{DRAFT}sections/<slug:kind>/", verbs.SaveSection.as_view(), name="section"),
    path(f"{DRAFT}recommendation/", verbs.SaveRecommendation.as_view(), name="recommendation"),
    path(f"{DRAFT}instruments/", verbs.AddRating.as_view(), name="ratings"),
    path(f"{DRAFT}instruments/<uuid:rating_id>/remove/", verbs.RemoveRating.as_view(), name="remove_rating"),
    path(f"{DRAFT}sign/", verbs.Sign.as_view(), name="sign"),
    path(f"{DRAFT}take-over/", verbs.TakeOver.as_view(), name="take_over_draft"),
    path(f"{DRAFT}give-up/", verbs.GiveUp.as_view(), name="give_up"),
    path(SIGNED, reading.OneAssessment.as_view(), name="assessment"),
    path(f"{SIGNED}accept/", verbs.Accept.as_view(), name="accept"),
    path(
        f"{SIGNED}questions/<uuid:acceptance_id>/answer/",
        verbs.AnswerQuestion.as_view(),
        name="answer_question",
    ),
    path(f"{SIGNED}sections/<slug:kind>/confirm/", verbs.Confirm.as_view(), name="confirm"),
    path(f"{SIGNED}correct/", verbs.Correct.as_view(), name="correct"),
    path(f"{SIGNED}end-currency/", verbs.EndCurrency.as_view(), name="end_currency"),
]
