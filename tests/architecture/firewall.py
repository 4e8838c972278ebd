"""Playing requests against the rules of infra/firewall.yaml, as AWS WAF evaluates a web ACL.

Only what the rules use: a kind of statement that is not known here fails loudly. The content of AWS's managed
groups is AWS's; a call says which labels they would leave on it.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

STOPS = frozenset({"Block", "Challenge"})


@dataclass(frozen=True)
class Call:
    """A call as the firewall sees it; `rate` is how many like it came from its address in five minutes."""

    method: str
    path: str
    rate: int = 1
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Met:
    """The rule that stopped a call, and how; an empty name where none did."""

    rule: str
    action: str


PASSED = Met("", "Allow")


def meet(acl: Mapping[str, Any], call: Call) -> Met:
    """Evaluate the rules in their order until one stops the call."""
    for rule in sorted(acl["Rules"], key=lambda rule: int(rule["Priority"])):
        if "Action" not in rule:
            continue  # a managed group: what it counts is in the labels, what it blocks is AWS's to know
        (action,) = rule["Action"]
        if action in STOPS and _matches(rule["Statement"], call):
            return Met(rule["Name"], action)
    return PASSED


def _matches(statement: Mapping[str, Any], call: Call) -> bool:
    match statement:
        case {"AndStatement": {"Statements": parts}}:
            return all(_matches(part, call) for part in parts)
        case {"OrStatement": {"Statements": parts}}:
            return any(_matches(part, call) for part in parts)
        case {"RateBasedStatement": rate}:
            scope = rate.get("ScopeDownStatement")
            return call.rate > int(rate["Limit"]) and (scope is None or _matches(scope, call))
        case {"LabelMatchStatement": {"Scope": "NAMESPACE", "Key": key}}:
            return any(label.startswith(key) for label in call.labels)
        case {"ByteMatchStatement": {"PositionalConstraint": "EXACTLY", "SearchString": wanted} as part}:
            return bool(_field(part, call) == wanted)
        case {"RegexMatchStatement": {"RegexString": pattern} as part}:
            return re.search(pattern, _field(part, call)) is not None
    raise NotImplementedError(f"a statement that is not played: {statement}")


def _field(statement: Mapping[str, Any], call: Call) -> str:
    match statement["FieldToMatch"]:
        case {"Method": _}:
            value = call.method
        case {"UriPath": _}:
            value = call.path
        case other:
            raise NotImplementedError(f"a field that is not played: {other}")
    for step in sorted(statement["TextTransformations"], key=lambda step: int(step["Priority"])):
        value = _TRANSFORMATIONS[step["Type"]](value)
    return value


_TRANSFORMATIONS: Mapping[str, Callable[[str], str]] = {
    "NONE": lambda text: text,
    "URL_DECODE": unquote,
    "NORMALIZE_PATH": posixpath.normpath,
}
