"""Somebody signed in to a running stack, by plain HTTP."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request

PASSWORD = "Pathways-2026-demo"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Browser:
    """Keeps cookies, sends forms with what is hidden in them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def get(self, path: str, timeout: float = 30) -> tuple[int, str]:
        """Status and body."""
        return self._open(urllib.request.Request(self.url + path), timeout)

    def post(self, path: str, fields: dict[str, str], timeout: float = 30) -> tuple[int, str]:
        """Opens the form, then sends it with its hidden fields and these."""
        status, page = self.get(path)
        if status != 200:
            return status, page
        return self.send(path, page, fields, timeout)

    def send(self, path: str, page: str, fields: dict[str, str], timeout: float = 30) -> tuple[int, str]:
        """Sends a form that is open already."""
        hidden = dict(HIDDEN.findall(page))
        token = TOKEN.search(page)
        if token:
            hidden["csrfmiddlewaretoken"] = token.group(1)
        data = urllib.parse.urlencode({**hidden, **fields}).encode()
        headers = {"Origin": self.url, "Referer": self.url + path}
        return self._open(urllib.request.Request(self.url + path, data, headers), timeout)

    def sign_in(self, email: str) -> "Browser":
        """Signs in as one of the demonstration's people."""
        status, _ = self.post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert status == 200, status
        return self

    def _open(self, request: urllib.request.Request, timeout: float) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode(errors="replace")
        except OSError:
            return 0, ""
