"""What each mail of the corpus says, as a person reads it."""

# ruff: noqa: E501

from typing import Any

EXPECTED: dict[str, dict[str, Any]] = {
    "addresses_of_every_shape": {"sender": 'Torres, Marco "el alto" <marco@example.com>', "new": "x"},
    "alternative_in_related_in_mixed": {
        "new": "¿Sigue libre el ático?",
        "files": ["nomina.pdf"],
        "inline": ["plano@example.com"],
    },
    "alternative_with_empty_text": {"new": "Solo aquí"},
    "auto_submitted": {"subject": "Estamos cerrados", "new": "x", "automatic": "Auto-Submitted: auto-replied"},
    "auto_submitted_no": {"new": "x"},
    "bare_carriage_returns": {"subject": "Con CR", "new": "una\ndos"},
    "bare_line_feeds": {"subject": "Con LF", "new": "una\ndos"},
    "base64_damaged": {"new": "Hola, ¿sigue libre?"},
    "base64_in_two_padded_pieces": {"new": "Hola Marco"},
    "blank_line_forgotten": {"subject": "Sin linea", "new": "Buenos dias, esto es el texto.\n\nSegundo parrafo."},
    "bom_and_blank_lines_first": {"subject": "Con BOM", "new": "Texto."},
    "bounce_delayed": {
        "subject": "Delayed Mail (still being retried)",
        "sender": "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
        "bounce": ("delayed", "delayed", "4.4.1", "Marco@example.com", "out1@localhost.test"),
    },
    "bounce_exchange_spanish": {
        "subject": "No se puede entregar: Visita",
        "sender": "postmaster@example.com",
        "bounce": ("failed", "unknown_address", "5.1.10", "marco@example.com", "out1@localhost.test"),
    },
    "bounce_exim": {
        "subject": "Mail delivery failed: returning message to sender",
        "sender": "Mail Delivery System <Mailer-Daemon@host.example>",
        "bounce": ("failed", "unknown_address", "5.1.1", "marco@example.com", "out1@localhost.test"),
    },
    "bounce_expired": {
        "subject": "Undelivered Mail Returned to Sender",
        "sender": "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
        "bounce": ("failed", "expired", "4.4.7", "Marco@example.com", "out1@localhost.test"),
    },
    "bounce_mailbox_full": {
        "subject": "Undelivered Mail Returned to Sender",
        "sender": "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
        "bounce": ("failed", "mailbox_full", "5.2.2", "Marco@example.com", "out1@localhost.test"),
    },
    "bounce_postfix_unknown_user": {
        "subject": "Undelivered Mail Returned to Sender",
        "sender": "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
        "bounce": ("failed", "unknown_address", "5.1.1", "Marco@example.com", "out1@localhost.test"),
    },
    "bounce_qmail": {
        "subject": "failure notice",
        "sender": "MAILER-DAEMON@mail.example.com",
        "bounce": ("failed", "unknown_address", "5.0.0", "marco@example.com", "out1@localhost.test"),
    },
    "bounce_spf_refused": {
        "subject": "Undelivered Mail Returned to Sender",
        "sender": "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
        "bounce": ("failed", "unauthenticated", "5.7.26", "Marco@example.com", "out1@localhost.test"),
    },
    "boundary_parameter_missing": {"new": "Hola sin boundary."},
    "broken_line_among_headers": {"subject": "Un asunto que sigue sin sangria X-Foo bar", "new": "Texto."},
    "calendar_file_called_a_stream": {"new": "Te paso la cita.", "files": ["cita.ics"]},
    "charset_only_in_html": {"new": "Привет"},
    "complaint_arf": {
        "subject": "FW: Visita",
        "sender": "abuse@isp.example",
        "bounce": ("complaint", "complaint", "", "marco@example.com", "out1@localhost.test"),
    },
    "cp850_spelt_with_a_dash": {"new": "mañana"},
    "dmarc_report": {
        "subject": "[Preview] Report Domain: sol.test Submitter: enterprise.protection.outlook.com Report-ID: 1",
        "new": "This is a DMARC aggregate report",
        "files": ["r.xml.gz"],
        "automatic": "a report on a domain's mail",
    },
    "doubled_headers": {"subject": "La primera que dice algo", "sender": "Marco <marco@example.com>", "new": "x"},
    "encoded_word_inside_quotes": {"sender": "Nuñez, Pepe <pepe@example.com>", "new": "x"},
    "encoded_word_with_spaces_and_unknown_charset": {"subject": "Piso en Lleida, 3ª planta", "new": "x"},
    "encoded_words_mixed_charsets": {
        "subject": "Año € and Привет",
        "sender": "Martínez, José <jose@example.com>",
        "new": "x",
    },
    "encoded_words_split_inside_a_character": {"subject": "Visita al ático de María", "new": "x"},
    "encrypted_with_pgp": {"subject": "...", "new": "", "files": ["file-1.pgp", "encrypted.asc"], "encrypted": True},
    "encrypted_with_pgp_in_the_text": {"encrypted": True},
    "encrypted_with_pgp_taken_apart_by_exchange": {
        "new": "",
        "files": ["ATT00001", "encrypted.asc"],
        "encrypted": True,
    },
    "encrypted_with_smime": {"new": "", "files": ["smime.p7m"], "encrypted": True},
    "file_encrypted_with_pgp": {"new": "El contrato va cifrado en el adjunto.", "files": ["contrato.pdf.pgp"]},
    "format_flowed": {
        "new": "Un párrafo que se escribió seguido y termina aquí.\nDesde aquí, otro.",
        "rest": "> cita que sigue\n> > más honda\n-- \nMarco",
    },
    "format_flowed_delsp": {"new": "https://example.com/pisos/gracia"},
    "forward_is_shown_whole": {
        "subject": "Fwd: Visita",
        "new": "Os reenvío lo que me mandaron.\n\n---------- Forwarded message ---------\nDe: Portal <portal@example.com>\nDate: lun, 23 nov 2026 a las 10:31\nSubject: Piso\nTo: Marco\n\nTres habitaciones, 900 euros.",
    },
    "forwarded_message_as_file": {
        "subject": "Te paso el correo",
        "new": "Mira esto.",
        "files": ["Oferta del ático.eml"],
    },
    "gb2312_with_characters_beyond_it": {"new": "朱镕基看房"},
    "hebrew_iso_8859_8_i": {"subject": "שלום", "new": "שלום"},
    "html_only": {"new": "Hola,\n\nbusco piso en Gràcia (https://example.com/gracia)."},
    "invitation_all_day_broken_calendar": {"subject": "Puertas abiertas", "new": "", "files": ["invitation.ics"]},
    "invitation_from_outlook": {"subject": "Visita: ático", "new": "Nos vemos allí.", "files": ["invitation.ics"]},
    "iso_2022_jp": {"subject": "物件", "new": "こんにちは"},
    "latin1_that_is_utf8": {"new": "Mañana en Cádiz"},
    "latin1_that_is_windows1252": {"new": "Precio: 350.000 € – “negociable”"},
    "list_is_no_signature": {
        "new": "Busco:\n\n- tres habitaciones\n- ascensor\n-- dos baños\n--\ny terraza si puede ser, aunque no es imprescindible."
    },
    "mail_from_outlook_with_long_thread_topic": {"subject": "RE: Visita", "new": "De acuerdo."},
    "mbox_envelope_line": {"subject": "De un mbox", "new": "Texto."},
    "misspelt_charset": {"new": "Mañana 🏠"},
    "name_far_too_long": {
        "new": "x",
        "files": [
            "ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático ático átic.pdf"
        ],
    },
    "name_in_encoded_words": {"new": "x", "files": ["Plano del ático.pdf"]},
    "name_missing": {"new": "x", "files": ["image-1.jpg"]},
    "name_only_in_content_type": {"new": "x", "files": ["ficha.pdf"]},
    "name_raw_utf8": {"new": "x", "files": ["Plano del ático.pdf"]},
    "name_rfc2231_in_pieces": {"new": "x", "files": ["Plano del ático.pdf"]},
    "name_rfc2231_wrong_charset": {"new": "x", "files": ["contrato año.pdf"]},
    "name_with_a_path": {"new": "x", "files": ["cmd.pdf"]},
    "name_with_direction_override": {"new": "x", "files": ["facturafdp.exe"]},
    "newsletter": {"subject": "Novedades", "new": "x", "automatic": "List-Id"},
    "no_charset_but_utf8": {"new": "Mañana en Cádiz"},
    "no_closing_boundary": {"new": "Se cortó.", "files": ["pisos.csv"]},
    "no_from": {"subject": "Nuevo contacto", "sender": "Portal <avisos@portal.example>", "new": "Hola"},
    "no_headers_but_from": {"subject": "", "new": "Solo esto."},
    "nul_bytes": {"subject": "Con NUL", "new": "antes y después"},
    "odd_dates": {"subject": "", "sender": "a@example.com", "new": "x"},
    "people_called_exchange": {
        "subject": "Delivery problem with documents",
        "sender": "Home Exchange Madrid <marta@example.com>",
    },
    "person_forwarding_a_bounce": {
        "subject": "Fwd: Undelivered Mail Returned to Sender",
        "new": "I got this:\n\n> I'm sorry to have to inform you that your message could not\n> be delivered. 550 5.1.1 User unknown",
    },
    "person_writing_about_a_bounce": {
        "subject": "Mail delivery failed",
        "new": "Your last mail was returned to me: user unknown, 550 5.1.1. Could you send it again?",
    },
    "quoted_printable_damaged": {"new": "100% seguro =ZZ de que sí  y continúa=\nfin"},
    "raw_latin1_headers": {"subject": "Pregúnta sobre el ático", "sender": "José <jose@example.com>", "new": "mañana"},
    "raw_utf8_headers": {
        "subject": "¿Cuánto pide por el dúplex?",
        "sender": "María José Ñíguez <mj@example.com>",
        "new": "x",
    },
    "reaction_of_gmail": {"new": "👍\n\nMarta Ruiz ha reaccionado por Gmail"},
    "read_receipt": {
        "subject": "Leído: Visita",
        "new": "Su mensaje se leyó.",
        "automatic": "a delivery or reading report",
    },
    "references_folded_and_broken": {"new": "x"},
    "reply_apple_mail_french": {
        "subject": "Re : Visite",
        "new": "Parfait pour jeudi.",
        "rest": "> Le 23 nov. 2026 à 10:31, Sol <sol@localhost.test> a écrit :\n>\n> Jeudi vous convient ?",
    },
    "reply_below_the_quote": {
        "new": "Ja, gerne um zehn.",
        "rest": "Am 23.11.26 um 10:31 schrieb Inmobiliaria Sol:\n> Passt Ihnen Donnerstag?\n\n"
        "-- \nMarco Torres\nTel. 600 000 000",
    },
    "reply_catalan_wrapped_attribution": {
        "new": "Em va bé dijous.",
        "rest": "El dl., 23 de nov. 2026 a les 10:31, Inmobiliaria Sol\n<sol@localhost.test> va escriure:\n\n> Li va bé dijous?",
    },
    "reply_from_a_telephone": {
        "new": "Voy para allá",
        "rest": "Enviado desde mi iPhone\n\n> El 23 nov 2026, a las 10:31, Sol <sol@localhost.test> escribió:\n> \n> ¿Viene?",
    },
    "reply_gmail_catalan": {
        "new": "Sí, me interesa. ¿Podemos verlo?",
        "rest": "Missatge de Ana Gil <sol@localhost.test> del dia dg., 29 de nov. 2026 a les 11:30:\n> Hola",
    },
    "reply_gmail_html_only": {
        "new": "Sí, allí estaré.",
        "rest": "El lun, 23 nov 2026 a las 10:31, Inmobiliaria Sol (<sol@localhost.test>) escribió:\n\n> ¿Viene el jueves?",
    },
    "reply_gmail_spanish": {
        "new": "Perfecto, el jueves me va bien:\n\n- a las 10\n- o a las 12\n\nGracias",
        "rest": "El lun, 23 nov 2026 a las 10:31, Inmobiliaria Sol (<sol@localhost.test>) escribió:\n\n> Hola Marco,\n>\n> ¿Le va bien el jueves?",
    },
    "reply_inline_answers": {
        "new": "On Mon, Nov 23, 2026 at 10:31 AM Sol <sol@localhost.test> wrote:\n\n> Do you have a mortgage?\n\nYes, approved.\n\n> When could you move?\n\nIn January."
    },
    "reply_inline_answers_html": {
        "new": "On Mon, Nov 23, 2026 Sol wrote:\n> Do you have a mortgage?\nYes, approved.\n> When could you move?\nIn January."
    },
    "reply_outlook_desktop_html_only": {
        "subject": "RE: Visita",
        "new": "Me interesa.",
        "rest": "From: Sol\nSent: Monday\nTo: Marco\nSubject: Visita\n\nAre you interested?",
    },
    "reply_outlook_html_only": {
        "subject": "RE: Visita",
        "new": "De acuerdo, gracias.",
        "rest": "De: Sol <sol@localhost.test>\nEnviado: lunes\nPara: Marco\nAsunto: Visita\n¿Le va bien el jueves?",
    },
    "reply_outlook_points_below": {
        "subject": "RE: Visita",
        "new": "Le contesto abajo en rojo.\n\nDe: Inmobiliaria Sol\nEnviado: lunes\nPara: Marco\nAsunto: Visita\n\n¿Tiene hipoteca? Sí, concedida.",
    },
    "reply_outlook_spanish": {
        "subject": "RE: Visita",
        "new": "De acuerdo, nos vemos el jueves.\n\nMarco",
        "rest": "________________________________\nDe: Inmobiliaria Sol <sol@localhost.test>\nEnviado: lunes, 23 de noviembre de 2026 10:31\nPara: Marco Torres <marco@example.com>\nAsunto: Visita\n\nHola Marco, ¿le va bien el jueves?",
    },
    "reply_thunderbird_italian": {
        "new": "Va bene giovedì.",
        "rest": "Il 23/11/26 10:31, Sol ha scritto:\n\n> Giovedì va bene?\n\n--\nMarco",
    },
    "reply_yahoo_portuguese": {
        "new": "Pode ser na quinta.",
        "rest": "Em segunda-feira, 23 de novembro de 2026 10:31, Sol escreveu:\nPode na quinta?",
    },
    "report_of_success": {
        "subject": "Successful Mail Delivery Report",
        "sender": "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
        "new": "This is the mail system at host mx.example.com.\n\nI'm sorry to have to inform you that your message could not be delivered.",
        "files": ["Visita.eml"],
        "automatic": "Auto-Submitted: auto-replied",
    },
    "same_name_twice": {"new": "x", "files": ["nota.txt", "nota.txt"]},
    "semicolons_missing_in_content_type": {"new": "1.200 € al mes"},
    "signature_of_a_newsletter_length": {
        "new": "Hola",
        "rest": "-- \nlínea de firma\nlínea de firma\nlínea de firma\nlínea de firma",
    },
    "signed_with_pgp_inline": {"new": "Confirmo la visita:\n- lunes a las 10\n- martes a las 12"},
    "signed_with_pgp_mime": {"new": "Firmado por mí."},
    "signed_with_smime": {"new": "Con certificado."},
    "signed_with_smime_as_a_whole": {"new": "Firmado entero, con señal.", "files": ["arras.pdf"]},
    "signed_with_smime_in_pieces": {"new": "Firmado entero, con señal.", "files": ["arras.pdf"]},
    "smtputf8_address": {"sender": "Ñandú <ñandú@correo.ñoño.es>", "new": "x"},
    "text_between_two_files": {"new": "Antes del plano.\nDespués del plano.", "files": ["plano.pdf"]},
    "text_called_an_attachment": {"new": "Hola, este es el texto del mensaje.", "files": ["mensaje.txt"]},
    "text_that_points_to_the_page": {"new": "Hola Sol, el alquiler es de 900 €."},
    "unknown_transfer_encoding": {"new": "Mañana"},
    "utf16_attachment_name_and_body": {"new": "Año nuevo"},
    "utf8_that_is_latin1": {"new": "Mañana en Cádiz"},
    "uuencoded_file_in_text": {"new": "Adjunto el plano.\n\nSaludos", "files": ["plano.txt"]},
    "vacation_subject_catalan": {
        "subject": "Fora de l'oficina: Visita",
        "new": "Torno dilluns.",
        "automatic": "an absence note",
    },
    "winmail_dat": {"new": "Adjunto el contrato.", "files": ["contrato.txt"]},
    "winmail_dat_damaged": {"new": "Adjunto el contrato.", "files": ["winmail.dat"]},
    "wrong_boundary": {"new": "Lo que escribí."},
    "address_smuggled_into_the_name": {"sender": "Banco <marco@example.com>", "new": "x"},
    "addresses_without_brackets_or_commas": {"sender": "Marco Torres <marco@example.com>", "new": "x"},
    "bounce_filter_rejects_as_reading_report": {
        "sender": "Mail Delivery Subsystem <admin@mail.example>",
        "bounce": ("failed", "mailbox_full", "", "marco@example.com", "out1@localhost.test"),
    },
    "bounce_from_nobody_in_particular": {
        "bounce": ("failed", "mailbox_full", "", "marco@example.com", "out1@localhost.test"),
    },
    "bounce_of_a_telephone_company": {
        "bounce": ("failed", "unknown_address", "5.0.0", "600000000@mms.example", "out1@localhost.test"),
    },
    "bounce_report_names_nobody": {
        "sender": "Mail Delivery System <>",
        "bounce": ("failed", "unknown", "", "marco@example.com", "out1@localhost.test"),
    },
    "bounce_report_without_its_boundaries": {
        "bounce": ("failed", "unknown", "5.5.0", "marco@example.com", "out1@localhost.test"),
    },
    "boundary_without_a_blank_line": {"new": "La linea de antes tiene un espacio.\n\nY esta es otra."},
    "complaint_of_outlook": {
        "new": "",
        "bounce": ("complaint", "complaint", "", "marco@example.com", "out1@localhost.test"),
    },
    "cyrillic_labelled_as_latin": {"new": "Здравствуйте, квартира на улице Верди ещё свободна?"},
    "header_in_the_charset_of_the_text": {
        "subject": "Квартира",
        "sender": "Иван Петров <ivan@example.com>",
        "new": "Здравствуйте, квартира на улице Верди ещё свободна?",
    },
    "iso_2022_jp_of_windows": {"subject": "①件", "new": "① ｶﾅ OK"},
    "message_id_without_an_at": {"sender": "Marco el alto Torres <marco@example.com>", "new": "x"},
    "multipart_without_any_boundary": {"new": "El programa dice que hay partes, pero todo es este texto."},
    "name_without_an_address": {"sender": "Marco Torres <marco@example.com>", "new": "x"},
    "one_boundary_for_two_multiparts": {"new": "¿Les vale esta nómina?", "files": ["nomina.pdf"]},
    "parameter_without_its_indent": {"new": "Le mando el plano.", "files": ["plano.zip"]},
    "addresses_as_nobody_writes_them_now": {"sender": "John Doe <jdoe@machine.example>", "new": "x"},
    "cyrillic_subject_without_charset": {"subject": "тест тест", "new": "x"},
    "empty_parts": {"subject": "Nada", "new": ""},
    "headers_in_two_charsets": {"subject": "Pañuelo", "sender": "Юлия <julia@example.com>", "new": "Pañuelo."},
    "name_in_raw_utf8_cut_in_a_character": {"new": "x", "files": ["План квартир\ufffd"]},
    "name_with_spaces_that_hide_its_ending": {"new": "x", "files": ["plano.pdf .exe", "dos  espacios.pdf"]},
    "one_boundary_for_alternative_and_mixed": {"new": "Le mando una foto.", "files": ["foto.zip"]},
    "utf8_with_bytes_of_another_charset": {"new": "Atención: la señal es de ³´µ o más €."},
    "words_after_the_end_of_empty_parts": {"new": "Todo lo que digo está aquí."},
}
