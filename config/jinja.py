"""The Jinja environment of our pages: strict for our templates, lenient for those of the NHS component library."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, StrictUndefined, Template

from core import forms, pages, tables
from desk.around import around
from desk.shell import shell


class PageEnvironment(Environment):
    """Ours: a name that is not there is an error.

    The component library reads parameters that nobody gave (`params.hint.text`), so its templates live in an
    environment of their own; `{% from "nhsuk/components/button/macro.jinja" import button %}` works as documented.
    """

    components: Environment

    def get_template(self, name: Any, *args: Any, **kwargs: Any) -> Template:
        if isinstance(name, str) and name.startswith("nhsuk/"):
            return self.components.get_template(name)
        return super().get_template(name, *args, **kwargs)


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend asks for (TEMPLATES in settings)."""
    options |= {
        "undefined": StrictUndefined,
        "autoescape": _is_page,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "loader": FileSystemLoader(settings.BASE_DIR / "templates"),
    }
    ours = PageEnvironment(**options)
    ours.components = Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        undefined=ChainableUndefined,
        autoescape=True,
        auto_reload=False,
    )
    ours.filters.update(pages.FILTERS)
    ours.globals.update(
        static=static,
        url=url,
        component=pages.component,
        draw={"tag": pages.tag, "due_tag": pages.due_tag},
        form_field=forms.form_field,
        error_list=forms.error_list,
        query=tables.query,
        shell=shell,
        around=around,
        demo=settings.DEMO,
        demo_password=settings.DEMO_PASSWORD if settings.DEMO else "",
    )
    return ours


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named route: `url("referrals:transfer", referral.public_id)`."""
    return reverse(name, args=args, kwargs=kwargs)


def _is_page(name: str | None) -> bool:
    """E-mails are plain text; everything else is escaped."""
    return not (name or "").endswith(".txt")
