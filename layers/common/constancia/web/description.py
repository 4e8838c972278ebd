"""The API's own description, OpenAPI 3.1, made from the code by `make openapi`."""

from pathlib import Path


def description() -> str:
    """The document as JSON; `docs/openapi.json` is the same file's content."""
    return Path(__file__).with_name("openapi.json").read_text("utf-8")
