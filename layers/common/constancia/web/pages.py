"""Server-rendered pages: Jinja with govuk-frontend's accessible markup and our own stylesheet.

Jinja is imported with the first page, so that calls of the API do not wait for it.
"""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.event_handler import Response

from constancia.domain.emblems import DEFAULT_EMBLEM, emblem_svg
from constancia.domain.messages import N_
from constancia.domain.seal import DEMO_NOTICE, DEMO_TITLE
from constancia.web.addresses import address_of, path_prefix
from constancia.web.fallbacks import tell
from constancia.web.headers import Privacy, page_headers
from constancia.web.languages import LANGUAGES, SPANISH, Language, Speech, kept_language, language_of, speech
from constancia.web.problems import Problem
from constancia.web.static_files import static_files

if TYPE_CHECKING:
    from aws_lambda_powertools.shared.cookies import Cookie
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent
    from jinja2 import Environment

HTML = "text/html; charset=utf-8"
UNREVIEWED: Final = N_(
    "Nadie que hable este idioma desde la niñez ha revisado todavía estos textos. Lo que falta está en "
    "español; en caso de duda vale el texto en español."
)
"""What a page in a language that nobody has reviewed says of itself, in that language and in Spanish."""


class Pages:
    """The pages of one function, in the person's language: its own templates over the shared ones.

    Templates get `url(path)` and `static(name)`, which build links that hold under a stage's prefix too, the
    file name of the emblem, `language` (BCP 47), and the filters `day` and `moment`, which say dates in words
    of the page's language. On the site of a demonstration every page says that it is one.
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
        self._environments: dict[Language, Environment] = {}

    def render(
        self,
        event: "BaseProxyEvent",
        template: str,
        *,
        privacy: Privacy,
        status: HTTPStatus = HTTPStatus.OK,
        headers: dict[str, str] | None = None,
        chosen: Language | None = None,
        **context: Any,
    ) -> Response[str]:
        """Answer with a page, in the language that the person chose, or chooses now.

        The context may say `back`, our path where the switch of languages leads to again; without it, it is
        the address that was asked for. Where something may be lost on the way, it says `own_form` (`id`,
        `action`) instead: the form of the page that the switch sends (docs/adr/0167).
        """
        prefix, language = path_prefix(event), chosen or language_of(event)

        def url(path: str) -> str:
            return prefix + path

        def static(name: str) -> str:
            return url(f"/static/{static_files()[name].name}")

        frame = {
            "url": url,
            "static": static,
            "section": event.path.split("/")[1],
            "emblem": self._emblem,
            "demo": self._demo,
            "back": address_of(event),
            "own_form": None,
        }
        body = self._environment(language).get_template(template).render({**frame, **context})
        if language is not SPANISH:
            body = tell(body, SPANISH.tag)
        return Response(
            status_code=status,
            content_type=HTML,
            body=body,
            headers=page_headers(privacy) | {"Content-Language": language.tag} | (headers or {}),
            cookies=[kept_language(event, chosen)] if chosen else None,
        )

    def problem(self, event: "BaseProxyEvent", problem: Problem) -> Response[str]:
        """Answer with the page of a refusal: the same code and texts as the API's problem."""
        return self.render(
            event, "problem.html", privacy=Privacy.PERSONAL, status=problem.text.status, problem=problem
        )

    def _environment(self, language: Language) -> "Environment":
        if language not in self._environments:
            self._environments[language] = _new_environment(self._templates, speech(language))
        return self._environments[language]


def see_other(event: "BaseProxyEvent", path: str, cookies: Sequence["Cookie"] = ()) -> Response[str]:
    """Send the browser to a page of ours after a form (POST-redirect-GET)."""
    return Response(
        status_code=HTTPStatus.SEE_OTHER,
        content_type=HTML,
        body="",
        headers=page_headers(Privacy.PERSONAL) | {"Location": path_prefix(event) + path},
        cookies=list(cookies),
    )


def _new_environment(templates: Path, spoken: Speech) -> "Environment":
    from jinja2 import (  # noqa: PLC0415 - only pages pay for it
        ChoiceLoader,
        Environment,
        FileSystemLoader,
        PackageLoader,
        PrefixLoader,
    )

    from constancia.web.compiled import compiled_once  # noqa: PLC0415
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
        bytecode_cache=compiled_once(),
    )
    environment.install_gettext_translations(spoken.translations, newstyle=True)  # type: ignore[attr-defined]
    # Of the environment, so that macros have them too, which get no page's context.
    environment.globals |= {
        "language": spoken.language.tag,
        "languages": LANGUAGES,
        "spoken": spoken,
        "unreviewed": UNREVIEWED,
    }
    environment.filters |= {"day": spoken.day, "moment": spoken.moment}
    return environment
