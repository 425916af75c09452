"""Sheets of A4 for quotes and reports, in Roboto (Apache License 2.0, in fonts/): Latin, Greek and Cyrillic letters."""

from pathlib import Path
from unicodedata import category, normalize

from fpdf import FPDF
from fpdf.fonts import TTFFont

_FONTS = Path(__file__).parent / "fonts"
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class Paper(FPDF):
    """Fonts for more scripts weigh megabytes each, and Arabic's needs a program to join its letters. So a letter that
    Roboto lacks shows as �, never as nothing, and signs without it (emoji) are left out.
    """

    def __init__(self, title: str, author: str, language: str) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.set_author(author)
        self.set_lang(language)
        self.add_font("Roboto", "", _FONTS / "Roboto-Regular.ttf")
        self.add_font("Roboto", "B", _FONTS / "Roboto-Bold.ttf")
        roboto = self.fonts["roboto"]
        assert isinstance(roboto, TTFFont), "and not one of those that every reader has"
        self._known = roboto.cmap

    def normalize_text(self, text: str) -> str:
        """What stands on the paper for a text: fpdf asks for it wherever it writes or measures one."""
        return "".join(map(self._shown, normalize("NFC", text)))

    def _shown(self, sign: str) -> str:
        if self._is_known(sign):
            return sign
        alike = normalize("NFKC", sign)  # full-width and mathematical letters are letters, too
        if all(map(self._is_known, alike)):
            return alike
        return _UNREADABLE if category(sign)[0] in "LN" else ""

    def _is_known(self, sign: str) -> bool:
        return sign in "\r\n\t" or ord(sign) in self._known
