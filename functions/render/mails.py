"""The mails that people get: texts in Spanish under `templates/`, each as plain text and as HTML."""

from datetime import datetime, timedelta, timezone
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from constancia.domain.certificate import Certificate, CertificateRequest, CertificateState
from constancia.domain.links import new_request_url, request_url, terms_url, verification_url
from constancia.domain.ports import Mail
from constancia.domain.virtual_code import grouped

_LIMA = timezone(timedelta(hours=-5), "America/Lima")
"""Peru keeps this time all year round."""

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip

_SUBJECTS = {
    "code": "Código virtual de la Constancia de Logros de Aprendizaje",
    "no_longer_valid": "La Constancia de Logros de Aprendizaje que se solicitó ya no es válida",
}


def compose(certificate: Certificate, request: CertificateRequest, email: str, base_url: str) -> Mail:
    """Write the mail with the virtual code, or, where the certificate holds no longer, the one that says so.

    It names the person whose certificate it is and tells nothing else of anybody. It never carries the QR's
    token: mails are forwarded, and the token opens the whole content.
    """
    template = "code" if certificate.state is CertificateState.ISSUED else "no_longer_valid"
    words = {
        "name": certificate.content.holder.name.full,
        "code": grouped(certificate.code),
        "annulled": certificate.state is CertificateState.ANNULLED,
        "expires_on": _long_date(request.expires_at),
        "request_url": request_url(base_url, request.id),
        "verification_url": verification_url(base_url, certificate.code),
        "terms_url": terms_url(base_url),
        "new_request_url": new_request_url(base_url),
        "subject": _SUBJECTS[template],
    }
    return Mail(
        to=email,
        subject=_SUBJECTS[template],
        text=_templates().get_template(f"{template}.txt").render(words),
        html=_templates().get_template(f"{template}.html").render(words),
    )


def _long_date(moment: datetime) -> str:
    """The last day in Peru, in words, before a moment."""
    day = (moment - timedelta(seconds=1)).astimezone(_LIMA)
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("render"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
