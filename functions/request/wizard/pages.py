"""The pages of the six steps. Every answer is followed by a redirect, so back and reload always work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from constancia.domain.eligibility import Policy
from constancia.domain.errors import DomainError, ErrorCode, FieldError, InvalidInputError
from constancia.domain.lima import LIMA
from constancia.web.addresses import source_address
from constancia.web.bodies import read_fields, refuse_foreign_form
from constancia.web.cookies import cookie_of, new_cookie
from constancia.web.headers import Privacy
from constancia.web.languages import Language, chosen_language, kept_language
from constancia.web.pages import Pages, see_other
from constancia.web.problems import problem_of
from request.form import (
    DOCUMENTS,
    LEVELS,
    PURPOSES,
    REASONS,
    district_label,
    district_options,
    offered,
    tidy,
)
from request.services import Services
from request.wizard.advice import advice_on
from request.wizard.draft import COOKIE, Draft, DraftError, Refused
from request.wizard.forgetting import FORGET, FORGOTTEN, forget, sent_cookie
from request.wizard.sending import ACCEPTED, send
from request.wizard.steps import (
    CHECK,
    REFUSAL,
    SECTIONS,
    START,
    STUDENT,
    Page,
    Section,
    faults_on,
    first_open,
    page_before,
    pages_of,
    sections_of,
    still_true,
)
from request.wizard.summary import likely_address, summary_of
from request.wizard.words import TOO_MUCH, Fault, fault_in_words, label_of, title_of

if TYPE_CHECKING:
    from aws_lambda_powertools.shared.cookies import Cookie
    from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

TYPED: Final = "-typed"
"""Ends the name of what was typed to find a choice, which the script sends beside the choice."""
_SKIPPED: Final = "first"
_TOLD: Final = "told"
"""Sent by a page that said what is wrong with it."""
_ECHO_LIMIT: Final = 300
"""Characters of a refused answer that are shown again; what is longer is no name and no address."""


def add_steps(app: APIGatewayRestResolver, services: Services, pages: Pages) -> None:
    """Add the routes of the six steps."""

    def walk() -> Walk:
        return Walk(app.current_event, services, pages)

    @app.get("/request")
    def start() -> Response[str]:
        return pages.render(
            app.current_event,
            "steps/start.html",
            privacy=Privacy.FORM,
            policy=services.policy,
            steps=_steps({}, Section.START),
            go_on=None,
        )

    @app.post("/request")
    def begin() -> Response[str]:
        refuse_foreign_form(app.current_event)
        return walk().go_on(Draft.new())

    @app.get("/request/draft/<draft>/<page>")
    def show(draft: str, page: str) -> Response[str]:
        if page == FORGOTTEN:
            return pages.render(app.current_event, "steps/forgotten.html", privacy=Privacy.PERSONAL)
        try:
            return walk().show(draft, page)
        except DraftError as error:
            return walk().lost(error)

    @app.post("/request/draft/<draft>/<page>")
    def answer(draft: str, page: str) -> Response[str]:
        # It is sent by a page that is about somebody, of which old browsers hide the origin.
        refuse_foreign_form(app.current_event, origin_may_be_hidden=page == FORGET)
        given = read_fields(app.current_event)
        if page == FORGET:
            return forget(app.current_event, draft, given)
        chosen = chosen_language(given)
        try:
            if chosen:
                return replace(walk(), chosen=chosen).again(draft, page, given)
            return walk().answer(draft, page, given)
        except DraftError as error:
            return walk().lost(error)


@dataclass(frozen=True, slots=True)
class Walk:
    """One call of the browser on its way through the steps."""

    event: "BaseProxyEvent"
    services: Services
    pages: Pages
    chosen: Language | None = None
    """The language that is chosen with this call."""

    def show(self, draft_id: str, name: str) -> Response[str]:
        """Show a page; one that is not reached yet leads to the first that is open."""
        draft = self._read(draft_id)
        if draft.sent:
            return self._already_sent(draft)
        if name == START:
            return self._start(draft)
        if name == REFUSAL and draft.refused:
            return self._refusal(draft, draft.refused)
        open_page = first_open(draft.answers, self._policy)
        if name == open_page == CHECK:
            return self._check(draft)
        names = [page.name for page in pages_of(draft.answers, self._policy)]
        if name not in names or (open_page in names and names.index(name) > names.index(open_page)):
            return self._turn_to(draft, open_page)
        return self._question(draft, self._page(name, draft), draft.answers, {})

    def answer(self, draft_id: str, name: str, given: Mapping[str, str]) -> Response[str]:
        """Take the answer to a page and go on, or show it again with what is wrong."""
        draft = self._read(draft_id)
        if draft.sent:
            return see_other(self.event, f"/request/{draft.sent}")
        if name == CHECK:
            return self._send(draft, given)
        if name not in {page.name for page in pages_of(draft.answers, self._policy)}:
            return self._turn_to(draft, first_open(draft.answers, self._policy))
        page = self._page(name, draft)
        changed = _answered(draft, page, given)
        wrong = faults_on(page, changed.answers, self._policy)
        if wrong:
            self.services.journal.refused(InvalidInputError(*wrong.values()))
            return self._question(draft, page, _typed(page, given), _in_words(wrong))
        try:
            return self.go_on(replace(changed, answers=still_true(draft.answers, changed.answers)))
        except DraftError as error:  # too large for a cookie
            self.services.journal.refused(error)
            return self._question(draft, page, _typed(page, given), {page.fields[0].name: TOO_MUCH})

    def go_on(self, draft: Draft) -> Response[str]:
        """To the first page that is open, with what is answered by now."""
        page = first_open(draft.answers, self._policy)
        return see_other(self.event, address(draft, page), [self._cookie(draft)])

    def again(self, draft_id: str, name: str, given: Mapping[str, str]) -> Response[str]:
        """Show a page in the language just chosen: with what is typed on it, and with what was wrong, if that
        was told. Nothing is kept of it, and nothing sent.
        """
        draft = self._read(draft_id)
        if draft.sent:
            return self._already_sent(draft)
        open_page = first_open(draft.answers, self._policy)
        told = _TOLD in given
        if name == open_page == CHECK:
            ticked = ACCEPTED in given
            error = DomainError(ErrorCode.TERMS_NOT_ACCEPTED) if told and not ticked else None
            return self._check(draft, error, ticked=ticked)
        if name not in {page.name for page in pages_of(draft.answers, self._policy)}:
            return self._turn_to(draft, open_page)
        page = self._page(name, draft)
        wrong = faults_on(page, _answered(draft, page, given).answers, self._policy) if told else {}
        return self._question(draft, page, _typed(page, given), _in_words(wrong))

    def _send(self, draft: Draft, given: Mapping[str, str]) -> Response[str]:
        """Send what is answered, or show the check again where the terms were not accepted."""
        open_page = first_open(draft.answers, self._policy)
        if open_page != CHECK:
            return self._turn_to(draft, open_page)
        try:
            outcome = send(self.services, draft, given, source_address(self.event))
        except DomainError as error:
            self.services.journal.refused(error)
            return self._check(draft, error, ticked=ACCEPTED in given)
        after = outcome.draft
        leads_to = address(after, outcome.page) if outcome.page else f"/request/{after.sent}"
        cookies = [self._cookie(after)] + ([sent_cookie(self.event, after)] if after.sent else [])
        return see_other(self.event, leads_to, cookies)

    def lost(self, error: DraftError) -> Response[str]:
        """Say what became of the answers, and where to start."""
        self.services.journal.refused(error)
        problem = problem_of(error)
        return self.pages.render(
            self.event,
            "steps/lost.html",
            privacy=Privacy.PERSONAL,
            status=problem.text.status,
            problem=problem,
            back="/request",
        )

    # ------------------------------------------------------------------ what pages are given

    def _question(
        self, draft: Draft, page: Page, values: Mapping[str, str], faults: Mapping[str, Fault]
    ) -> Response[str]:
        """Show a question, with what is answered or was typed, and what is wrong with it."""
        more = _districts(draft, page, values) if page.kind == "district" else {}
        return self._render(
            f"steps/{page.kind}.html",
            draft,
            page.name,
            page.section,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
            own_form=_own_form(address(draft, page.name)),
            page=page,
            title=title_of(page, draft.answers),
            values=values,
            faults=faults,
            anchors={field.name: field.inputs[0] for field in page.fields},
            label_of=label_of,
            skipped=_SKIPPED in (self.event.query_string_parameters or {}),
            purposes=PURPOSES,
            documents=DOCUMENTS,
            levels=LEVELS,
            modalities=offered(self._policy),
            reasons=REASONS,
            **more,
        )

    def _start(self, draft: Draft) -> Response[str]:
        """What comes before the first question: who came back from it goes on with what is answered."""
        first = pages_of(draft.answers, self._policy)[0]
        return self.pages.render(
            self.event,
            "steps/start.html",
            privacy=Privacy.FORM,
            policy=self._policy,
            steps=_steps(draft.answers, Section.START),
            go_on=address(draft, first.name),
        )

    def _check(
        self, draft: Draft, error: DomainError | None = None, *, ticked: bool = False
    ) -> Response[str]:
        problem = problem_of(error) if error else None
        email = draft.answers["contact.email"]
        return self._render(
            "steps/check.html",
            draft,
            CHECK,
            Section.CHECK,
            status=problem.text.status if problem else HTTPStatus.OK,
            own_form=_own_form(address(draft, CHECK)),
            ticked=ticked,
            problem=problem,
            summary=summary_of(draft.answers, self._policy),
            address=address(draft, ""),
            email=email,
            likely_email=likely_address(email),
        )

    def _refusal(self, draft: Draft, refused: Refused) -> Response[str]:
        problem = problem_of(DomainError(refused.code, since=refused.since))
        wait = max(0, refused.until - self._now()) if refused.until else 0
        return self._render(
            "steps/refusal.html",
            draft,
            REFUSAL,
            Section.CHECK,
            status=problem.text.status,
            headers={"Retry-After": str(wait)} if wait else None,
            problem=problem,
            advice=advice_on(problem.code, draft.answers),
            minutes=self.services.retention.lockout_minutes,
            again=datetime.fromtimestamp(refused.until, LIMA) if refused.until and wait else None,
            check=address(draft, CHECK),
            contact_email=self.services.contact_email,
        )

    def _already_sent(self, draft: Draft) -> Response[str]:
        return self.pages.render(
            self.event,
            "steps/sent.html",
            privacy=Privacy.PERSONAL,
            chosen=self.chosen,
            back=address(draft, CHECK),
            request_id=draft.sent,
        )

    def _render(
        self, template: str, draft: Draft, name: str, section: Section, **context: Any
    ) -> Response[str]:
        return self.pages.render(
            self.event,
            template,
            privacy=Privacy.FORM,
            chosen=self.chosen,
            action=address(draft, name),
            back=address(draft, name),
            before=self._before(draft, name),
            steps=_steps(draft.answers, section),
            policy=self._policy,
            **context,
        )

    # ------------------------------------------------------------------ the way

    @property
    def _policy(self) -> Policy:
        return self.services.policy

    def _read(self, draft_id: str) -> Draft:
        return self.services.drafts.decode(cookie_of(self.event, COOKIE), draft_id)

    def _now(self) -> int:
        return int(self.services.clock().timestamp())

    def _turn_to(self, draft: Draft, open_page: str) -> Response[str]:
        """From a page that can't be answered yet to the one that can, which says so."""
        asked = f"?{_SKIPPED}" if open_page != CHECK else ""
        cookies = [kept_language(self.event, self.chosen)] if self.chosen else []
        return see_other(self.event, address(draft, open_page) + asked, cookies)

    def _cookie(self, draft: Draft) -> "Cookie":
        value = self.services.drafts.encode(draft)
        return new_cookie(self.event, COOKIE, value, path=address(draft, "").rstrip("/"))

    def _before(self, draft: Draft, name: str) -> str:
        """Back to the page before; from a page that is looked at again, to the check of all answers."""
        if name != CHECK and first_open(draft.answers, self._policy) == CHECK:
            return address(draft, CHECK)
        earlier = page_before(name, draft.answers, self._policy)
        return address(draft, earlier or START)

    def _page(self, name: str, draft: Draft) -> Page:
        return next(page for page in pages_of(draft.answers, self._policy) if page.name == name)


def address(draft: Draft, page: str) -> str:
    """Where a page of a draft is."""
    return f"/request/draft/{draft.id}/{page}"


def _steps(answers: Mapping[str, str], section: Section) -> dict[str, Any]:
    """The number of a step, how many there are, and what it is called."""
    sections = sections_of(answers)
    return {"number": sections.index(section) + 1, "total": len(sections), "name": SECTIONS[section]}


def _own_form(path: str) -> dict[str, str]:
    """The form of a page, which the switch of languages sends."""
    return {"id": "answers", "action": path}


def _answered(draft: Draft, page: Page, given: Mapping[str, str]) -> Draft:
    """The draft with what was given on a page, freed of what came along unseen."""
    tidied = {name: tidy(name, value) for name, value in given.items() if len(value) <= _ECHO_LIMIT}
    return draft.answered(page.inputs, {**given, **tidied})


def _in_words(wrong: Mapping[str, FieldError]) -> dict[str, Fault]:
    return {name: fault_in_words(fault) for name, fault in wrong.items()}


def _typed(page: Page, given: Mapping[str, str]) -> dict[str, str]:
    """What was typed on a page, as much of it as is shown again."""
    names = (*page.inputs, *(f"{name}{TYPED}" for name in page.inputs))
    return {name: given[name][:_ECHO_LIMIT] for name in names if given.get(name)}


def _districts(draft: Draft, page: Page, values: Mapping[str, str]) -> dict[str, Any]:
    """All districts, with the one that was chosen and, for a student, the one of whoever asks."""
    name = page.fields[0].name
    suggested = draft.answers.get("applicant.domicile.ubigeo") if page.who == STUDENT else None
    return {
        "district_options": district_options(),
        "chosen_district": district_label(values.get(name, "")),
        "typed_district": values.get(f"{name}{TYPED}", ""),
        "suggested": suggested,
        "suggested_district": district_label(suggested or ""),
    }
