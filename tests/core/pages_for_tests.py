"""Addresses that show how any view is answered, beside the real ones."""

from django.db import OperationalError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.http import require_POST
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.readlog import Action
from accounts.rights import Right
from config import urls
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from core.refusals import Refused
from organisations.doors import needs, needs_any, open_to_all_signed_in, open_to_anyone


def doorless(request):
    return HttpResponse("never seen")


@needs(Right.DECIDE, Right.OPEN_PATIENT)
def decide(request):
    return HttpResponse("decided")


@needs_any(Right.EXPORT, Right.DECIDE)
def either(request):
    return HttpResponse("either")


@open_to_all_signed_in
def mine(request):
    return HttpResponse(request.actor.role)


@open_to_anyone
def anyone(request):
    return HttpResponse("anyone")


@open_to_all_signed_in
def refuse(request):
    raise Refused("That bed is taken for part of this time.")


@require_POST
@open_to_all_signed_in
def button(request):
    return HttpResponse("pressed")


@open_to_all_signed_in
def away(request):
    raise OperationalError("server closed the connection unexpectedly")


@open_to_all_signed_in
def broken(request):
    raise ZeroDivisionError


@needs(Right.OPEN_PATIENT)
def person(request, public_id, number):
    """A page about the people whose keys are given."""
    if number == 404:
        raise Http404
    request.reads.saw([number])
    return HttpResponse("about a person")


@open_to_all_signed_in
def search(request, number):
    request.reads.saw([number], Action.SEARCH)
    return HttpResponse("found a person")


@open_to_all_signed_in
def unsealed(request, number):
    request.reads.saw([number], reason="Taken ill", must_be_logged=True)
    return HttpResponse("behind the glass")


@open_to_all_signed_in
def stream(request, number):
    request.reads.saw([number, number + 1], Action.EXPORT)
    return StreamingHttpResponse(_rows(request))


def _rows(request):
    """What the log holds when the first byte is asked for."""
    from accounts.models import Access

    yield f"{Access.objects.filter(request_id=request.request_id).count()}"


@open_to_all_signed_in
def too_late(request):
    def rows():
        request.reads.saw([1])
        yield "shown before it is logged"

    return StreamingHttpResponse(rows())


class Declared(APIView):
    rights = (Right.DECIDE,)

    def get(self, request):
        return Response({"role": request.actor.role})

    def post(self, request):
        raise Refused("That bed is taken.", field="bed")


class People(APIView):
    rights = (Right.OPEN_PATIENT,)

    def get(self, request):
        request.reads.saw([3, 4], Action.API)
        return Response([])


class Undeclared(APIView):
    def get(self, request):
        return Response({"never": "seen"})


urlpatterns = [
    path("t/doorless/", doorless),
    path("t/decide/", decide),
    path("t/either/", either),
    path("t/mine/", mine),
    path("t/anyone/", anyone),
    path("t/refuse/", refuse),
    path("t/button/", button),
    path("t/away/", away),
    path("t/broken/", broken),
    path("t/person/<uuid:public_id>/<int:number>/", person, name="person"),
    path("t/search/<int:number>/", search),
    path("t/unsealed/<int:number>/", unsealed),
    path("t/stream/<int:number>/", stream),
    path("t/too-late/", too_late),
    path("api/t/declared/", Declared.as_view()),
    path("api/t/people/", People.as_view()),
    path("api/t/undeclared/", Undeclared.as_view()),
    path("api/t/away/", away),
    *urls.urlpatterns,
]
