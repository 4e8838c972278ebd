"""The API of verification: one question, one file."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.content import LevelRecord
from constancia.domain.errors import DomainError, ErrorCode
from constancia.domain.links import certificate_file_path
from constancia.domain.tables import MarkTable, tables_of
from constancia.domain.verification import FileVerification, OpenedCertificate, Verification
from constancia.domain.virtual_code import VirtualCode, grouped
from constancia.web.addresses import path_prefix, source_address
from constancia.web.bodies import read_json
from constancia.web.headers import api_headers
from constancia.web.pages import Pages
from constancia.web.problems import problem_of
from constancia.web.resolver import json_answer
from validate.reading import read_body, read_file_body, read_right
from validate.schemas import DownloadLink, FileAnswer, PaperColumn, PaperTable, ValidationAnswer
from validate.services import Services


def add_api(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes under `/api/v1`."""

    @app.post("/api/v1/validations")
    def validate() -> Response[str]:
        question = read_body(read_json(app.current_event))
        prefix = path_prefix(app.current_event)
        verification = services.verify(question, source_address(app.current_event))
        return json_answer(answer_to(verification, prefix, demo=services.demo))

    @app.post("/api/v1/files")
    def check_file() -> Response[str]:
        sha256 = read_file_body(read_json(app.current_event))
        verification = services.verify_file(sha256, source_address(app.current_event))
        return json_answer(answer_to_file(verification, demo=services.demo))

    @app.get("/api/v1/certificates/<code>/pdf")
    def download(code: str) -> Response[str]:
        event = app.current_event
        try:
            right = read_right(
                code, event.query_string_parameters.get("g"), event.query_string_parameters.get("t")
            )
            return _redirect(services.download_url(*right, source_address(event)))
        except DomainError as error:
            return refused(error)

    @app.get("/api/v1/seal.pem")
    def seal_chain() -> Response[str]:
        pem = services.seal_chain()
        if pem is None:
            return refused(DomainError(ErrorCode.SEAL_CHAIN_NOT_INSTALLED))
        headers = api_headers() | {
            "Cache-Control": "public, max-age=300",
            "Access-Control-Allow-Origin": "*",
            "Content-Disposition": 'attachment; filename="sello-constancia.pem"',
        }
        return Response(HTTPStatus.OK, "application/pem-certificate-chain", pem, headers)

    def refused(error: DomainError) -> Response[str]:
        """A page for a person who followed a link on our pages, else the API's own answer."""
        event = app.current_event
        if "text/html" not in (event.headers.get("accept") or ""):
            raise error
        services.journal.refused(error)
        return pages.problem(event, problem_of(error))


def answer_to(verification: Verification, prefix: str = "", *, demo: bool) -> ValidationAnswer:
    """What the API says of a verification; links start with the stage's prefix, where there is one."""
    summary, opened = verification.summary, verification.opened
    if summary is None:
        return ValidationAnswer(
            verification.verdict, grouped(verification.code), verification.checked_at, demo
        )
    content = opened.content if opened else None
    return ValidationAnswer(
        verdict=verification.verdict,
        code=grouped(verification.code),
        checked_at=verification.checked_at,
        demo=demo,
        issued_at=summary.issued_at,
        levels=summary.levels,
        name=content.holder.name.full if content else summary.masked_name,
        number=opened.number if opened else None,
        content=content,
        sha256=opened.sha256 if opened else None,
        tables=tuple(_paper(record, table) for record in content.levels for table in tables_of(record))
        if content
        else None,
        download=_link(verification.code, opened, prefix),
        annulled_for=verification.annulled_for,
    )


def answer_to_file(verification: FileVerification, *, demo: bool) -> FileAnswer:
    """What the API says of a file."""
    certificate = verification.certificate
    summary = certificate.summary if certificate else None
    return FileAnswer(
        verdict=verification.verdict,
        sha256=verification.sha256,
        checked_at=verification.checked_at,
        demo=demo,
        code=grouped(certificate.code) if certificate else None,
        issued_at=summary.issued_at if summary else None,
        levels=summary.levels if summary else (),
        name=summary.masked_name if summary else None,
    )


def _link(code: VirtualCode, opened: OpenedCertificate | None, prefix: str) -> DownloadLink | None:
    if opened is None or opened.download is None:
        return None
    url = certificate_file_path(prefix, code, opened.download.grant)
    return DownloadLink(url, opened.download.expires_at, opened.download.sha256)


def _paper(record: LevelRecord, table: MarkTable) -> PaperTable:
    columns = tuple(
        PaperColumn(
            column.grade,
            column.year.year if column.year else None,
            column.year.school.printed_code if column.year else None,
        )
        for column in table.columns
    )
    return PaperTable(record.level, table.granularity, columns, table.groups, table.final_situations)


def _redirect(url: str) -> Response[str]:
    return Response(
        status_code=HTTPStatus.SEE_OTHER,
        content_type="text/plain",
        body="",
        headers=api_headers() | {"Location": url},
    )
