"""Addresses of transfers, of other referrals, and of a service’s page."""

from django.urls import path

from referrals.pages import board, finding, new, questions, service, worklist
from referrals.pages.urls_referral import REFERRAL
from referrals.pages.urls_transfer import TRANSFER

app_name = "referrals"

NEW = [
    path("transfers/new/", new.start, name="new"),
    path("transfers/new/<uuid:draft_id>/discard/", new.discard, name="discard"),
    path("transfers/new/<uuid:draft_id>/person/", finding.person, name="person"),
    path("transfers/new/<uuid:draft_id>/choose/", finding.choose, name="choose"),
    path("transfers/new/<uuid:draft_id>/trace/", finding.trace, name="trace"),
    path("transfers/new/<uuid:draft_id>/arrived/", finding.arrived, name="arrived"),
    path("transfers/new/<uuid:draft_id>/register/", finding.register, name="register"),
    path("transfers/new/<uuid:draft_id>/<slug:question>/", questions.question, name="question"),
    path("transfers/<uuid:public_id>/asked/", new.asked, name="asked"),
]

LISTS = [
    path("transfers/", worklist.worklist, name="worklist"),
    path("transfers/board/", board.board, name="board"),
    path("services/<uuid:public_id>/", service.service, name="service"),
]

urlpatterns = [*LISTS, *NEW, *TRANSFER, *REFERRAL]
