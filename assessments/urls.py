"""Addresses of assessments. Random ids only; no name and no clinical word but the kinds of section."""

from django.urls import path

from assessments.views import drafts, lists, signed, words

app_name = "assessments"
urlpatterns = [
    path("assessments/", lists.assessments, name="list"),
    path("assessments/of/<uuid:public_id>/", lists.person, name="person"),
    path("assessments/claim/<uuid:public_id>/", lists.claim, name="claim"),
    path("assessments/drafts/<uuid:public_id>/", drafts.draft, name="draft"),
    path("assessments/drafts/<uuid:public_id>/sections/<slug:kind>/", words.section, name="section"),
    path("assessments/drafts/<uuid:public_id>/recommendation/", words.recommendation, name="recommendation"),
    path("assessments/drafts/<uuid:public_id>/instruments/", words.ratings, name="ratings"),
    path(
        "assessments/drafts/<uuid:public_id>/instruments/<uuid:rating_id>/remove/",
        words.remove_rating,
        name="remove_rating",
    ),
    path("assessments/drafts/<uuid:public_id>/sign/", drafts.sign, name="sign"),
    path("assessments/drafts/<uuid:public_id>/take-over/", drafts.take_over, name="take_over"),
    path("assessments/drafts/<uuid:public_id>/give-up/", drafts.give_up, name="give_up"),
    path("assessments/<uuid:public_id>/", signed.signed, name="signed"),
    path("assessments/<uuid:public_id>/print/", signed.print_signed, name="print"),
    path("assessments/<uuid:public_id>/accept/", signed.accept, name="accept"),
    path(
        "assessments/<uuid:public_id>/questions/<uuid:acceptance_id>/answer/",
        signed.answer_question,
        name="answer_question",
    ),
    path("assessments/<uuid:public_id>/sections/<slug:kind>/confirm/", signed.confirm, name="confirm"),
    path("assessments/<uuid:public_id>/correct/", signed.correct, name="correct"),
    path("assessments/<uuid:public_id>/end-currency/", signed.end_currency, name="end_currency"),
]
