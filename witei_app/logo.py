"""The agency's logo: on quotes, mail of the program, the web chat, reports. A PNG in the file store."""

from witei_app.files import load
from witei_app.models import Workspace


def address_of_logo(workspace: Workspace) -> str:
    """The path where anybody may see it, "" when there is none."""
    return f"/logos/{workspace.logo}.png" if workspace.logo else ""


async def logo_of(workspace: Workspace) -> bytes:
    """Its PNG; empty when there is none, or its bytes are gone."""
    try:
        return await load(workspace.logo) if workspace.logo else b""
    except FileNotFoundError:
        return b""
