from dataclasses import replace
from typing import Any

import pytest
from lxml.html import HtmlElement

from constancia.domain.annulment import AnnulmentReason
from constancia.domain.certificate import CertificateState
from constancia.domain.content import Holder
from constancia.domain.identity import PersonName
from constancia.domain.school import Level, ResultKind
from tests.builders import (
    CODE,
    OTHER_TOKEN,
    STUDENT_DNI,
    TOKEN,
    a_certificate,
    a_content,
    a_level_record,
    a_result,
    a_school_year,
    an_observation,
)
from tests.unit.validate.site import Site
from tests.unit.web.events import event, form_event
from tests.unit.web.html import elements, parse, text_of, values

PENDING, ISSUED, SUPERSEDED, ANNULLED = CertificateState
HOSTILE = [
    "  ",
    "A" * 10_000,
    "🦙" * 12,
    "\u202e99S0QR6YD40R\u202cÑ",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "..%2f..",
]


def page_of(answer: dict[str, Any], status: int = 200, language: str = "es-PE") -> HtmlElement:
    assert answer["statusCode"] == status
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    assert answer["multiValueHeaders"]["Referrer-Policy"] == ["no-referrer"]
    page = parse(answer["body"])
    assert page.get("lang") == language
    assert len(elements(page, "//h1")) == 1
    labelled = set(values(page, "//label/@for"))
    assert labelled == set(values(page, "//input[not(@type='hidden')]/@id"))
    return page


def heading(page: HtmlElement) -> str:
    return text_of(elements(page, "//h1")[0])


def scanned(site: Site, token: str | None = None, code: str = CODE, status: int = 200) -> HtmlElement:
    return page_of(
        site.answer(event("GET", f"/validate/{code}", query={"t": token} if token else None)), status
    )


def typed(site: Site, code: str, document: str = "", status: int = 200) -> HtmlElement:
    return page_of(site.answer(form_event("/validate", {"code": code, "document": document})), status)


def test_the_form_asks_for_the_code_and_maybe_a_document_and_posts_them() -> None:
    page = page_of(Site().answer(event("GET", "/validate")))

    assert page.findtext(".//title", "").startswith("Verificar una constancia")
    assert values(page, "//main//form/@method") == ["post"]
    assert values(page, "//main//form//input/@name") == ["code", "document"]


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (ISSUED, "Constancia auténtica"),
        (SUPERSEDED, "Constancia reemplazada por una más reciente"),
        (ANNULLED, "Constancia anulada"),
    ],
)
@pytest.mark.parametrize("token", [None, TOKEN])
def test_the_verdict_comes_first_with_time_and_host(
    state: CertificateState, title: str, token: str | None
) -> None:
    page = scanned(Site((a_certificate(state),)), token)

    assert heading(page) == title
    assert page.findtext(".//title", "").startswith(title)
    assert elements(page, "//main/*")[0].find(".//h1") is not None
    record = text_of(elements(page, "//main/*[1]//dl")[0])
    assert record.startswith(
        "Quién responde constancia.example Fecha y hora de la verificación "
        "22 de noviembre de 2026 a las 10:30:00 (hora de Lima) Se verificó"
    )


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (AnnulmentReason.WRONG_DATA, "la anuló porque tenía datos equivocados: ya no tiene valor"),
        (AnnulmentReason.HOLDER_ASKED, "la anuló a pedido de su titular: ya no tiene valor"),
        (AnnulmentReason.NOT_ENTITLED, "quien la solicitó no tenía derecho a pedirla: ya no tiene valor"),
        (AnnulmentReason.LEGAL_ORDER, "la anuló por mandato de una autoridad: ya no tiene valor"),
        (None, "y después la anuló: ya no tiene valor"),
    ],
)
@pytest.mark.parametrize("token", [None, TOKEN])
def test_whoever_verifies_reads_why_it_was_annulled(
    reason: AnnulmentReason | None, why: str, token: str | None
) -> None:
    page = scanned(Site((a_certificate(ANNULLED, annulled_for=reason),)), token)

    assert why in text_of(page)
    assert "No la acepte." in text_of(page)


def test_the_code_alone_shows_the_masked_name_and_offers_to_open_the_rest() -> None:
    page = typed(Site((a_certificate(),)), "99s0 qr6y d40r")

    assert "A*** L*** Q*** Ñ***" in text_of(page)
    assert "QUISPE" not in text_of(page)
    assert values(page, "//main//form//input[@name='code']/@value") == ["99S0-QR6Y-D40R"]
    assert not elements(page, "//table")


@pytest.mark.parametrize("by", ["token", "document"])
def test_a_proof_shows_every_field_of_the_paper_and_the_download(by: str) -> None:
    site = Site((a_certificate(content=_two_tables()),))

    page = scanned(site, TOKEN) if by == "token" else typed(site, CODE, STUDENT_DNI.number)

    text = text_of(page)
    for printed in (
        "99S0-QR6Y-D40R",
        "ANA LUCÍA QUISPE ÑAHUI con DNI N.º 00000001, registra",
        "Educación Básica Regular",
        "Constancia N.º 2026-00001234",
        "Educación Secundaria",
        "Años 2018 a 2019: un calificativo por área curricular",
        "0123456-0 - IE 00001 EL SOL",
        "2018 - RD 001-2018 - Convalidación de estudios",
        "00 a 20: escala vigesimal.",
        "Si algo difiere, fue alterado: no lo acepte.",
    ):
        assert printed in text
    assert values(page, "//a[contains(@href, '/pdf?g=')]/@href")[0].startswith(
        f"/api/v1/certificates/{CODE}/pdf"
    )
    by_area, by_competencia = elements(page, "//table")
    assert _rows(by_area) == [
        ["Año lectivo", "2018", "2019", "-", "-", "-", "-"],
        ["Grado", "1.º", "1.º", "2.º", "3.º", "4.º", "5.º"],
        ["Código modular-anexo", "0123456-0", "0123456-0", "-", "-", "-", "-"],
        ["Áreas curriculares"],
        ["Matemática", "08", "15", "-", "-", "-", "-"],
        ["Talleres"],
        ["Ajedrez", "-", "17", "-", "-", "-", "-"],
        ["Situación final", "DESAPROBADO", "APROBADO", "-", "-", "-", "-"],
    ]
    assert _rows(by_competencia)[3:] == [
        ["Áreas curriculares"],
        ["Matemática"],
        ["Resuelve problemas de cantidad", "-", "AD", "-", "-", "-"],
        ["Situación final", "-", "APROBADO", "-", "-", "-"],
    ]
    assert not elements(page, "//table//th[not(@scope)]")


def _two_tables() -> Any:
    repeated = a_school_year(2018, final_situation="DESAPROBADO", results=(a_result(mark="08"),))
    chess = a_result("Ajedrez", "17", kind=ResultKind.WORKSHOP)
    passed = a_school_year(2019, results=(a_result(), chess))
    modern = a_school_year(
        2020, "2", results=(a_result(mark="AD", competencia="Resuelve problemas de cantidad"),)
    )
    return a_content(
        levels=(a_level_record(years=(repeated, passed, modern), observations=(an_observation(),)),)
    )


def _rows(table: HtmlElement) -> list[list[str]]:
    """The cells as they are seen."""
    return [[_seen(cell) for cell in elements(row, "./*")] for row in elements(table, ".//tr")]


def _seen(element: HtmlElement) -> str:
    hidden = "ancestor-or-self::*[contains(@class, 'govuk-visually-hidden')]"
    return " ".join(" ".join(values(element, f".//text()[not({hidden})]")).split())


def _heard(element: HtmlElement) -> str:
    """What a screen reader reads."""
    return " ".join(" ".join(values(element, ".//text()[not(ancestor::*[@aria-hidden='true'])]")).split())


def test_marks_and_codes_are_read_aloud_as_they_are_meant() -> None:
    exempt = a_result("Educación Física", "EXO")
    years = (
        a_school_year(2017, final_situation=None, results=(a_result(mark="AD"), exempt)),
        a_school_year(2018, "2", results=(a_result("Arte", "C"),)),
    )
    page = scanned(Site((a_certificate(content=a_content(levels=(a_level_record(years=years),))),)), TOKEN)
    (table,) = elements(page, "//table")

    heard = {
        row[0]: row[1:4]
        for row in ([_heard(cell) for cell in elements(row, "./*")] for row in elements(table, ".//tr"))
    }
    assert heard["Año lectivo"] == ["2017", "2018", "no cursado"]
    assert heard["Grado"] == ["primer grado", "segundo grado", "tercer grado"]
    assert heard["Código modular-anexo"] == ["0 1 2 3 4 5 6, anexo 0"] * 2 + ["no cursado"]
    assert heard["Matemática"] == ["A D, logro destacado", "sin calificativo", "no cursado"]
    assert heard["Educación Física"] == ["exonerado del área", "sin calificativo", "no cursado"]
    assert heard["Situación final"] == ["no indicada", "APROBADO", "no cursado"]
    assert "9 9 S 0, Q R 6 Y, D 4 0 R" in _heard(elements(page, "//article//header")[0])


def test_an_area_s_own_mark_stands_with_its_competencias() -> None:
    results = (a_result(mark="A"), a_result(mark="B", competencia="Resuelve problemas de cantidad"))
    record = a_level_record(years=(a_school_year(2022, results=results),))
    page = scanned(Site((a_certificate(content=a_content(levels=(record,))),)), TOKEN)

    assert [row[0] for row in _rows(elements(page, "//table")[0])[4:-1]] == [
        "Matemática",
        "Resuelve problemas de cantidad",
        "Calificativo del área",
    ]


def test_a_table_can_be_scrolled_by_keyboard_under_its_own_name() -> None:
    page = scanned(Site((a_certificate(content=_two_tables()),)), TOKEN)

    for table in elements(page, "//table"):
        region = table.getparent()
        assert region is not None
        assert (region.get("role"), region.get("tabindex")) == ("region", "0")
        assert region.get("aria-labelledby") == table.get("aria-labelledby")
        assert len(elements(page, f"//h4[@id='{table.get('aria-labelledby')}']")) == 1


def test_every_row_of_a_table_is_as_wide_as_the_table() -> None:
    page = scanned(Site((a_certificate(content=_two_tables()),)), TOKEN)

    for table in elements(page, "//table"):
        widths = {
            sum(int(cell.get("colspan", "1")) for cell in elements(row, "./*"))
            for row in elements(table, ".//tr")
        }
        assert len(widths) == 1


def test_inicial_counts_by_age() -> None:
    record = a_level_record(level=Level.INICIAL, years=(a_school_year(2017, "4"),))
    page = scanned(Site((a_certificate(content=a_content(levels=(record,))),)), TOKEN)

    assert _rows(elements(page, "//table")[0])[1] == ["Edad", "3 años", "4 años", "5 años"]


def test_names_in_quechua_and_aimara_are_spoken_in_their_language() -> None:
    results = (
        a_result("Runasimi", "A", competencia="Rimay"),
        a_result("Aymar aru", "A"),
        a_result("Lengua originaria: Quechua", "A"),
    )
    record = a_level_record(years=(a_school_year(2022, "1", results=results),))
    page = scanned(Site((a_certificate(content=a_content(levels=(record,))),)), TOKEN)

    spoken = {(text_of(cell), cell.get("lang")) for cell in elements(page, "//table//*[@lang]")}
    assert spoken == {("Runasimi", "qu-PE"), ("Rimay", "qu-PE"), ("Aymar aru", "ay-PE")}


@pytest.mark.parametrize("state", [SUPERSEDED, ANNULLED])
def test_what_is_no_longer_valid_is_not_downloaded(state: CertificateState) -> None:
    page = scanned(Site((a_certificate(state),)), TOKEN)

    assert not elements(page, "//a[contains(@href, '/pdf')]")
    assert bool(elements(page, "//table")) is (state is SUPERSEDED)


@pytest.mark.parametrize("proof", [{"document": "00000002"}, {"token": OTHER_TOKEN}])
def test_whoever_mistyped_the_document_types_that_alone_again(proof: dict[str, str]) -> None:
    site = Site((a_certificate(),))
    page = typed(site, CODE, proof["document"]) if "document" in proof else scanned(site, proof["token"])

    assert values(page, "//main//form//input[@name='code']/@value") == ["99S0-QR6Y-D40R"]
    assert "QUISPE" in text_of(typed(site, "99S0-QR6Y-D40R", STUDENT_DNI.number))
    assert not elements(scanned(Site()), "//main//form//button")


@pytest.mark.parametrize(("document", "token"), [("00000002", None), ("", OTHER_TOKEN)])
def test_a_wrong_proof_and_an_unknown_code_give_the_same_page(document: str, token: str | None) -> None:
    call = (
        event("GET", f"/validate/{CODE}", query={"t": token})
        if token
        else form_event("/validate", {"code": CODE, "document": document})
    )
    known, unknown = Site((a_certificate(),)), Site()

    assert known.answer(call) == unknown.answer(call)
    assert (known.reads, unknown.reads) == (1, 1)


@pytest.mark.parametrize(
    ("code", "document", "field", "text"),
    [
        ("", "", "code", "Escriba el código virtual"),
        ("99S0", "", "code", "12 letras y números"),
        ("99S0-QR6Y-D40S", "", "code", "un carácter equivocado"),
        (CODE, "123", "document", "El DNI tiene 8 números"),
        *((text, "", "code", "código virtual") for text in HOSTILE),
        *((CODE, text, "document", "El DNI tiene 8 números") for text in HOSTILE[1:]),
    ],
)
def test_a_typing_error_is_told_at_its_field_and_nothing_typed_is_lost(
    code: str, document: str, field: str, text: str
) -> None:
    site = Site((a_certificate(),))

    page = typed(site, code, document, status=422)

    assert page.findtext(".//title", "").startswith("Error: ")
    assert values(page, "//*[contains(@class, 'govuk-error-summary')]//a/@href") == [f"#{field}"]
    assert text in text_of(elements(page, f"//*[@id='{field}-error']")[0])
    assert "".join(values(page, "//input[@id='code']/@value")) == code[:200]
    assert site.reads == 0


@pytest.mark.parametrize("code", [CODE[:-1] + "S", "cut", "<b>", "..%2f..%2f", "A" * 10_000])
def test_a_wrong_code_in_the_address_asks_to_type_it_again(code: str) -> None:
    page = scanned(Site(), code=code, status=422)

    assert elements(page, "//*[@id='code-error']")


@pytest.mark.parametrize("code", ["../..", "🦙", "a/b"])
def test_an_address_that_no_route_has_is_a_page_of_its_own(code: str) -> None:
    answer = Site().answer(event("GET", f"/validate/{code}"))

    assert answer["statusCode"] == 404
    assert "Esta página no existe" in answer["body"]


def test_an_address_that_was_cut_says_so() -> None:
    page = scanned(Site((a_certificate(),)), TOKEN[:-3], status=422)

    assert "El enlace del código QR está incompleto" in text_of(page)
    assert values(page, "//input[@id='code']/@value") == [CODE]


def test_head_answers_as_get_without_a_body() -> None:
    get, head = (
        Site((a_certificate(),)).answer(event(method, f"/validate/{CODE}", query={"t": TOKEN}))
        for method in ("GET", "HEAD")
    )

    assert head == get | {"body": ""}


def test_what_a_certificate_says_is_escaped() -> None:
    attack = "<script>alert('{{ 7*7 }}')</script>"
    record = a_level_record(
        years=(a_school_year(results=(a_result(attack, attack),), final_situation=attack),),
        observations=(an_observation(reason=attack),),
    )
    holder = Holder(PersonName(attack, attack, None), STUDENT_DNI)
    site = Site((a_certificate(content=replace(a_content(), holder=holder, levels=(record,))),))

    for page in (scanned(site, TOKEN), scanned(site)):
        assert not elements(page, "//script")
        assert "49" not in text_of(elements(page, "//h1")[0])
    assert attack in text_of(scanned(site, TOKEN))


@pytest.mark.parametrize("body", ["%", "code=%FF", "&" * 300, "x" * 70_000])
def test_a_form_that_is_none_is_a_clear_page(body: str) -> None:
    call = form_event("/validate", {}) | {"body": body}

    assert 400 <= Site().answer(call)["statusCode"] < 500


def test_who_looks_at_a_file_is_led_to_the_seal_s_certificates_and_a_clerk_s_first_page_is_not() -> None:
    site = Site((a_certificate(),))

    for page in (parse(site.answer(event("GET", "/validate/file"))["body"]), scanned(site, TOKEN)):
        assert "/api/v1/seal.pem" in values(page, "//main//a/@href")
    for page in (page_of(site.answer(event("GET", "/validate"))), scanned(site)):
        assert "/api/v1/seal.pem" not in values(page, "//main//a/@href")
        assert "SHA-256" not in text_of(page)


# ---------------------------------------------------------------------- what does not belong together


def unmatched_pages() -> list[HtmlElement]:
    """A document or a token that opens nothing: of a certificate that stands, of one being made, of none."""
    sites = [Site((a_certificate(),)), Site((a_certificate(PENDING),)), Site()]
    return [typed(site, CODE, "00000002") for site in sites] + [scanned(site, OTHER_TOKEN) for site in sites]


def test_a_wrong_digit_is_no_verdict_on_the_certificate() -> None:
    for page in unmatched_pages():
        said = text_of(elements(page, "//main")[0])
        assert heading(page) in {
            "El código y el número no coinciden",
            "El enlace del QR no abre ninguna constancia",
        }
        assert "no debe aceptarse" not in said
        assert "No encontramos" not in said
        assert "todavía no dice si la constancia es auténtica" in said
        assert values(page, "//main/*[1]/@class") == ["verify-answer verify-answer--unmatched"]


def test_from_there_the_code_alone_is_one_press_away_and_answers_by_itself() -> None:
    for page, site, verdict in zip(
        unmatched_pages()[::2],
        (Site((a_certificate(),)), Site(), Site((a_certificate(PENDING),))),
        ("Constancia auténtica", "No encontramos la constancia", "No encontramos la constancia"),
        strict=True,
    ):
        (alone,) = values(page, "//main//a[contains(., 'Verificar solo con el código')]/@href")
        assert heading(page_of(site.answer(event("GET", alone)))) == verdict
    assert "no debe aceptarse" in text_of(scanned(Site()))


def test_a_record_of_a_failed_check_says_what_was_tried_and_no_whole_number() -> None:
    page = typed(Site((a_certificate(),)), CODE, "12345678")

    record = elements(page, "//main/*[1]//dl")[0]
    assert _seen(record).endswith("El código virtual y el número de documento •••••678")
    assert _heard(record).endswith("número de documento que termina en 6 7 8")
    assert "12345678" not in text_of(page)


def test_a_masked_name_is_not_read_star_by_star() -> None:
    said = _heard(elements(scanned(Site((a_certificate(),))), "//main//dl[contains(., '***')]")[0])

    assert "A L Q Ñ" in said
    assert "*" not in said


def test_every_sheet_of_a_record_names_verdict_code_host_and_time() -> None:
    line = elements(scanned(Site((a_certificate(),)), TOKEN), "//*[@class='verify-running']")[0]

    assert text_of(line) == (
        "Constancia auténtica · 99S0-QR6Y-D40R · constancia.example · "
        "22 de noviembre de 2026 a las 10:30:00 (hora de Lima)"
    )


# ---------------------------------------------------------------- one check after another


def test_each_answer_leads_to_the_next_check_whose_field_has_the_focus() -> None:
    site = Site((a_certificate(),))
    first = typed(site, CODE)
    (link,) = values(first, "//main//nav//a[contains(@class, 'govuk-button')]/@href")
    path, _, query = link.partition("?")
    form = page_of(site.answer(event("GET", path, query=dict([query.split("=")]))))
    fields = {
        "code": CODE,
        "document": "",
        **dict.fromkeys(values(form, "//main//form/input[@type='hidden']/@name"), "1"),
    }
    second = page_of(site.answer(form_event("/validate", fields)))

    assert values(form, "//*[@autofocus]/@id") == ["code"]
    assert values(second, "//*[@autofocus]/@href") == [link]
    assert not elements(first, "//*[@autofocus]")  # nobody's reading is interrupted before there is a series
    sent = values(second, "//main//form/input[@type='hidden']/@name")
    assert sent == ["asked", "shown", "code", "open", "next"]


def test_an_error_has_the_focus_itself() -> None:
    page = typed(Site(), "", status=422)

    (focused,) = elements(page, "//*[@autofocus]")
    assert "govuk-error-summary" in focused.get("class", "")
    assert focused.get("tabindex") == "-1"


@pytest.mark.parametrize("start", ["https://constancia.example", "https://constancia.example/prod", ""])
def test_a_pasted_link_is_read_like_a_scanned_one(start: str) -> None:
    site = Site((a_certificate(),))

    assert "QUISPE" in text_of(typed(site, f" {start}/validate/{CODE}?t={TOKEN}\n"))
    assert "QUISPE" not in text_of(typed(site, f"{start}/validate/{CODE}"))
    assert (
        heading(typed(site, f"{start}/validate/{CODE}?t={OTHER_TOKEN}"))
        == "El enlace del QR no abre ninguna constancia"
    )
    assert "QUISPE" in text_of(typed(site, f"{start}/validate/{CODE}?t={OTHER_TOKEN}", STUDENT_DNI.number))


@pytest.mark.parametrize(
    "link",
    [
        f"https://constancia.example/validate/{CODE}?t={TOKEN[:-3]}",
        "https://constancia.example/validate/",
        f"https://[/validate/{CODE}?t={TOKEN}",
        f"https://constancia.example/validate/{CODE}?t={TOKEN}" + "&x=1" * 200,
        f"https://constancia.example/validate/{CODE}/{CODE}",
    ],
)
def test_a_pasted_link_that_is_none_is_told_at_the_code(link: str) -> None:
    site = Site((a_certificate(),))

    page = typed(site, link, status=422)

    assert elements(page, "//*[@id='code-error']")
    assert site.reads == 0


def test_of_a_repeated_field_the_last_one_counts() -> None:
    call = form_event("/validate", {}) | {
        "body": f"code=x&code={CODE}&document=&document={STUDENT_DNI.number}"
    }

    assert "QUISPE" in text_of(page_of(Site((a_certificate(),)).answer(call)))


def test_every_answer_tells_whose_address_it_comes_from() -> None:
    site = Site((a_certificate(),))

    for page in (scanned(site), typed(site, "8888-8888-8888", status=422), scanned(site, OTHER_TOKEN)):
        assert values(page, "//*[@class='verify-host']/text()") == ["constancia.example"]


def test_the_title_names_the_verdict_and_never_the_whole_code() -> None:
    title = scanned(Site((a_certificate(),)), TOKEN).findtext(".//title", "")

    assert title.startswith("Constancia auténtica (99S0…)")
    assert "QR6Y" not in title


def test_another_language_keeps_the_verdict_and_no_document_stands_in_the_address() -> None:
    site = Site((a_certificate(),))

    def leads_back(page: HtmlElement) -> list[str]:
        return values(page, "//header//input[@name='back']/@value")

    assert leads_back(typed(site, CODE, STUDENT_DNI.number)) == [f"/validate/{CODE}"]
    assert leads_back(scanned(site, TOKEN)) == [f"/validate/{CODE}?t={TOKEN}"]


def in_english(site: Site, page: HtmlElement, status: int = 200, **given: str) -> HtmlElement:
    """The page after a press on the language's button, which sends the page's own form."""
    (button,) = elements(page, "//button[@name='to'][@value='en']")
    (form,) = elements(page, f"//form[@id='{button.get('form')}']")
    sent = {one.get("name", ""): one.get("value", "") for one in elements(form, ".//input")}
    answer = site.answer(form_event(button.get("formaction", ""), sent | given | {"to": "en"}))
    assert answer["multiValueHeaders"]["Set-Cookie"][0].startswith("language=en;")
    return page_of(answer, status, "en")


def test_another_language_keeps_what_is_typed_in_the_form_and_what_is_wrong_with_it() -> None:
    site = Site((a_certificate(),))
    empty = page_of(site.answer(event("GET", "/validate")))

    typing = in_english(site, empty, code="99S0-", document="12")
    refused = in_english(site, typed(site, "99S0-", "12", status=422), 422)

    for page in (typing, refused):
        assert values(page, "//input[@id='code']/@value") == ["99S0-"]
        assert values(page, "//input[@id='document']/@value") == ["12"]
    assert not elements(typing, "//*[@id='code-error']")
    assert elements(refused, "//*[@id='code-error']")
    assert elements(refused, "//*[@id='document-error']")
    assert site.reads == 0


def test_what_is_wrong_with_a_qr_s_address_is_told_in_the_other_language_too() -> None:
    site = Site((a_certificate(),))
    page = page_of(site.answer(event("GET", f"/validate/{CODE}", query={"t": "x"})), 422)

    again = in_english(site, page, 422)

    assert "The link of the QR code is incomplete" in text_of(elements(again, "//*[@id='code-error']")[0])


@pytest.mark.parametrize("told", ["/x:missing", "/code:nothing", "x" * 10_000, "<script>", ":", "/code"])
def test_what_was_never_told_is_not_told(told: str) -> None:
    site = Site()

    sent = form_event("/validate", {"code": "1", "to": "en", "told": told})
    page = page_of(site.answer(sent), language="en")

    assert not elements(page, "//*[contains(@class, 'govuk-error-summary')]")


def test_another_language_keeps_an_opened_certificate_and_a_wrong_number_s_answer() -> None:
    site = Site((a_certificate(),))

    opened = in_english(site, typed(site, CODE, STUDENT_DNI.number))
    unmatched = in_english(site, typed(site, CODE, "00000002"), document="000")

    assert "QUISPE" in text_of(opened)
    assert heading(unmatched) == "The code and the number do not match"
    assert values(unmatched, "//input[@id='document']/@value") == ["000"]
    assert "QUISPE" in text_of(in_english(site, opened))  # once more


@pytest.mark.parametrize("token", [None, OTHER_TOKEN])
def test_a_number_that_is_being_typed_beside_a_verdict_is_kept_and_not_tried(token: str | None) -> None:
    site = Site((a_certificate(),), guesses_per_code=1)
    page = scanned(site, token)

    for _ in range(3):
        page = in_english(site, page, document=STUDENT_DNI.number)

    assert values(page, "//input[@id='document']/@value") == [STUDENT_DNI.number]
    assert "QUISPE" not in text_of(page)
    assert (heading(page) == "The QR link opens no certificate") is (token is not None)


def test_another_language_keeps_the_answer_about_a_file() -> None:
    site = Site((a_certificate(),))
    digest = a_certificate().sha256 or ""

    page = page_of(site.answer(form_event("/validate/file", {"sha256": digest})))
    again = in_english(site, page, document="123")
    form = parse(site.answer(form_event("/validate/file", {"sha256": "abc", "to": "en"}))["body"])

    assert heading(again) != heading(page)
    assert digest in text_of(again)
    assert values(again, "//input[@id='document']/@value") == ["123"]
    assert text_of(elements(form, "//textarea")[0]) == "abc"
    assert not elements(form, "//*[@id='sha256-error']")


def test_an_opened_qr_keeps_its_address_when_the_language_changes() -> None:
    assert not values(scanned(Site((a_certificate(),)), TOKEN), "//button[@name='to']/@form")


def test_another_site_changes_no_language_here() -> None:
    sent = form_event("/validate", {"code": CODE, "to": "en"}, {"Sec-Fetch-Site": "cross-site"})

    answer = Site().answer(sent)
    assert answer["statusCode"] == 403
    assert "Set-Cookie" not in answer["multiValueHeaders"]


@pytest.mark.parametrize("token", ["", " ", TOKEN[:-1], TOKEN + "A", TOKEN[:-1] + "\u202e", *HOSTILE])
def test_a_token_that_is_none_is_a_clear_page_without_a_read(token: str) -> None:
    site = Site((a_certificate(),))

    page = page_of(site.answer(event("GET", f"/validate/{CODE}", query={"t": token})), 422)

    assert "El enlace del código QR está incompleto" in text_of(elements(page, "//*[@id='code-error']")[0])
    assert site.reads == 0


def test_of_a_repeated_parameter_the_last_one_counts() -> None:
    call = event("GET", f"/validate/{CODE}", query={"t": TOKEN})
    call["multiValueQueryStringParameters"] = {"t": [OTHER_TOKEN, TOKEN], "x": ["1"]}

    assert "QUISPE" in text_of(page_of(Site((a_certificate(),)).answer(call)))


@pytest.mark.parametrize("series", ["", "2", "<script>", "{{ 7*7 }}", "1" * 10_000])
def test_what_says_nothing_of_a_series_begins_none(series: str) -> None:
    site = Site((a_certificate(),))

    for page in (
        page_of(site.answer(event("GET", "/validate", query={"next": series}))),
        page_of(site.answer(form_event("/validate", {"code": CODE, "next": series}))),
    ):
        assert not elements(page, "//*[@autofocus]")
        assert not elements(page, "//main//input[@name='next']")


@pytest.mark.parametrize("document", ["", "   ", "\t"])
def test_who_wants_to_see_the_content_is_told_that_the_document_is_missing(document: str) -> None:
    site = Site((a_certificate(),))
    form = elements(typed(site, CODE), "//main//form")[0]
    hidden = {
        field.get("name", ""): field.get("value", "") for field in elements(form, "./input[@type='hidden']")
    }

    page = page_of(site.answer(form_event("/validate", {**hidden, "document": document})), 422)

    assert "Escriba el número de documento" in text_of(elements(page, "//*[@id='document-error']")[0])
    assert values(page, "//input[@id='code']/@value") == ["99S0-QR6Y-D40R"]


@pytest.mark.parametrize(
    ("sent", "robots"),
    [
        (event("GET", "/validate"), "all"),
        (event("GET", f"/validate/{CODE}"), "noindex"),
        (event("GET", "/validate/mistyped"), "noindex"),
        (form_event("/validate", {"code": CODE}), "noindex"),
    ],
)
def test_search_engines_find_the_form_and_no_certificate(sent: dict[str, Any], robots: str) -> None:
    assert Site((a_certificate(),)).answer(sent)["multiValueHeaders"]["X-Robots-Tag"] == [robots]


@pytest.mark.parametrize(
    ("domain", "host", "shown"),
    [
        ("constancia.example", "constancia.example", "constancia.example"),
        ("127.0.0.1", "127.0.0.1:8080", "127.0.0.1:8080"),
        ("constancia.example", "evil.example", "constancia.example"),
        ("constancia.example", "constancia.example.evil.example", "constancia.example"),
        (None, "constancia.example", "constancia.example"),
    ],
)
def test_the_host_is_the_one_that_the_gateway_was_called_by(
    domain: str | None, host: str, shown: str
) -> None:
    call = event("GET", f"/validate/{CODE}", headers={"Host": host})
    call["requestContext"]["domainName"] = domain

    page = page_of(Site((a_certificate(),)).answer(call))

    assert values(page, "//*[contains(@class, 'verify-record__host')]/text()") == [shown]
