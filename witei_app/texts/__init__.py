"""Everything a person reads: one English source text, one JSON catalogue per other language."""

from witei_app.texts.say import say
from witei_app.texts.translate import LANGUAGES, later, translate

__all__ = ["LANGUAGES", "later", "say", "translate"]
