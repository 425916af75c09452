"""text/enriched (RFC 1896) and the text/richtext before it, as text: some corporate programs still write them."""

import re

KINDS = ("text/enriched", "text/richtext")
_PARAMETER = re.compile(r"<param>[^<]{0,200}</param>", re.IGNORECASE)
_COMMAND = re.compile(r"</?[a-z0-9-]{1,60}>", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\n+")


def enriched_to_text(text: str, kind: str) -> str:
    """`text` without its commands. Its lines are cut anywhere: a blank line is where one ends (RFC 1896, 4)."""
    if kind == "text/richtext":  # RFC 1341, 7.1.3, says where one ends in words
        text = re.sub(r"<(?:nl|np)>|</paragraph>", "\n\n", text.replace("\n", " "), flags=re.IGNORECASE)
        text = re.sub(r"<lt>", "<<", text, flags=re.IGNORECASE)
    pieces = [_COMMAND.sub("", _PARAMETER.sub("", piece)) for piece in text.split("<<")]
    return _LINE_ENDS.sub(lambda ends: "\n" * (len(ends[0]) - 1) or " ", "<".join(pieces)).strip()
