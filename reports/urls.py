"""Addresses of figures and exports."""

from django.urls import path

from reports.pages import beds, exports, rows, saved, stays, transfers

app_name = "reports"

urlpatterns = [
    path("dashboards/", transfers.dashboards, name="dashboards"),
    path("dashboards/transfers/", transfers.transfers, name="transfers"),
    path("dashboards/transfers/rows/", rows.rows, name="rows"),
    path("dashboards/transfers/views/", saved.keep, name="keep_view"),
    path("dashboards/transfers/views/<uuid:view_id>/remove/", saved.remove, name="remove_view"),
    path("dashboards/beds/", beds.beds, name="beds"),
    path("dashboards/beds/rows/", stays.stays, name="stays"),
    path("exports/", exports.exports, name="exports"),
    path("exports/ask/", exports.ask, name="ask"),
    path("exports/dictionary/", exports.dictionary, name="dictionary"),
    path("exports/<uuid:public_id>/", exports.export, name="export"),
    path("exports/<uuid:public_id>/file/", exports.download, name="download"),
]
