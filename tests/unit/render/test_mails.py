import pytest

from constancia.domain.certificate import CertificateState
from constancia.domain.content import Holder
from constancia.domain.identity import PersonName
from constancia.domain.ports import Mail
from constancia.domain.seal import DEMO_NOTICE, DEMO_TITLE
from render.mails import compose
from tests.builders import (
    CONTACT,
    EMAIL,
    PHONE,
    REQUEST_ID,
    STUDENT_DNI,
    TOKEN,
    a_certificate,
    a_content,
)
from tests.unit.web.html import elements, parse, text_of, values

BASE_URL = "https://constancia.example"
STATES = [CertificateState.ISSUED, CertificateState.SUPERSEDED, CertificateState.ANNULLED]


def a_mail(
    state: CertificateState = CertificateState.ISSUED, name: PersonName | None = None, *, demo: bool = False
) -> Mail:
    content = a_content(holder=Holder(name, STUDENT_DNI)) if name else a_content()
    return compose(a_certificate(state, content=content), EMAIL, BASE_URL, CONTACT, demo=demo)


def body_of(mail: Mail) -> str:
    return text_of(elements(parse(mail.html), "//body")[0])


def links_of(mail: Mail) -> set[str]:
    return set(values(parse(mail.html), "//@href | //@src"))


def test_both_forms_carry_the_code_in_groups_and_whose_it_is() -> None:
    mail = a_mail()

    for body in (mail.text, body_of(mail)):
        assert "99S0-QR6Y-D40R" in body
        assert "ANA LUCÍA QUISPE ÑAHUI" in body
    assert mail.to == EMAIL
    assert mail.subject == "Código virtual de la Constancia de Logros de Aprendizaje"


def test_both_forms_lead_to_the_same_pages() -> None:
    mail = a_mail()
    pages = {
        f"{BASE_URL}/validate",
        f"{BASE_URL}/validate/99S0QR6YD40R",
        f"{BASE_URL}/terms",
    }

    assert links_of(mail) == pages | {f"mailto:{CONTACT}"}
    assert {word for word in mail.text.split() if word.startswith("https://")} == pages


@pytest.mark.parametrize("state", STATES)
def test_a_mail_tells_nothing_of_the_person_but_the_name(state: CertificateState) -> None:
    mail = a_mail(state)

    for secret in (STUDENT_DNI.number, TOKEN, REQUEST_ID, EMAIL, PHONE, "SECUNDARIA", "IE 00001"):
        assert secret not in mail.subject + mail.text + mail.html


@pytest.mark.parametrize("state", STATES)
def test_a_mail_says_what_to_do_for_those_who_did_not_ask(state: CertificateState) -> None:
    mail = a_mail(state)

    assert "SI USTED NO LA SOLICITÓ" in mail.text
    assert "Si usted no la solicitó" in body_of(mail)
    assert f"escriba a {CONTACT}" in mail.text
    assert f"escriba a {CONTACT}" in body_of(mail)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CertificateState.SUPERSEDED, "se emitió otra constancia, más reciente"),
        (CertificateState.ANNULLED, "fue anulada"),
    ],
)
def test_a_certificate_that_holds_no_longer_is_not_announced_as_ready(
    state: CertificateState, words: str
) -> None:
    mail = a_mail(state)

    for body in (" ".join(mail.text.split()), body_of(mail)):
        assert words in body
        assert "lista" not in body
        assert "99S0-QR6Y-D40R" in body
    assert f"{BASE_URL}/request" in links_of(mail)


@pytest.mark.parametrize("state", STATES)
def test_the_html_is_a_page_that_a_screen_reader_can_walk(state: CertificateState) -> None:
    mail = a_mail(state)
    page = parse(mail.html)

    assert values(page, "/html/@lang") == ["es"]
    assert values(page, "//title/text()") == [mail.subject]
    assert len(elements(page, "//main//h1")) == 1
    assert elements(page, "//main//h2")
    assert all(len(text_of(link).split()) > 2 for link in elements(page, "//a"))
    assert not elements(page, "//img | //table | //script")


def test_a_name_is_text_whatever_it_holds() -> None:
    mail = a_mail(name=PersonName("<b>D'ANGELO</b> & {{ code }}", None, None))

    assert "<b>" not in mail.html
    assert "<b>D'ANGELO</b> & {{ code }}" in body_of(mail)
    assert "<b>D'ANGELO</b> & {{ code }}" in mail.text


@pytest.mark.parametrize("state", STATES)
def test_lines_of_the_text_fit_a_narrow_window(state: CertificateState) -> None:
    assert max(len(line) for line in a_mail(state).text.splitlines() if "https://" not in line) <= 78


@pytest.mark.parametrize("state", STATES)
def test_a_mail_of_a_demonstration_says_so_first_in_both_forms(state: CertificateState) -> None:
    mail = a_mail(state, demo=True)

    assert mail.subject.startswith("[Demostración] ")
    assert " ".join(mail.text.split()).startswith(f"*** {DEMO_TITLE.upper()} *** {DEMO_NOTICE}")
    assert body_of(mail).startswith(f"{DEMO_TITLE}. {DEMO_NOTICE}")
    assert max(len(line) for line in mail.text.splitlines() if "https://" not in line) <= 78


@pytest.mark.parametrize("state", STATES)
def test_a_real_mail_says_nothing_of_a_demonstration(state: CertificateState) -> None:
    mail = a_mail(state)

    assert "demostración" not in (mail.subject + mail.text + mail.html).lower()
    assert mail.text == mail.text.lstrip()
