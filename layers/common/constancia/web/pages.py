"""Server-rendered pages: Jinja with govuk-frontend's accessible markup and our own stylesheet.

Jinja is imported with the first page, so that calls of the API do not wait for it.
"""

from functools import cached_property
from gettext import NullTranslations
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from constancia.domain.emblems import DEFAULT_EMBLEM, emblem_svg
from constancia.domain.seal import DEMO_NOTICE, DEMO_TITLE
from constancia.web.headers import Privacy, page_headers
from constancia.web.problems import Problem
from constancia.web.static_files import static_files

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent
    from jinja2 import Environment

LANGUAGE = "es-PE"
HTML = "text/html; charset=utf-8"


class Pages:
    """The pages of one function: its own templates over the shared ones.

    Templates get `url(path)` and `static(name)`, which build links that hold under a stage's prefix too, and
    the file name of the emblem. On the site of a demonstration every page says that it is one.
    """

    def __init__(self, templates: Path, *, demo: bool, emblem: str = DEFAULT_EMBLEM) -> None:
        """`emblem` is the name of the one that the site shows.

        Raises:
            UnknownEmblemError: there is none of that name.
        """
        emblem_svg(emblem)
        self._templates = templates
        self._demo = (DEMO_TITLE, DEMO_NOTICE) if demo else None
        self._emblem = f"{emblem}.svg"

    def render(
        self,
        event: "BaseProxyEvent",
        template: str,
        *,
        privacy: Privacy,
        status: HTTPStatus = HTTPStatus.OK,
        headers: dict[str, str] | None = None,
        **context: Any,
    ) -> Response[str]:
        """Answer with a page."""
        prefix = path_prefix(event)

        def url(path: str) -> str:
            return prefix + path

        def static(name: str) -> str:
            return url(f"/static/{static_files()[name].name}")

        body = self._environment.get_template(template).render(
            context,
            url=url,
            static=static,
            section=event.path.split("/")[1],
            emblem=self._emblem,
            language=LANGUAGE,
            demo=self._demo,
        )
        return Response(
            status_code=status, content_type=HTML, body=body, headers=page_headers(privacy) | (headers or {})
        )

    def problem(self, event: "BaseProxyEvent", problem: Problem) -> Response[str]:
        """Answer with the page of a refusal: the same code and texts as the API's problem."""
        return self.render(
            event, "problem.html", privacy=Privacy.PERSONAL, status=problem.text.status, problem=problem
        )

    @cached_property
    def _environment(self) -> "Environment":
        return _new_environment(self._templates)


def path_prefix(event: "BaseProxyEvent") -> str:
    """The part of the address before our own paths: `/prod` under execute-api's host, else nothing."""
    whole = str(event["requestContext"].get("path") or event.path)
    return whole.removesuffix(event.path).rstrip("/") if whole.endswith(event.path) else ""


def see_other(event: "BaseProxyEvent", path: str) -> Response[str]:
    """Send the browser to a page of ours after a form (POST-redirect-GET)."""
    return Response(
        status_code=HTTPStatus.SEE_OTHER,
        content_type=HTML,
        body="",
        headers=page_headers(Privacy.PERSONAL) | {"Location": path_prefix(event) + path},
    )


def _new_environment(templates: Path) -> "Environment":
    from jinja2 import (  # noqa: PLC0415 - only pages pay for it
        ChoiceLoader,
        Environment,
        FileSystemLoader,
        PackageLoader,
        PrefixLoader,
    )

    from constancia.web.undefined import PageUndefined  # noqa: PLC0415

    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader([templates, Path(__file__).parent / "templates"]),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        undefined=PageUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # Spanish is the language of the sources; catalogues of others take this place.
    environment.install_gettext_translations(NullTranslations(), newstyle=True)  # type: ignore[attr-defined]
    return environment
