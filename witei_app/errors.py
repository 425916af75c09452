"""What a rule says when it will not do something."""


class Refused(Exception):
    """The act is not done, nothing was changed; the text is for the person who asked (English, see `texts`)."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values


class NotFound(Refused):
    """What was asked for does not exist, or this actor may not see it: the two look the same from outside."""

    def __init__(self, text: str = "This is not here, or you may not see it.") -> None:
        super().__init__(text)


class NotAllowed(Refused):
    """The actor's permissions do not reach as far, whatever it is done to."""
