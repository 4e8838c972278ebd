"""What the answers of all registries have in common."""

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel


class Answer(BaseModel):
    """A registry's answer, or a part of one: nothing missing, nothing unknown, nothing converted.

    Fields have the names of the contract in snake case.
    """

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=to_camel, hide_input_in_errors=True
    )


def _clean(text: str) -> str:
    """NFC, without spaces around; spaces within stay as the registry has them, invisible characters don't.

    Raises:
        ValueError: nothing is left, or there are control characters.
    """
    normal = re.sub(r"[\t\r\n]", " ", unicodedata.normalize("NFC", text))
    clean = "".join(letter for letter in normal if unicodedata.category(letter) != "Cf").strip()
    if not clean or any(unicodedata.category(letter) == "Cc" for letter in clean):
        raise ValueError("empty, or with control characters")
    return clean


def _day(value: object) -> date:
    """A full date of RFC 3339; pydantic alone would take a moment at midnight for one too.

    Raises:
        ValueError: it is of another form, or there is no such day.
    """
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("not a date alone")
    return date.fromisoformat(value)


Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(lambda text: _clean(text).upper())]
Text = Annotated[str, StringConstraints(max_length=300), AfterValidator(_clean)]
Day = Annotated[date, BeforeValidator(_day)]
Dni = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
CardNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{9,12}$")]
Ubigeo = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
