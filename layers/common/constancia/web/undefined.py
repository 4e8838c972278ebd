"""What templates do with what they were not given."""

from typing import Any, Self

from jinja2 import StrictUndefined, Undefined, UndefinedError
from jinja2.utils import missing

_NAMES_OF_MACROS = frozenset({"caller", "undefined", "null"})


class PageUndefined(Undefined):
    """Strict for variables and for attributes of objects; lenient for keys of dicts.

    govuk-frontend-jinja's macros take a dict of parameters and ask for optional ones as `params.hint`.
    """

    def __new__(
        cls,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[Exception] = UndefinedError,
    ) -> Self:
        """Make the strict kind, where that is what is wanted."""
        if isinstance(obj, dict) or name in _NAMES_OF_MACROS:
            return super().__new__(cls)
        return StrictUndefined(hint, obj, name, exc)  # type: ignore[return-value,arg-type]
