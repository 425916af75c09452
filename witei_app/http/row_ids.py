"""Ids in addresses: `{file_id:row}` in a route."""

from starlette.convertors import Convertor, register_url_convertor

BIGGEST_ID = 2**63 - 1  # of an integer in both databases


class RowId(Convertor[int]):
    """The number of a row; one that no row can have is 0, which none has."""

    regex = "[0-9]{1,4000}"  # Python reads no longer number

    def convert(self, value: str) -> int:
        """From the address."""
        return number if (number := int(value)) <= BIGGEST_ID else 0

    def to_string(self, value: int) -> str:
        """Into an address."""
        return str(value)


def know_row_ids() -> None:
    """Let routes say it."""
    register_url_convertor("row", RowId())
