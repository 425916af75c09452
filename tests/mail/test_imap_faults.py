"""What went wrong with a mailbox is a sentence in the reader's language."""

import imaplib

from witei_app.mail.imap_faults import in_words


def test_a_server_that_hangs_up_is_not_quoted_in_the_words_of_a_library() -> None:
    fault = in_words(imaplib.IMAP4.abort("socket error: EOF"), "imap.example.com", 993, "INBOX")
    assert fault.text.format(**fault.values) == "imap.example.com hung up."


def test_what_it_said_before_is_passed_on() -> None:
    fault = in_words(imaplib.IMAP4.abort("b'Too many connections'"), "imap.example.com", 993, "INBOX")
    assert fault.text.format(**fault.values) == "imap.example.com ended the connection: Too many connections"
