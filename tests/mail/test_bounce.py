"""Reports that follow no standard, as the mail servers of the last thirty years write them; and what only looks so."""

# ruff: noqa: E501

import pytest

from witei_app.mail.parse import parse_mail
from witei_app.mail.types import BounceReason


def mail(sender: str, subject: str, body: str, fields: str = "") -> bytes:
    return f"From: {sender}\nTo: sol@localhost.test\nSubject: {subject}\n{fields}\n{body}\n".encode()


_MIXED = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'
REPORTS = {
    "gmail in Spanish, late": mail(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Delay)",
        "** Entrega incompleta **\n\nHa habido un problema temporal al entregar tu mensaje a x@example.com. Gmail lo seguirá intentando 46 horas más.",
    ),
    "windows server in Spanish": mail(
        "postmaster@empresa.example",
        "Notificación de estado de entrega (error)",
        "Esta notificación se generó automáticamente.\n\nFalló la entrega a los siguientes destinatarios.\n\n       x@example.com\n\nUsuario desconocido.",
    ),
    "university in Catalan": mail(
        "Mail Delivery System <MAILER-DAEMON@uni.example>",
        "Missatge no lliurat",
        "No s'ha pogut lliurar el missatge a x@example.com: no existeix.",
    ),
    "a copy under another name": mail(
        "Mail Delivery Subsystem <MAILER-DAEMON@portal.example>",
        "Returned mail: mailbox name not allowed",
        "\n--b\nContent-Type: text/plain\n\n  ----- The following addresses had delivery problems -----\n<x@example.com>\n<<< 553 User unknown\n--b\nContent-Type: message/partial\n\nReceived: by portal.example\nMessage-ID: <o@l>\n\n--b--",
        _MIXED,
    ),
    "a copy without the blank line above it": mail(
        "Mail Delivery Subsystem <MAILER-DAEMON@mail2000.example>",
        "Returned Mail: User unknown",
        "\n--b\nContent-Type: text/plain\n\n---The following addresses had delivery errors---\n\nx@example.com [User unknown]\n--b\nReceived: from 192.0.2.250\nTo: x@example.com\nMessage-Id: <o@l>\n\nHola\n--b--",
        _MIXED,
    ),
    "qmail in Spanish": mail(
        "MAILER-DAEMON@correo.example",
        "aviso de fallo",
        "Hola. Este es el programa qmail-send en correo.example.\nLo siento, no he podido entregar su mensaje a las siguientes direcciones.\n\n<x@example.com>:\nLo siento, no hay ningún buzón con ese nombre. (#5.1.1)\n\n--- Debajo de esta línea hay una copia del mensaje.\n\nReturn-Path: <sol@localhost.test>\nMessage-ID: <o@l>\n",
    ),
    "yahoo in Spanish": mail(
        "MAILER-DAEMON@yahoo.com",
        "Aviso de error",
        "No hemos podido entregar el mensaje en la dirección siguiente.\n\n<x@example.com>:\n552: mailbox not found\n\nMessage-ID: <o@l>\n",
    ),
    "telephone company": mail(
        "Mail Delivery System <MAILER-DAEMON@telefonica.example>",
        "Mensaje no entregado",
        "Su mensaje no ha podido ser entregado a:\n\n   x@example.com\n\nMotivo: el usuario no existe en este servidor.\n\n--------- Mensaje original ---------\nMessage-ID: <o@l>\n",
    ),
    "catalan": mail(
        "mailer-daemon@gmail.example",
        "Delivery Status Notification (Failure)",
        "** No s'ha trobat l'adreça **\n\nEl missatge no s'ha lliurat a x@example.com perquè no pot rebre correu.",
    ),
    "late, with another word for it": mail(
        "MAILER-DAEMON@mx.example.com",
        "Message delayed (x@example.com)",
        "Your message is still awaiting delivery to the following recipient(s):\n\nx@example.com (450 4.7.1)\n",
    ),
    "portuguese": mail(
        "Mail Delivery System <MAILER-DAEMON@correio.example>",
        "Mensagem não entregue",
        "A sua mensagem não pôde ser entregue a:\n<x@example.com>: caixa de correio cheia\n",
    ),
    "firewall": mail(
        "Mail Delivery System <postmaster@ess.example>",
        "**Message you sent blocked by our bulk email filter**",
        "Your message to: x@example.com\nwas blocked by our Spam Firewall. The email you sent has NOT BEEN DELIVERED:\n\nSubject: Visita\n",
    ),
    "company in Spanish, null sender": mail(
        "Correo Empresa <no-reply@empresa.example>",
        "Dirección de correo no válida",
        "El correo que nos ha enviado a x@example.com no ha podido ser entregado: 550 5.1.1 la dirección ya no existe.\n\n----- Mensaje original -----\nMessage-ID: <o@l>\n",
        "Return-Path: <>\n",
    ),
    "gmail": mail(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     x@example.com\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected by the recipient domain. The error that the other server returned was: 550 550 5.1.1 User unknown (state 14).\n\n----- Original message -----\n\nMessage-ID: <o@l>\n",
    ),
    "ex55": mail(
        "System Administrator <postmaster@corp.example>",
        "Undeliverable: Visita",
        "Your message\n\n  To:      x@example.com\n  Subject: Visita\n  Sent:    Mon\n\ndid not reach the following recipient(s):\n\nx@example.com on Mon, 23 Nov\n    The recipient name is not recognized\n",
    ),
    "sendmail": mail(
        "Mail Delivery Subsystem <MAILER-DAEMON@x.example>",
        "Returned mail: see transcript for details",
        "The original message was received at Mon\n\n   ----- The following addresses had permanent fatal errors -----\n<x@example.com>\n    (reason: 550 5.1.1 <x@example.com>... User Unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.com.:\n>>> RCPT To:<x@example.com>\n<<< 550 5.1.1 <x@example.com>... User Unknown\n",
    ),
    "yahoo": mail(
        "MAILER-DAEMON@yahoo.com",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<x@example.com>:\nRemote host said: 554 delivery error: dd This user doesn't have a example.com account [-5]\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <o@l>\n",
    ),
    "domino": mail(
        "Postmaster@corp.example",
        "DELIVERY FAILURE: User x (x@example.com) not listed in Domino Directory",
        "Your message\n\n  Subject: Visita\n\nwas not delivered to:\n\n  x@example.com\n\nbecause:\n\n  User x (x@example.com) not listed in Domino Directory\n",
    ),
    "vtext": mail(
        "post_master@vtext.example",
        "Undeliverable Message",
        "Message could not be delivered to mobile.\nError: No valid recipients for this MM\n",
    ),
    "ezweb": mail(
        "Postmaster <Postmaster@ezweb.example>",
        "Mail System Error - Returned Mail",
        "The user(s) account is disabled.\n\n<x@example.com>: 550 user unknown (in reply to RCPT TO command)\n\n-- \nMessage-ID: <o@l>\n",
    ),
    "biglobe": mail(
        "postmaster@biglobe.example",
        "Returned mail:",
        "   ----- The following addresses had delivery problems -----\nx@example.com\n\n   ----- Non-delivered information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n",
    ),
    "imail": mail(
        '"Postmaster" <postmaster@x.example>',
        "Undeliverable Mail",
        "Unknown user: x@example.com\n\nOriginal message follows.\n\nReceived: from a\nMessage-ID: <o@l>\n",
    ),
    "opensmtpd": mail(
        "Mailer Daemon <MAILER-DAEMON@x.example>",
        "Delivery status notification: error",
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nx@example.com: 550 5.2.2 <x@example>... Mailbox Full\n",
    ),
    "zoho": mail(
        "mailer-daemon@mail.zoho.example",
        "Undelivered Mail Returned to Sender",
        "This message was created automatically by mail delivery software.\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\nx@example.com Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.=1 <x@example.com>... User Unknown\n",
    ),
    "surfcontrol": mail(
        "Mail Delivery <postmaster@x.example>",
        "Message could not be delivered",
        "Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of attempts made: 1\nAddressed To: x@example.com\n\nThu 29 Apr 2010 23:34:45 +0900\nFailed to send to identified host,\nx@example.com: [192.0.2.153], 550 kijitora@example.jp... No such user\n",
    ),
    "james": mail(
        "postmaster@x.example",
        "[BOUNCE]",
        "Hi. This is the James mail server at x.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.  Below\nI include the list of recipients and the reason why I was unable to deliver\nyour message.\n\nFailed recipient(s):\nx@example.com\n\nError message:\n550 5.1.1 no such user\n",
    ),
    "x-html": mail(
        "MAILER-DAEMON@x.example",
        "Mail failure.",
        "<html><body>Your message was undeliverable<br>x@example.com<br>user not found</body></html>",
        "Content-Type: text/html\n",
    ),
    "exim warn": mail(
        "Mail Delivery System <Mailer-Daemon@x.example>",
        "Warning: message 1abc delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on x.\n\nThe address to which the message has not yet been delivered is:\n\n  x@example.com\n\nNo action is required on your part. Delivery attempts will continue for\nsome time\n",
    ),
    "mdaemon": mail(
        "MDaemon at x.example <MDaemon@x.example>",
        "Permanent Delivery Failure",
        "The attached message has one or more permanent fatal delivery errors after one or more unsuccessful delivery attempts\n\nFailed address: x@example.com\n\n--- Session Transcript ---\n <-- 550 5.1.1 User unknown\n",
    ),
    "interscan": mail(
        '"InterScan MSS" <isuser@x.example>',
        "Mail could not be delivered",
        "Sent >>> RCPT TO:<x@example.com>\nReceived <<< 550 x@example.com... No such user\n\nMessage-ID: <o@l>\n",
    ),
    "jp": mail(
        "Mail Delivery System <MAILER-DAEMON@x.example>",
        "=?utf-8?b?44Oh44O844Or44GM6YWN5L+h44Gn44GN44G+44Gb44KT?=",
        "次のアドレスに配信できませんでした\nx@example.com\n550 user unknown\n",
        "Content-Type: text/plain; charset=utf-8\n",
    ),
    "activehunter": mail(
        "MAILER-DAEMON@x.example",
        "FAILURE NOTICE :",
        "  ----- The following addresses had permanent fatal errors -----\n\n>>> x@example.com <x@example.com>\n\n  ----- Transcript of session follows -----\n>>> RCPT TO\n<<< 550 sorry, no mailbox here by that name (#5.1.1 - chkuser)\n",
    ),
    "mta de": mail(
        "Mailer-Daemon@x.example",
        "Unzustellbar: Besuch",
        "Ihre Nachricht hat den Empfänger nicht erreicht. Konnte nicht zugestellt werden: x@example.com\n",
        "Content-Type: text/plain; charset=utf-8\n",
    ),
    "null": mail(
        "noreply@x.example",
        "Delivery Notification: Delivery has failed",
        "This report relates to a message you sent with the following header fields:\n\n  Message-id: <o@l>\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: x@example.com\n  Reason: Illegal host/domain name found\n",
    ),
    "amazon": mail(
        "MAILER-DAEMON@amazonses.example",
        "Delivery Status Notification (Failure)",
        "An error occurred while trying to deliver the mail to the following recipients:\nx@example.com\n",
    ),
    "exchange in Spanish, late": mail(
        "Microsoft Outlook <postmaster@x.example>",
        "Entrega retrasada: Visita",
        "Este mensaje todavía no se ha entregado a x@example.com. Se seguirá intentando.\n",
        "Content-Type: text/plain; charset=utf-8\n",
    ),
    "exchange in Portuguese": mail(
        "Microsoft Outlook <postmaster@x.example>",
        "Não é possível entregar: Visita",
        "Falha na entrega a estes destinatários:\n\nx@example.com\n\n550 5.1.1 unknown\n",
        "Content-Type: text/plain; charset=utf-8\n",
    ),
    "mailmarshal": mail(
        "MailMarshal <postmaster@x.example>",
        'Undeliverable Mail: "Visita"',
        "Your message:\n   From:    sol@localhost.test\n   Subject: Visita\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected: \n    x@example.com\n\nAdditional Information\n======================\n",
    ),
}
REPORTS |= {
    "old message": mail(
        "admin@corp.example",
        "Non-Delivery: Visita",
        '--- Non-Delivery Report ---\nThe email below could not be delivered to the following user:\n\n"x@example.com" <x@example.com>\n\nOld message:\n\nHola',
    ),
    "report without fields": mail(
        "mimesweeper@corp.example",
        "Utilisateur non recense",
        "A message could not be delivered to:\nx@example.com\nL'adresse n'existe pas: user unknown\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; corp.example\n--b--",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\nContent-Type: text/plain\n',
    ),
    "virus scanner": mail(
        "Symantec_AntiVirus_for_SMTP_Gateways@corp.example",
        "Delivery failure notification",
        "Your message with Subject: Visita\ncould not be delivered to the following recipients:\n\nx@example.com\n\nPlease do not resend your original message.\nDelivery attempts will continue to be made for 5 day(s).",
    ),
    "x400": mail(
        "System Administrator <postmaster@corp.example>",
        "Undeliverable: Visita",
        "Your message\n\n  To:      list@other.example\n  Subject: Visita\n\ndid not reach the following recipient(s):\n\nc=US;a= ;p=CORP;o=Nexus;dda:SMTP=x@example.com; on Fri, 4 Oct\n    The recipient name is not recognized\n",
    ),
    "html without tags": mail(
        "MAILER-DAEMON@yahoo.example",
        "",
        "I'm afraid I wasn't able to deliver the following message.\nThis is a permanent error; I've given up. No such user.\n\nTo: x@example.com\n\n---Below this line is a copy of the message.\n",
        "Content-Type: text/html\n",
    ),
}

OTHERS = {
    "courier of parcels, null sender": mail(
        "noreply@correos.example",
        "Fallo en la entrega de su paquete",
        "No ha sido posible entregar su paquete. No hay nadie en la dirección.",
        "Return-Path: <>\n",
    ),
    "courier that gives the number of its driver, null sender": mail(
        "SEUR <noreply@seur.example>",
        "No se ha podido entregar su envío",
        "No hemos podido entregar su paquete: 450 ausente. Escriba a clientes@seur.example",
        "Return-Path: <>\n",
    ),
    "keys": mail(
        "Exchange House <info@house.example>",
        "Problema con la entrega de llaves",
        "No hemos podido entregar las llaves al inquilino x@example.com. El destinatario es desconocido.",
    ),
    "exchange of houses": mail(
        "Exchange Homes <info@homes.example>",
        "No se ha podido entregar las llaves",
        "No se ha podido entregar las llaves al inquilino. Rechazado por el portero. Piso 550 m2.",
    ),
    "who looks after the machines": mail(
        "System Administrator <it@tenant.example>",
        "Mail delivery problem",
        "There is a problem with the mail delivery at our flat: the mailman could not deliver. Our mailbox is full.",
    ),
    "vac": mail(
        "ana@x.example",
        "Out of office",
        "I cannot be reached and your message will not be delivered to my phone. 550 5.1.1",
        "Return-Path: <>\nAuto-Submitted: auto-replied\n",
    ),
    "person": mail(
        "ana@x.example",
        "Delivery problem with the keys",
        "The keys could not be delivered, nobody at home at number 550. Phone 555 123",
    ),
    "person2": mail(
        "Ana <ana@x.example>", "Re: Undelivered Mail", "I was unable to deliver it. 550 5.1.1 user unknown"
    ),
    "postmaster person": mail(
        "Postmaster <postmaster@x.example>",
        "Question",
        "Hello, can you tell me which IPs you send from? We had a failure in delivery yesterday.",
    ),
    "noreply": mail(
        "noreply@idealista.example",
        "Nuevo contacto en tu anuncio",
        "Marco no ha podido llamar. Precio 550.000. No se ha podido entregar la documentacion",
    ),
    "dmarc": mail(
        "noreply-dmarc-support@google.example",
        "Report Domain: x Submitter: google Report-ID: 1",
        "This is a DMARC aggregate report.",
    ),
    "courier": mail(
        "noreply@correos.example",
        "Tu envio no ha podido ser entregado",
        "Tu paquete no se ha podido entregar. Llama al 550 123",
    ),
    "courier without an envelope sender": mail(
        "noreply@correos.example",
        "Tu envio no se ha podido entregar",
        "Tu paquete no se ha podido entregar. Vuelve a pedirlo.",
        "Return-Path: <>\n",
    ),
    "absence with the mail returned": mail(
        "marco@example.com",
        "Visita",
        "I cannot be reached until Monday.\n--b\nContent-Type: message/rfc822\n\nSubject: Visita\n\nHola\n--b--",
        'Return-Path: <>\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n',
    ),
    "keys that somebody else could not hand over": mail(
        "marco@example.com",
        "Error en la entrega de llaves",
        "No se han podido entregar las llaves, no se ha podido entrar.\n\n---------- Forwarded message ---------\n"
        "De: Ana <ana@x.example>\n\nNo estaba en casa",
    ),
    "a letter that came back": mail(
        "marco@example.com",
        "Fallo en la entrega",
        "El burofax no se pudo entregar.\n\n-----Original Message-----\nFrom: Correos\n\nNo entregado",
    ),
    "what a portal passes on": mail(
        "mailer@portal.example", "Nuevo contacto", "No he podido entregar la solicitud. Busco por 550 euros, o 500 m2"
    ),
    "amazon order": mail(
        "shipment-tracking@shop.example",
        "Delivery attempted: your package could not be delivered",
        "We could not deliver your package. Ref 550-123. user",
    ),
    "system": mail(
        "System Administrator <admin@x.example>",
        "Maintenance",
        "The mail system will be unavailable. Mail that cannot be delivered will be retried.",
    ),
    "quota": mail(
        "postmaster@x.example",
        "Your mailbox is almost full",
        "Your mailbox is 95% full. Mail could not be delivered if exceeded.",
    ),
}


DELAYED = {
    "gmail in Spanish, late",
    "exchange in Spanish, late",
    "late, with another word for it",
    "exim warn",
    "virus scanner",
}
UNEXPLAINED = {"mta de", "amazon", "old message"}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_without_a_standard_is_recognised(name):
    report = parse_mail(REPORTS[name]).bounce
    assert report is not None
    assert report.kind == ("delayed" if name in DELAYED else "failed")
    assert report.recipient == ("" if name == "vtext" else "x@example.com")
    assert report.original_message_id == ("o@l" if b"<o@l>" in REPORTS[name] else "")
    assert (report.cause == "unknown") == (name in UNEXPLAINED)


@pytest.mark.parametrize("name", OTHERS)
def test_mail_that_only_speaks_of_delivery_is_no_report(name):
    assert parse_mail(OTHERS[name]).bounce is None


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (
            "550 5.7.1 To protect our users from spam, the message from this address of low reputation has been blocked",
            "refused",
        ),
        ("550 5.2.1 The user you write to is receiving mail at a rate that prevents this message", "refused"),
        ("550 5.7.1 Unauthenticated email from sol.example is not accepted", "unauthenticated"),
        ("The message could not be stored because the user's mailfolder is full.", "mailbox_full"),
        ("550 5.1.10 Recipient not found by lookup", "unknown_address"),
        ("556 5.1.10 The domain has a null MX", "unknown_domain"),
        ("550 5.2.1 The account is locked", "mailbox_disabled"),
        ("550 #5.1.0 Address rejected.", "unknown_address"),
        ("553 5.1.8 <sol@localhost.test>: Sender address rejected", "refused"),
        ("Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)", "unknown_domain"),
        ("DNS type 'mx' lookup of exmaple.com had no relevant answers", "unknown_domain"),
        ("550 5.7.27 Host does not accept mail", "unknown_domain"),
        ("421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume or user complaints", "refused"),
    ],
)
def test_the_cause_is_the_one_that_the_server_means(words, cause):
    body = f"This is the mail system.\n\n<x@example.com>: host mx.example.com said:\n    {words}\n\nMessage-ID: <o@l>\n"
    raw = mail("MAILER-DAEMON@mx.sol.example", "Undelivered Mail Returned to Sender", body)
    report = parse_mail(raw).bounce
    assert report is not None
    assert report.cause == cause


def standard(status: str, copy: str, ends: str = "\n") -> bytes:
    report = f"Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; x@example.com\nAction: failed\n{status}\n"
    head = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
    parts = ["text/plain\n\nNo.\n", f"message/delivery-status\n\n{report}", f"message/rfc822\n\n{copy}"]
    body = "".join(f"--b\nContent-Type: {part}\n" for part in parts) + "--b--\n"
    return mail("MAILER-DAEMON@mx.example.com", "Delivery failed", body, head).replace(b"\n", ends.encode())


COPY = "From: sol@localhost.test\nTo: x@example.com\nMessage-ID: <o@l>\n\nHola\n"


def reported(raw: bytes) -> BounceReason:
    report = parse_mail(raw).bounce
    assert report is not None
    return report


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_whatever_ends_the_lines_the_mail_it_is_about_is_found(ends):
    report = reported(standard("Status: 5.1.1", COPY, ends))
    assert (report.original_message_id, report.recipient, report.cause) == ("o@l", "x@example.com", "unknown_address")


def test_the_reason_may_stand_in_a_comment_of_the_status():
    report = reported(standard("Status: 5.4.0 (Illegal host/domain name found)", COPY))
    assert (report.cause, report.diagnostic) == ("unknown_domain", "Illegal host/domain name found")


def test_a_road_that_does_not_exist_is_no_server_that_is_slow():
    report = reported(standard("Status: 5.4.4", COPY))
    assert (report.cause, report.is_permanent) == ("unknown_domain", True)


def test_words_for_people_called_a_report_do_not_hide_the_report():
    raw = standard("Status: 5.3.0", COPY).replace(
        b"text/plain\n\nNo.", b"message/delivery-status\n\nIt was undeliverable."
    )
    report = reported(raw)
    assert (report.status, report.recipient) == ("5.3.0", "x@example.com")


def test_a_report_without_a_copy_may_name_the_mail_it_is_about():
    raw = standard("Status: 4.4.1", "From: sol@localhost.test\n")
    raw = raw.replace(b"Reporting-MTA:", b"X-Original-Message-ID: <o@l>\nReporting-MTA:")
    assert reported(raw).original_message_id == "o@l"
