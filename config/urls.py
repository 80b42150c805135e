"""Every address of the application. Each app lists its own; none holds a name or a number of a person."""

from django.urls import include, path

from organisations import roles

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"

urlpatterns = [
    path("", include("core.urls")),
    path("accounts/", include("accounts.urls")),
    path("role/", roles.switch, name="role"),
    path("api/", include("config.api_urls")),
    path("", include("organisations.urls")),
    path("", include("desk.urls")),
    path("", include("pathways.urls")),
    path("", include("referrals.urls")),
    path("", include("assessments.urls")),
    path("", include("reports.urls")),
]
