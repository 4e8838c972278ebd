"""Reading a function's settings from its environment, once, when it starts."""

from collections.abc import Mapping
from dataclasses import fields
from os import environ
from typing import Any

import msgspec


class SettingsError(RuntimeError):
    """The environment lacks a setting or holds one that can't be read; names it, never its value."""


def read_settings[Settings](model: type[Settings], environment: Mapping[str, str] = environ) -> Settings:
    """Read a frozen dataclass from the environment: the field `table_name` from `TABLE_NAME`, and so on.

    Raises:
        SettingsError: a setting without a default is missing, or one has not the form of its type.
    """
    names = {field.name: field.name.upper() for field in fields(model)}  # type: ignore[arg-type]
    values: dict[str, Any] = {name: environment[key] for name, key in names.items() if key in environment}
    try:
        return msgspec.convert(values, model, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{model.__name__}: {error}") from None
