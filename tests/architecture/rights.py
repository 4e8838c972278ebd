"""What a function may do, by the policies of its role, the keys, the bucket, the queues and the trail.

A small judge of IAM as far as the template uses it: Deny before Allow, wildcards in actions, resources and
conditions. A condition's operator that is not known here fails loudly.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from infra.local.stack import Stack
from infra.local.template import ACCOUNT, Template

type Context = Mapping[str, tuple[str, ...]]

_RESOURCE_POLICIES = {
    "AWS::DynamoDB::Table": "ResourcePolicy",
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
}


@dataclass(frozen=True)
class Need:
    """An action on a resource, and what AWS would know of the call."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """A statement of a policy; `resources` of a key's policy are the key itself."""

    where: str
    effect: str
    principals: tuple[str, ...]
    """Empty in a role's own policy."""
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]

    def covers(self, need: Need) -> bool:
        """Whether action, resource and conditions are those of the call."""
        return (
            any(like(need.action, action, fold=True) for action in self.actions)
            and any(like(need.resource, resource) for resource in self.resources)
            and all(
                holds(operator, key, wanted, need.context)
                for operator, keys in self.conditions.items()
                for key, wanted in keys.items()
            )
        )

    def is_about(self, role: str) -> bool:
        """Whether the statement of a resource's policy speaks of a role, by name or of everybody."""
        return "*" in self.principals or role in self.principals


@dataclass(frozen=True)
class Rights:
    """All that is said of one function's role."""

    role: str
    own: tuple[Statement, ...]
    others: tuple[Statement, ...]
    """Of the keys, the bucket, the queues and the trail, as far as they speak of the role."""

    def allow(self, need: Need) -> bool:
        """As AWS decides within one account: no Deny, and one Allow.

        A key is used by its own policy: this one leaves no use of it to IAM but through services, and no role
        of a function has a statement for that.
        """
        everything = (*self.own, *self.others)
        if any(one.effect == "Deny" and one.covers(need) for one in everything):
            return False
        allowing = self.others if need.action.startswith("kms:") else everything
        return any(one.effect == "Allow" and one.covers(need) for one in allowing)

    def grants(self) -> Iterator[Statement]:
        """What the role is given by name."""
        for one in (*self.own, *self.others):
            if one.effect == "Allow" and "*" not in one.principals:
                yield one


def rights_of(stack: Stack, function: str) -> Rights:
    """Read what the template says of a function (by logical id), or of a role that operators take.

    Raises:
        AssertionError: it shares its role, or its role has policies that can't be read here.
    """
    itself = stack.template.resources[function]
    of_people = itself.type == "AWS::IAM::Role"
    role = function if of_people else itself.properties["Role"]["Fn::GetAtt"][0]
    shared = [
        one.logical_id
        for one in stack.template.of_type("AWS::Lambda::Function")
        if one.properties["Role"]["Fn::GetAtt"][0] == role
    ]
    assert shared == ([] if of_people else [function]), f"one role a function, but {shared} share {role}"
    inside = set(stack.template.resources[role].properties) & {"ManagedPolicyArns", "Policies"}
    assert not inside, f"{role}: rights stand in its RolePolicy, not in {inside}"
    arn = stack.attribute(role, "Arn")
    own = [
        statement
        for one in stack.template.of_type("AWS::IAM::RolePolicy")
        if stack.template.resolve(one.properties["RoleName"], _lookup(stack)) == stack.ref(role)
        for statement in _statements(stack, one.logical_id, one.properties["PolicyDocument"], None)
    ]
    others = [one for one in resource_statements(stack) if one.is_about(arn)]
    return Rights(arn, tuple(own), tuple(others))


def resource_statements(stack: Stack) -> Iterator[Statement]:
    """All statements of the policies of keys, bucket, queues and the audit trail."""
    for kind, name in _RESOURCE_POLICIES.items():
        for one in stack.template.of_type(kind):
            if name not in one.properties:
                assert kind == "AWS::DynamoDB::Table", f"{one.logical_id} has no {name}"
                continue
            itself = stack.attribute(one.logical_id, "Arn") if kind == "AWS::KMS::Key" else None
            yield from _statements(stack, one.logical_id, document_of(one.properties[name]), itself)


def document_of(policy: Any) -> Any:
    """The policy itself, which a table has in another property more."""
    return policy.get("PolicyDocument", policy)


def with_changed(template: Template, logical_id: str, properties: Mapping[str, Any]) -> Template:
    """The template with other properties of one resource."""
    changed = replace(template.resources[logical_id], properties=properties)
    return replace(template, resources={**template.resources, logical_id: changed})


def _lookup(stack: Stack) -> Any:
    def lookup(name: str, attribute: str | None) -> str:
        return stack.attribute(name, attribute) if attribute else stack.ref(name)

    return lookup


def _statements(stack: Stack, where: str, document: Any, itself: str | None) -> Iterator[Statement]:
    for one in stack.template.resolve(document, _lookup(stack))["Statement"]:
        unknown = set(one) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
        assert not unknown, f"{where}: {unknown} is not judged here"
        resources = listed(one["Resource"])
        yield Statement(
            where=f"{where}.{one['Sid']}",
            effect=one["Effect"],
            principals=tuple(_principals(one.get("Principal", {}))),
            actions=listed(one["Action"]),
            resources=(itself,) if itself and resources == ("*",) else resources,
            conditions={
                operator: {key: listed(value) for key, value in keys.items()}
                for operator, keys in one.get("Condition", {}).items()
            },
        )


def _principals(principal: Any) -> Iterable[str]:
    if principal == "*":
        return ["*"]
    return [name for names in principal.values() for name in listed(names)]


def listed(value: Any) -> tuple[str, ...]:
    """One value or several, as several."""
    return tuple(str(one) for one in (value if isinstance(value, list) else [value]))


def like(value: str, pattern: str, *, fold: bool = False) -> bool:
    """Whether a value is one of a pattern with `*` and `?`."""
    if fold:
        value, pattern = value.lower(), pattern.lower()
    return re.fullmatch(fnmatch.translate(pattern.replace("[", "[[]")), value) is not None


def holds(operator: str, key: str, wanted: tuple[str, ...], context: Context) -> bool:
    """Whether one condition holds in the context of a call."""
    given = context.get(key, ())
    if operator == "Null":
        return (not given) == (wanted == ("true",))
    if operator == "ForAnyValue:StringNotLike":
        return any(not _meets("StringLike", one, wanted) for one in given)
    if operator.startswith("ForAnyValue:"):
        return any(_meets(operator.partition(":")[2], one, wanted) for one in given)
    if operator.startswith("ForAllValues:"):
        return all(_meets(operator.partition(":")[2], one, wanted) for one in given)
    if operator.partition("Not")[1]:  # StringNotEquals, ArnNotEquals: true where there is nothing to compare
        return not any(_meets(operator.replace("Not", ""), one, wanted) for one in given)
    return any(_meets(operator, one, wanted) for one in given)


def _meets(operator: str, value: str, wanted: Iterable[str]) -> bool:
    match operator:
        case "StringEquals" | "Bool":
            return value in wanted
        case "StringLike" | "ArnLike" | "ArnEquals":
            return any(like(value, one) for one in wanted)
        case "NumericLessThan":
            return any(float(value) < float(one) for one in wanted)
    raise NotImplementedError(f"a condition that is not judged here: {operator}")


def missing(rights: Rights, needs: Iterable[Need]) -> list[str]:
    """The calls that AWS would refuse."""
    return sorted(
        {f"{one.action} on {one.resource} {dict(one.context)}" for one in needs if not rights.allow(one)}
    )


def unused(rights: Rights, needs: Iterable[Need]) -> list[str]:
    """What the role is given by name and no call needs: an action with a resource, a value of a condition."""
    calls = list(needs)
    found = []
    for grant in rights.grants():
        met = [one for one in calls if grant.covers(one)]
        for action, resource in product(grant.actions, grant.resources):
            if not any(like(one.action, action, fold=True) and like(one.resource, resource) for one in met):
                found.append(f"{grant.where}: {action} on {resource}")
        for operator, keys in grant.conditions.items():
            for key, values in keys.items():
                for value in values:
                    operation = operator.rpartition(":")[2]
                    if not any(
                        _meets(operation, given, [value]) for one in met for given in one.context.get(key, ())
                    ):
                        found.append(f"{grant.where}: {key} {value}")
    return sorted(found)


def wildcards(rights: Rights) -> list[str]:
    """Actions and resources of a role that are wider than AWS demands."""
    found = []
    for grant in rights.grants():
        found += [f"{grant.where}: {action}" for action in grant.actions if "*" in action]
        found += [
            f"{grant.where}: {resource}"
            for resource in grant.resources
            if "*" in resource and not _demanded(grant, resource)
        ]
    return sorted(found)


def _demanded(grant: Statement, resource: str) -> bool:
    """X-Ray has no resources; streams of a log group and files of a bucket have names that nobody knows."""
    return (
        (resource == "*" and all(action.startswith("xray:Put") for action in grant.actions))
        or (resource.endswith(":*") and f":{ACCOUNT}:log-group:/constancia/" in resource)
        or resource.endswith("/certificates/*")
    )
