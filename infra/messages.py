"""The site's message catalogues: gathered from the sources, kept for translators, compiled for the functions.

`make messages` runs this. It finds every text that pages show, brings each `messages.po` up to date without
losing a translation, and compiles it to the `messages.mo` that the functions read. docs/languages.md tells
how translators work with them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from constancia.web.languages import DOMAIN, FOLDER, LANGUAGES, SPANISH, Language

ROOT: Final = Path(__file__).parents[1]
SOURCES: Final = ("layers/common/constancia", "functions/request", "functions/validate")
"""Where pages and their texts are. The mails of render are Spanish: they go out when nobody is at a page."""
TRANSLATED: Final = tuple(language for language in LANGUAGES if language is not SPANISH)

UNREVIEWED: Final = "unreviewed"
"""The translators' comment at a text that nobody whose first language it is has read."""
REVIEWED: Final = re.compile(r"reviewed: .+, \d{4}-\d{2}-\d{2}")
"""The comment at one that somebody has: who, and when."""

_METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_OPTIONS: Final = {
    "**/templates/**.html": {
        "newstyle_gettext": "true",
        "silent": "false",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
    }
}
_KEYWORDS: Final = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_OPEN_PLACES: Final = re.compile(r"%\(\w+\)s|\{\w+\}|%%")
_TAGS: Final = re.compile(r"<[^>]*>")


class Translations(Catalog):
    """A catalogue whose header changes only with its texts, and says how many nobody has reviewed."""

    unreviewed = 0
    """How many translations nobody whose first language it is has read (`count`)."""

    def count(self) -> None:
        """Count those, when all are in."""
        self.unreviewed = sum(UNREVIEWED in message.user_comments for message in translated(self))

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The headers that programs read."""
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
            ("X-Unreviewed-Texts", str(self.unreviewed)),
        ]


def main() -> None:
    """Bring all catalogues up to date and compile them."""
    texts = gathered()
    for language in TRANSLATED:
        catalogue = updated(language, texts)
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        po_path(language).write_bytes(as_po(catalogue))
        mo_path(language).write_bytes(as_mo(catalogue))
        told = len(list(translated(catalogue)))
        print(f"{language.code}: {told} of {len(texts)} texts, {catalogue.unreviewed} of them unreviewed")


def gathered() -> Catalog:
    """Every text of the sources, in the order of files and lines."""
    texts = Catalog()
    for folder in SOURCES:
        found = extract_from_dir(
            ROOT / folder, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS, callback=None
        )
        for name, line, text, comments, _context in sorted(found, key=lambda one: (one[0], one[1])):
            texts.add(text, locations=[(f"{folder}/{name}", line)], auto_comments=comments)
    return texts


def updated(language: Language, texts: Catalog) -> Translations:
    """The catalogue of a language with exactly these texts, and the translations that it had."""
    kept = stored(language)
    catalogue = Translations(language.code, fuzzy=False)
    catalogue.header_comment = kept.header_comment
    for text in sources(texts):
        former = kept.get(text.id)
        comments = list(former.user_comments) if former else []
        if former and any(_forms(former.string)) and not comments:
            comments = [UNREVIEWED]
        catalogue.add(
            text.id,
            former.string if former else None,
            locations=text.locations,
            auto_comments=text.auto_comments,
            user_comments=comments,
            flags=text.flags,
        )
    catalogue.count()
    return catalogue


def stored(language: Language) -> Translations:
    """The catalogue of a language as translators left it."""
    catalogue = Translations(language.code, fuzzy=False)
    catalogue.header_comment = f"# {language.name}. How to work with this file: docs/languages.md."
    if po_path(language).exists():
        with po_path(language).open("rb") as file:
            read = read_po(file, language.code)
        catalogue.header_comment = read.header_comment
        for text in sources(read):
            catalogue[text.id] = text
    catalogue.count()
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """The file for translators; places by file alone, so that it changes with the texts only."""
    file = BytesIO()
    write_po(file, catalogue, width=110, include_lineno=False, ignore_obsolete=True)
    return file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The file for the functions."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def po_path(language: Language) -> Path:
    """Where the file for translators is."""
    return FOLDER / language.code / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_path(language: Language) -> Path:
    """Where the file for the functions is."""
    return po_path(language).with_suffix(".mo")


def sources(catalogue: Catalog) -> Iterator[Message]:
    """All texts but the header."""
    return (message for message in catalogue if message.id)


def translated(catalogue: Catalog) -> Iterator[Message]:
    """The texts that have a translation."""
    return (message for message in sources(catalogue) if any(_forms(message.string)))


def faults(message: Message) -> list[str]:
    """What is wrong with a translation: places left open, tags, or its mark of review."""
    wrong = []
    marks = [
        comment for comment in message.user_comments if comment == UNREVIEWED or REVIEWED.fullmatch(comment)
    ]
    if len(marks) != 1:
        wrong.append("says neither 'unreviewed' nor 'reviewed: <who>, <year-month-day>', or both")
    for form in _forms(message.string):
        for what, pattern in (("places left open", _OPEN_PLACES), ("tags", _TAGS)):
            if Counter(pattern.findall(form)) not in [
                Counter(pattern.findall(source)) for source in _forms(message.id)
            ]:
                wrong.append(f"other {what} than its source")
        if "%" in _OPEN_PLACES.sub("", form):
            wrong.append("a % that is not written %%")
    return wrong


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


if __name__ == "__main__":
    main()
