"""The registries' OpenAPI contracts, as judges of what goes over the wire."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from infra.registries.cast import Registry as RegistryName


class Contract:
    """One contract. All judgements are lists of faults, empty where there are none."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._resources = Registry().with_resource("urn:contract", DRAFT202012.create_resource(document))

    @property
    def paths(self) -> tuple[str, ...]:
        """The addresses, all asked by POST."""
        return tuple(self._document["paths"])

    @property
    def key_header(self) -> str:
        """The name of the header that carries the API key."""
        [[scheme]] = self._document["security"]
        return str(self._at(("components", "securitySchemes", scheme, "name")))

    def statuses(self, path: str) -> set[int]:
        """The statuses that a query may end with."""
        return {int(status) for status in self._at(("paths", path, "post", "responses"))}

    def schema_of_answer(self, path: str) -> dict[str, Any]:
        """The schema of the record that a query finds."""
        media = ("paths", path, "post", "responses", "200", "content", "application/json")
        return self.resolved(self._at((*media, "schema")))

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema itself, where it may be a reference."""
        if (reference := schema.get("$ref")) is None:
            return schema
        return self.resolved(self._at(tuple(reference.removeprefix("#/").split("/"))))

    def faults_of_request(self, path: str, body: object) -> list[str]:
        """What breaks the contract in a query."""
        media = ("paths", path, "post", "requestBody", "content", "application/json")
        return self._faults(media, body)

    def faults_of_answer(self, path: str, status: int, content_type: str, body: object) -> list[str]:
        """What breaks the contract in an answer: its status, its media type or its content."""
        responses = self._document["paths"][path]["post"]["responses"]
        if str(status) not in responses:
            return [f"status {status} is not in the contract"]
        location: tuple[str, ...] = ("paths", path, "post", "responses", str(status))
        if (reference := responses[str(status)].get("$ref")) is not None:
            location = tuple(reference.removeprefix("#/").split("/"))
        content = self._at(location)["content"]
        if content_type not in content:
            return [f"{content_type} is not in the contract for {status}"]
        return self._faults((*location, "content", content_type), body)

    def _at(self, location: tuple[str, ...]) -> Any:
        part: Any = self._document
        for key in location:
            part = part[key]
        return part

    def _faults(self, media: tuple[str, ...], body: object) -> list[str]:
        pointer = "/".join(key.replace("~", "~0").replace("/", "~1") for key in (*media, "schema"))
        validator = Draft202012Validator(
            {"$ref": f"urn:contract#/{pointer}"},
            registry=self._resources,
            format_checker=FormatChecker(),
        )
        # The places alone: a message holds what was sent.
        return [f"{fault.json_path}: {fault.validator}" for fault in validator.iter_errors(body)]


@cache
def contract(registry: RegistryName) -> Contract:
    """The contract of a registry."""
    text = Path(__file__).with_name(f"{registry}.openapi.yaml").read_text("utf-8")
    return Contract(yaml.safe_load(text))
