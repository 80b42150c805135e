"""Sending a verb's form as a browser does, and reading what came of it."""

import re
from html import unescape

from tests.referrals.asking import text
from tests.world import client_of

WHY = "It was entered on the wrong day."


def address(referral, verb):
    return f"/transfers/{referral.public_id}/{verb}/"


def send(user, referral, verb, **given):
    """Open a verb's form, fill it in and send it, as a browser does with the hidden fields."""
    client = client_of(user)
    shown = client.get(address(referral, verb))
    assert shown.status_code == 200, text(shown)
    return client.post(address(referral, verb), {**hidden(shown), **given})


def hidden(response):
    """The hidden fields of the page's own form."""
    main = response.content.decode().split("<main", 1)[1]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def says(response):
    return unescape(text(response))


def done(response):
    assert response.status_code == 302, says(response)
    return response


def refused(response, sentence, status=409):
    assert response.status_code == status, says(response)
    assert sentence in says(response)
    return response
