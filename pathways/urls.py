"""Addresses of beds and of who is kept apart. Random ids only: no name and no number of a person."""

from django.urls import path

from pathways.pages import apart, bed, bed_acts, bed_board, bed_leave

app_name = "pathways"

BED = "beds/<uuid:public_id>/"
USE = "beds/uses/<uuid:public_id>/"

BEDS = [
    path("beds/", bed_board.board, name="beds"),
    path(BED, bed.bed, name="bed"),
    path(f"{BED}hold/", bed_acts.hold, name="hold_bed"),
    path(f"{BED}take/", bed_acts.take, name="take_bed"),
    path(f"{BED}close/", bed_acts.close, name="close_bed"),
    path(f"{USE}change/", bed_acts.change_hold, name="change_hold"),
    path(f"{USE}give-back/", bed_acts.give_back, name="give_back"),
    path(f"{USE}move/", bed_acts.move, name="move_bed"),
    path(f"{USE}swap/", bed_acts.swap, name="swap_bed"),
    path(f"{USE}departure/", bed_acts.departure, name="expect_departure"),
    path(f"{USE}reopen/", bed_acts.reopen, name="reopen_bed"),
    path(f"{USE}release/", bed_leave.release, name="release_kept"),
]

APART = [
    path("patients/<uuid:public_id>/keep-apart/", apart.keep_apart, name="keep_apart"),
    path("patients/<uuid:public_id>/keep-apart/<uuid:apart_id>/end/", apart.end, name="end_keep_apart"),
]

urlpatterns = [*BEDS, *APART]
