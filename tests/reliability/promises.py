"""What must hold once everything came to rest, whatever happened on the way."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.judges.seals import judged
from tests.reliability.world import World
from tests.trail import told

FINAL = {"ISSUED", "SUPERSEDED", "ANNULLED"}


def demand(world: World, *locations: str, certificates: int = 1) -> None:
    """End the test where a promise is broken.

    `locations` are those of the requests that the persons were told of; `certificates` how many there may be,
    one of them valid and the others superseded by it.
    """
    broken = list(_broken(world, locations, certificates))
    assert not broken, "\n".join(broken)


def _broken(world: World, locations: tuple[str, ...], certificates: int) -> Iterator[str]:
    made = world.items("CERT#")
    states = sorted(one["certificate_state"] for one in made)
    if states.count("ISSUED") != 1:
        yield f"not one valid certificate: {states}"
    if set(states) - {"ISSUED", "SUPERSEDED"}:
        yield f"certificates that came to no end: {states}"
    if len(made) > certificates:
        yield f"{len(made)} certificates where {certificates} were asked for"
    if len({one["number"] for one in made}) < len(made):
        yield "two certificates have one number"
    yield from _files(world, made)
    yield from _requests(world, locations)
    yield from _mails(world, made)
    yield from _trail(world, made)
    yield from _traces(world)


def _files(world: World, made: list[dict[str, Any]]) -> Iterator[str]:
    files = world.files()
    named = {f"certificates/{one['code']}/{one['sha256']}.pdf": one for one in made if "sha256" in one}
    for key in named.keys() - files.keys():
        yield f"a certificate without its file: {key}"
    for key in files.keys() - named.keys():
        yield f"a file that no record names: {key}"
    indexed = {one["pk"].removeprefix("SHA256#"): one["code"] for one in world.items("SHA256#")}
    for key in named.keys() & files.keys():
        one, data = named[key], files[key]
        if hashlib.sha256(data).hexdigest() != one["sha256"]:
            yield f"another file than the recorded one: {key}"
        if indexed.get(one["sha256"]) != one["code"]:
            yield f"the file is not known by its digest: {key}"
        if not judged(data, world.root, at=datetime.now(UTC)).bottom_line:
            yield f"the seal does not hold: {key}"


def _requests(world: World, locations: tuple[str, ...]) -> Iterator[str]:
    for one in world.items("REQ#"):
        if one["certificate_state"] not in FINAL or one["mail"] == "PENDING" or "pending" in one:
            yield f"a request is stuck: {one['certificate_state']}, mail {one['mail']}"
        if held := {"email", "phone", "qr_token"} & one.keys():
            yield f"a finished request still holds {held}"
    for location in locations:
        told = world.progress(location)
        if told.status != 200 or told.json["state"] not in FINAL:
            yield f"the person's page comes to no end: {told.status} {told.body[:200]}"


def _mails(world: World, made: list[dict[str, Any]]) -> Iterator[str]:
    mails = [text.replace("-", "") for _, text in world.mails()]
    for one in made:
        if one["certificate_state"] == "ISSUED" and not any(one["code"] in text for text in mails):
            yield "the mail with the code was never sent"


def _trail(world: World, made: list[dict[str, Any]]) -> Iterator[str]:
    """A change of state has its entry in the audit trail, once."""
    for one in made:
        acts = [act for act, _, _ in told(world.aws, one["code"]) if act in {"issue", "supersede", "annul"}]
        if acts not in (["issue"], ["issue", "supersede"]):
            yield f"what became of {one['certificate_state']} by the audit trail: {acts}"


def _traces(world: World) -> Iterator[str]:
    """What is written while nobody is looking names nobody."""
    logs = world.logs.getvalue()
    for secret in world.persons:
        if secret.casefold() in logs.casefold():
            yield f"the log names {secret}"
