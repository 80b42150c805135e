"""A signed-in page that shows nothing: the yardstick for every other page."""

from django.shortcuts import render
from django.urls import path

from config import urls
from organisations.doors import open_to_all_signed_in


@open_to_all_signed_in
def bare(request):
    """The layout alone, with sign-in, the actor and a door."""
    return render(request, "core/no_role.jinja")


urlpatterns = [path("bare/", bare, name="bare"), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
