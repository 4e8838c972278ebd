"""The mails that people get: texts in Spanish under `templates/`, each as plain text and as HTML."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from constancia.domain.certificate import Certificate, CertificateState
from constancia.domain.links import new_request_url, terms_url, verification_form_url, verification_url
from constancia.domain.ports import Mail
from constancia.domain.seal import DEMO_NOTICE, DEMO_TITLE
from constancia.domain.virtual_code import grouped

_SUBJECTS = {
    "code": "Código virtual de la Constancia de Logros de Aprendizaje",
    "no_longer_valid": "La Constancia de Logros de Aprendizaje que se solicitó ya no es válida",
}
_DEMO_SUBJECT = "[Demostración] "


def compose(certificate: Certificate, email: str, base_url: str, contact_email: str, *, demo: bool) -> Mail:
    """Write the mail with the virtual code, or, where the certificate holds no longer, the one that says so.

    It names the person whose certificate it is and tells nothing else of anybody. It never carries what opens
    the content, neither the QR's token nor the request's page: mails are forwarded, and addresses mistyped.
    The mails of a demonstration say that they are.
    """
    template = "code" if certificate.state is CertificateState.ISSUED else "no_longer_valid"
    subject = f"{_DEMO_SUBJECT if demo else ''}{_SUBJECTS[template]}"
    words = {
        "name": certificate.content.holder.name.full,
        "code": grouped(certificate.code),
        "annulled": certificate.state is CertificateState.ANNULLED,
        "download_url": verification_form_url(base_url),
        "verification_url": verification_url(base_url, certificate.code),
        "terms_url": terms_url(base_url),
        "contact_email": contact_email,
        "new_request_url": new_request_url(base_url),
        "subject": subject,
        "demo": (DEMO_TITLE, DEMO_NOTICE) if demo else None,
    }
    return Mail(
        to=email,
        subject=subject,
        text=_templates().get_template(f"{template}.txt").render(words),
        html=_templates().get_template(f"{template}.html").render(words),
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("render"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
