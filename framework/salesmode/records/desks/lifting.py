"""A condition as its structure and its values, so that equal structures have one statement."""

from dataclasses import dataclass, field, replace

from salesmode.conditions.stages import POSITIONS
from salesmode.model.condition import (
    And,
    Argument,
    Compare,
    Condition,
    Const,
    Literal,
    Not,
    Or,
    Over,
    Through,
    Value,
)

# What is written differently for each value, or has no more values than the metadata has names.
_KEPT = ("isNull", "isEmpty", *POSITIONS)


@dataclass(frozen=True, slots=True)
class Lifted:
    """`values`: the variables that `structure` names."""

    structure: Condition
    values: dict[str, object]


def lifted(condition: Condition) -> Lifted:
    """Every literal becomes a variable of the request."""
    lifter = _Lifter()
    return Lifted(lifter.condition(condition), lifter.values)


@dataclass(frozen=True, slots=True)
class _Lifter:
    values: dict[str, object] = field(default_factory=dict)

    def condition(self, node: Condition) -> Condition:
        match node:
            case And(items):
                return And(tuple(self.condition(each) for each in items))
            case Or(items):
                return Or(tuple(self.condition(each) for each in items))
            case Not(item):
                return Not(self.condition(item))
            case Through(name, where):
                return Through(name, self.condition(where))
            case Over(inverse, quantifier, where):
                return Over(inverse, quantifier, self.condition(where))
            case Compare():
                return node if node.op in _KEPT else self._compared(node)
            case Const():
                return node

    def _compared(self, node: Compare) -> Compare:
        value, upper = node.value, node.upper
        if node.op == "between" and upper is None and isinstance(value, Literal):
            assert isinstance(value.value, tuple)
            value, upper = (Literal(each) for each in value.value)
        return replace(node, value=self._value(value), upper=None if upper is None else self._value(upper))

    def _value(self, value: Value) -> Value:
        if not isinstance(value, Literal) or value.value == ():
            return value
        name = f"${len(self.values)}"
        self.values[name] = value.value
        return Argument((name,))
