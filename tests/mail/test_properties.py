"""What holds for any mail, looked for by hypothesis."""

import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from witei_app.mail.compose import compose, new_message_id
from witei_app.mail.parse import parse_mail
from witei_app.mail.sanitize import frame_document, html_to_text, safe_frame_html, safe_inline_html, text_to_html
from witei_app.mail.types import Address, OutgoingFile, OutgoingMail, QuotedMail, Unreadable

CORPUS = sorted(path.read_bytes() for path in (Path(__file__).parent / "corpus").glob("*.eml"))
NOW = datetime(2026, 11, 23, 9, 31, tzinfo=UTC)
calm = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

printable = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"]) | st.just(" ")
one_line = st.text(printable, max_size=120).map(lambda text: " ".join(text.split()))
names = one_line.filter(lambda text: text.strip("'\" ") == text and "=?" not in text)
locals_ = st.from_regex(r"[a-z0-9][a-z0-9.+_-]{0,20}[a-z0-9]", fullmatch=True)
mailboxes = st.builds(
    lambda name, local, domain: Address(name, f"{local}@{domain}"),
    names,
    locals_ | st.just("ñandú"),
    st.sampled_from(["example.com", "correo.example", "sub.dominio.example.es"]),
)
file_names = st.from_regex(r"[A-Za-zñáÉ字0-9][A-Za-zñáÉ字0-9 _.()-]{0,40}[A-Za-z0-9]", fullmatch=True).map(
    lambda name: " ".join(name.split())
)
files = st.builds(OutgoingFile, file_names, st.sampled_from(["application/pdf", "image/png"]), st.binary(max_size=3000))
mails = st.builds(
    OutgoingMail,
    sender=mailboxes,
    to=st.lists(mailboxes, min_size=1, max_size=5, unique_by=lambda address: address.email).map(tuple),
    cc=st.lists(mailboxes, max_size=3, unique_by=lambda address: address.email).map(tuple),
    subject=one_line,
    html=st.text(max_size=400).map(text_to_html),
    message_id=st.builds(new_message_id, st.just("localhost.test")),
    date=st.just(NOW),
    in_reply_to=st.sampled_from(["", "a1@example.com"]),
    references=st.lists(st.sampled_from(["r1@example.com", "r2@example.com"]), unique=True).map(tuple),
    files=st.lists(files, max_size=2).map(tuple),
    language=st.sampled_from(["en", "es"]),
)


@calm
@given(mails)
def test_what_is_composed_is_read_back_the_same(mail):
    read = parse_mail(compose(mail))
    assert read.subject == mail.subject
    assert read.sender == mail.sender
    assert read.to == mail.to
    assert read.cc == mail.cc
    assert read.message_id == mail.message_id
    assert [(file.name, file.data) for file in read.attachments] == [(file.name, file.data) for file in mail.files]
    assert read.text.split() == html_to_text(safe_inline_html(mail.html)).split()


@calm
@given(mails)
def test_every_composed_line_passes_any_relay(mail):
    raw = compose(mail)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", raw)
    assert raw.partition(b"\r\n\r\n")[2].isascii()


@calm
@given(mails, st.text(max_size=200))
def test_a_signature_and_the_quoted_message_are_folded_again(mail, said):
    quoted = QuotedMail("Marco Torres", NOW, text=said)
    whole = OutgoingMail(
        sender=mail.sender, to=mail.to, subject="Re: Visita", html="<p>De acuerdo.</p>", message_id=mail.message_id,
        date=NOW, signature_html="<p>Ana Gil</p>", quoted=quoted, language=mail.language,
    )  # fmt: skip
    read = parse_mail(compose(whole))
    assert read.new_text == "De acuerdo."


@calm
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_text_adds_a_header(subject, name, file_name):
    mail = OutgoingMail(
        sender=Address(f"{name}\r\nBcc: x@example.com", "sol@localhost.test"),
        to=(Address(name, "marco@example.com"),),
        subject=f"{subject}\r\nBcc: x@example.com\n\nbody",
        html="<p>x</p>",
        message_id="a\r\nBcc: x@example.com",
        date=NOW,
        files=(OutgoingFile(f"{file_name}\r\nBcc: x", "text/plain\r\nBcc: x@example.com", b"x"),),
    )
    head = compose(mail).partition(b"\r\n\r\n")[0]
    assert not re.search(rb"(?im)^bcc:", head)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A mail of the corpus with a few pieces changed, doubled or lost."""
    raw = bytearray(draw(st.sampled_from(CORPUS)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(len(raw) - 1, 0)))
        piece = draw(
            st.binary(max_size=8) | st.sampled_from([b"\r\n\r\n", b"=?utf-8?q?", b"\0", b"--a", b'"', b"<", b";"])
        )
        raw[at : at + draw(st.integers(0, 40))] = piece
    return bytes(raw)


NUL_IN_A_CHARSET = (
    b'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset="u\0"\r\n\r\n\xe1'
)


@settings(calm, max_examples=300)
@given(damaged() | st.binary(max_size=300))
@example(NUL_IN_A_CHARSET)
def test_no_damage_stops_the_reader(raw):
    try:
        mail = parse_mail(raw)
    except Unreadable:
        return
    assert "\0" not in mail.subject + mail.text + mail.html
    for text in (mail.subject, mail.text, mail.html, mail.sender.name, mail.sender.email, mail.message_id):
        text.encode("utf-8")


tags = st.sampled_from(
    ["script", "svg", "math", "a", "img", "iframe", "style", "b", "p", "table", "form", "object", "base", "meta", "div",
     "noscript", "template", "textarea", "title", "xmp", "plaintext", "annotation-xml", "mtext", "link", "input"]
)  # fmt: skip
attributes = st.sampled_from(
    ["href=javascript:alert(1)", "onclick=alert(1)", "src=x onerror=alert(1)", "href=' java\tscript:alert(1)'",
     "style='background:url(//evil.example/x)'", "style='position:fixed;top:0'", "srcdoc='<script>1</script>'",
     "src=data:text/html,<script>1</script>", "href=data:text/html;base64,PHNjcmlwdD4=", "action=//evil.example",
     "http-equiv=refresh content='0;url=//evil.example'", "formaction=javascript:1", "xlink:href=javascript:1",
     "style='color:expression(alert(1))'", "style='background-image:\\75rl(//evil.example)'", "href=//evil.example",
     "src='https://evil.example/pixel.gif'", "srcset='https://evil.example/a 1x'", "background=//evil.example/b"]
)  # fmt: skip
markup = st.lists(
    st.builds("<{} {}>".format, tags, attributes)
    | st.builds("</{}>".format, tags)
    | st.text("<>\"'`/!-[]&;x= ", max_size=12),
    max_size=25,
).map("".join)


@settings(calm, max_examples=400)
@given(markup)
def test_no_markup_gets_code_or_a_request_through(html):
    for safe in (safe_inline_html(html), safe_frame_html(html, {}, show_images=False)):
        _assert_harmless(safe)
        _assert_harmless(safe_frame_html(safe, {}, show_images=False))
    assert "<script" not in frame_document(safe_frame_html(html, {}, show_images=False))


@calm
@given(st.text(max_size=300))
def test_text_shown_as_html_is_only_text(text):
    html = text_to_html(text)
    _assert_harmless(html)
    assert re.sub(r"<[^<>]*>", "", html).count("<") == 0


def _assert_harmless(html: str) -> None:
    inside_tags = " ".join(re.findall(r"<[a-z][^>]*>", html, re.IGNORECASE)).lower()
    assert not re.search(
        r"<(script|style|svg|math|iframe|object|embed|form|input|meta|base|link|template)\b", html, re.I
    )
    assert not re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', inside_tags))
    assert not re.search(r"(href|src|action|background|srcset)=\"\s*(javascript|data:text|vbscript)", inside_tags)
    assert not re.search(r"url\(|expression|position|\\", inside_tags)
    assert not re.search(r"(src|srcset|background|poster)=\"\s*(https?:)?//", inside_tags)
