"""People outside, and what the CRM records about them."""

from sqlalchemy import Index, UniqueConstraint, text

from witei_app.models.base import SQLModel, datetime, id_field, link, moment, prose, word, workspace_link


class Contact(SQLModel, table=True):
    """A person outside. `search_text` is name, e-mail and phone without case and accents, kept by `crm.contacts`.

    One that was merged into another stays as a signpost: `merged_into_id`, when, by whom, and the name it had. One that
    was erased stays empty while shells of conversations are left for the log that reports read: `erased_at`.
    """

    __table_args__ = (
        Index("ix_contact_workspace_created", "workspace_id", "created_at"),
        Index("ix_contact_list", "workspace_id", "id"),
        Index("ix_contact_responsible", "responsible_id"),
        Index("ix_contact_phone", "workspace_id", "phone"),
        Index("ix_contact_merged_into", "merged_into_id"),
        Index(
            "ix_contact_erased",
            "id",
            sqlite_where=text("erased_at IS NOT NULL"),
            postgresql_where=text("erased_at IS NOT NULL"),
        ),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    name: str = word()
    surnames: str = word()
    email: str = word(length=320)
    phone: str = word(length=32)
    language: str = word("", 8)
    origin: str = word(length=64)
    time_zone: str = word("", 64)
    responsible_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    search_text: str = word(length=900)
    merged_into_id: int | None = link("contact.id", optional=True, ondelete="CASCADE")
    merged_by_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    merged_at: datetime | None = moment(optional=True)
    erased_at: datetime | None = moment(optional=True)
    created_at: datetime = moment()

    @property
    def full_name(self) -> str:
        """Name and surnames, else the e-mail address, else the phone."""
        return f"{self.name} {self.surnames}".strip() or self.email or self.phone


class ContactAddress(SQLModel, table=True):
    """An address that a contact writes from: one address, one contact. Lower-case.

    `bounce_cause` is why mail to it came back last (a cause of `mail.bounce`), empty when it works.
    """

    __tablename__ = "contact_address"
    __table_args__ = (
        UniqueConstraint("workspace_id", "address"),
        Index("ix_contact_address_contact", "contact_id"),
    )

    id: int = id_field()
    workspace_id: int = workspace_link()
    contact_id: int = link("contact.id", ondelete="CASCADE")
    address: str = word(length=320)
    bounce_cause: str = word(length=32)
    created_at: datetime = moment()


class ContactNote(SQLModel, table=True):
    """What a user wrote down about a contact; plain text."""

    __tablename__ = "contact_note"
    __table_args__ = (Index("ix_contact_note_contact", "contact_id", "id"),)

    id: int = id_field()
    workspace_id: int = workspace_link()
    contact_id: int = link("contact.id", ondelete="CASCADE")
    author_id: int | None = link("user.id", optional=True, ondelete="SET NULL")
    body: str = prose()
    created_at: datetime = moment()
