"""A value of a column as JSON has it, and back. What is not what the column holds is a damaged archive."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, Numeric, String

from witei_app.db import UtcDateTime

_BIGGEST = 2**63 - 1


class Damaged(Exception):
    """This is no archive of ours, or not as it was written. Nothing was written here."""


def to_json(value: Any) -> Any:
    """Moments in UTC as ISO 8601, amounts as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_json(column: Column[Any], value: Any) -> Any:
    """The value for the column, or Damaged."""
    if value is None:
        if not column.nullable:
            raise Damaged(f"{column.table.name}.{column.name} is empty")
        return None
    try:
        return _read(column, value)
    except (ValueError, TypeError, OverflowError, InvalidOperation, RecursionError):
        raise Damaged(f"{column.table.name}.{column.name} holds what it cannot hold") from None


def _read(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if isinstance(kind, JSON):
        return _speakable(value)
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(_text(value)).astimezone(UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(_text(value))
    if isinstance(kind, Boolean):
        return _of(bool, value)
    if isinstance(kind, Integer):
        return _place(value) if column.name == "id" else _whole(value)
    if isinstance(kind, Numeric):
        return _amount(value)
    if isinstance(kind, String):
        return _text(value, kind.length)
    raise TypeError


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _whole(value: Any) -> int:
    number: int = _of(int, value)
    if abs(number) > _BIGGEST:
        raise ValueError
    return number


def _place(value: Any) -> int:
    """A row's own number: counted from one, with room for the next."""
    number = _whole(value)
    if not 0 < number < _BIGGEST:
        raise ValueError
    return number


def _speakable(value: Any) -> Any:
    """What stands in a document: nothing that one of the databases takes and the other does not."""
    if isinstance(value, dict):
        return {_text(name): _speakable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_speakable(one) for one in value]
    if isinstance(value, float) and not isfinite(value):
        raise ValueError
    return _text(value) if isinstance(value, str) else value


def _amount(value: Any) -> Decimal:
    amount = Decimal(_text(value, 40))
    if not amount.is_finite():
        raise ValueError
    return amount


def _text(value: Any, most: int | None = None) -> str:
    text: str = _of(str, value)
    if "\0" in text or (most is not None and len(text) > most):
        raise ValueError
    text.encode()  # refuses lone surrogates, which no database takes
    return text
