"""How mail programs announce what they quote, forward and add, in the languages that contacts write in."""

import re

_LETTER = r"[^\W\d_]"
_WROTE_BY_LETTERS = (
    r"wrote|writes|escribi[óo]|escrib[ie]u|va escriure|ha escrit|idatzi (?:du|zuen)|[ée]crit|schrieb|ha scritto|"
    r"scrisse|ha escrito|escreveu|schreef|geschreven|geschrieben|skrev|napisa[łl](?:\(a\)|a)?|napisana przez|napsala?|"
    r"nap[íi]sala?|пишет|пише|"
    r"написа(?:ла?|в)|kirjoitti|a scris|írta|έγραψε|yazdı|yazmış|(?:đã )?viết|menulis|je napisa[ol](?:/la)?|"
    r"napisa(?:o|la) je|написа|је написа(?:о|ла)(?:/ла)?|pisze|ने लिखा|เขียนว่า|писал(?:\(а\)|а)?|"
    r"kirjutas|(?:pa)?rašė|rakstīja|skrifaði|skreiv|skreau|schreift|sporoča|shkroi|كتبت?|כתבה?|"
    r"نوشت"
)
# Chinese, Japanese and Korean have no space before it.
WROTE = re.compile(
    rf"(?<!{_LETTER})(?:{_WROTE_BY_LETTERS})(?!{_LETTER})|写道|寫[道到]|のメール|さんは書きました|"
    r"님이 (?:작성|쓴 글)|쓴 내용|작성함",
    re.IGNORECASE,
)
ENDS_WITH_WROTE = re.compile(rf"(?:{WROTE.pattern})$", re.IGNORECASE)
ADDRESS = re.compile(r"[^<>()\[\]@\s]{1,64}@[^<>()\[\]\s]{1,190}")
_DATE = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?<!\d)(?:19|20)\d\d(?!\d)|"
    rf"\d{{1,2}}\.?\s(?:de\s)?{_LETTER}{{3,12}}\.?\s\d\d(?!\d))"
)
_TIME = r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)"
DATE, TIME = re.compile(_DATE), re.compile(_TIME)
DATED = re.compile(rf"{_DATE}|{_TIME}", re.IGNORECASE)
# An attribution begins with one of these words and a date, or with the date and perhaps the day of the week.
OPENED_WITH_A_DATE = re.compile(
    rf"[\W_]{{0,4}}(?:(?:on|el|al|le|am|il|em|a|op|den|w dniu|w|dnia|dia|in data|il giorno|no dia|vào|pe|dne|dňa|del?|"
    rf"the|at(?= \d{{4}})|om|tir|în data de|kl|на|в)\b|在|于).{{0,60}}?(?:{_DATE}|{_TIME})"
    rf"|\W{{0,3}}(?:{_LETTER}{{2,12}}[.,]{{0,2}}\s{{1,3}})?(?=\d).{{0,30}}?(?:{_DATE}|{_TIME})",
    re.IGNORECASE,
)
# "El mar, 3 dic 2026 a las 10:22, Inmobiliaria Sol": nobody writes so, the rest of the name is on the next line.
DATE_TIME_NAME = re.compile(
    rf"\W{{0,2}}(?:(?:on|el|le|am|em|op)\b.{{0,20}}?{_DATE}.{{0,12}}?{_TIME}(?: ?[ap]\.? ?m\.?)?,|"
    rf"on\b.{{0,20}}?{_DATE}.{{0,12}}?{_TIME} ?[ap]m|il giorno.{{0,20}}?{_DATE}.{{0,12}}?{_TIME}) [^\W\d_][^.!?]*",
    re.IGNORECASE,
)
# Gmail in Catalan: "Missatge de Ana Gil <ana@example.com> del dia dg., 29 de nov. 2026 a les 11:30:".
MESSAGE_OF = re.compile(rf"missatge de .{{1,240}}? del dia .{{0,40}}?(?:{_DATE}|{_TIME})", re.IGNORECASE)
CLOSED_BY_AN_ADDRESS = re.compile(
    r"(?:<\s*(?:mailto:)?[^<>@\s]{1,64}@[^<>\s]{1,190}\s*>\s*[:：]?|\b(?:by|por|von|par|da)\s[^<>@\s]{1,64}@[^<>\s]{1,190}:)\s*$"
)
DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
COLON = re.compile(r"[:：]\s*$")
LOOSE_ATTRIBUTION = re.compile(rf"[^.!?]{{2,80}}(?:{WROTE.pattern})\s*[:：]\s*", re.IGNORECASE)
ATTRIBUTION_WITHIN = re.compile(
    rf"(?!.{{0,300}}<.{{0,100}}>.{{0,100}}\b(?:on|el|le|am|il)\b)(.{{1,300}}?\S)\s*-*\s"
    rf"((?:on|el|le|am|il|em|op)\s.{{0,100}}(?:{_DATE}|{_TIME}).{{0,200}}(?:{WROTE.pattern})\s*:\s*)",
    re.IGNORECASE,
)
SEPARATOR = re.compile(
    r"[\s*_]*-{2,}\s*(?:original message|original appointment|reply message|replied message|mensaje original|"
    r"mensaje respondido|missatge original|mensaxe orixinal|jatorrizko mezua|message d'origine|message original|"
    r"urspr[üu]ngliche nachricht|original-?nachricht|antwort nachricht|messaggio originale|mensagem original|"
    r"oorspronkelijk bericht|oprindelig (?:meddelelse|besked)|opprinnelig melding|ursprungligt meddelande|"
    r"alkuperäinen viesti|исходное сообщение|оригинальное сообщение|первоначальное сообщение|"
    r"oryginalna wiadomość|wiadomość oryginalna|původní zpráva|eredeti üzenet|mesaj original|orijinal mesaj|"
    r"原始邮件|邮件原件|原始郵件|元のメッセージ|원본 메시지|"
    rf"[^-].{{0,200}}(?:{WROTE.pattern}))\s*[:：]?\s*-{{2,}}[\s*_]*"
    r"(?:(?:from|de|von|da|van|od|от)\s?:.*)?",  # Samsung writes all of the fields behind it
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"[\s>]*(?:[-—]{2,}\s*(?:forwarded (?:message|by)|fwd:|mensaje reenviado|missatge reenviat|mensaxe reenviada|"
    r"birbidalitako mezua|message transf[ée]r[ée]|weitergeleitete nachricht|messaggio inoltrato|"
    r"mensagem (?:re)?encaminhada|doorgestuurd bericht|vidarebefordrat meddelande|videresen[dt]t (?:besked|meddelelse|"
    r"melding)|v[äa]litetty viesti|edelleenl[äa]hetetty viesti|пересылаемое сообщение|переслан\w* сообщени\w|"
    r"(?:treść )?przekazan[ae]j? wiadomoś\w{1,2}|wiadomość przekazana|přeposlaná zpráva|preposlaná správa|"
    r"továbbított (?:üzenet|levél)|mesaj redirec[țt]ionat|[iİ]let(?:ilen|ilmiş) (?:[iİ]leti|mesaj)|message transmis|"
    r"(?:переслане|перенаправлене) повідомлення|перенаправленное сообщение|wiadomość przesłana|"
    r"proslijeđena poruka|转发的?邮件|转发邮件信息|轉寄郵件|転送メッセージ|メッセージを転送|전달된 메시지).*"
    r"|(?:begin forwarded message|inicio del mensaje reenviado|in[íi]cio da mensagem (?:re)?encaminhada|"
    r"d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"inizio messaggio inoltrato|inici del missatge reenviat|begin doorgestuurd bericht|vidarebefordrat (?:brev|mejl)|"
    r"videresendt (?:besked|melding)|начало переадресованного сообщения|początek przekazywanej wiadomości|"
    r"početak proslijeđene poruke|započni proslijeđenu poruku|začátek přeposílané zprávy|začiatok preposlanej správy|"
    r"továbbított levél kezdete|începe mesajul redirec[țt]ionat|[iİ]leti başlangıcı|початок листа, що пересилається|"
    r"välitetty viesti alkaa|start på videresendt besked|"
    r"以下は転送されたメッセージです|開始轉寄郵件|下面是被转发的邮件)\s*[:：]?)\s*",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(
    r"\s*(?:fwd?|frw|rv|wg|tr|i|enc|reenv|res?env\w*|doorst|vs|vb|vl|pd|prz|přep|to|ynt|ilt|転送|转发|轉寄)\s*[:：]",
    re.IGNORECASE,
)
FROM = re.compile(
    r"[\s*_>]*(?:from|de|von|da|expéditeur|remitente|remitent|van|från|fra|od|от|від|lähettäjä|feladó|de la|kimden|"
    r"gönderen|gönderici|από|nork|absender|afzender|afsender|od[eo]s[ií]l?ate[lľ]|від кого|от кого|отправитель|"
    r"šalje|nuo|saatja|dari|từ|من|מאת|发件人|寄件者|差出人|보낸 사람)\s*[*_]*\s*[:：][\s*_]*\S",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"[\s*_>]*(?:subject|asunto|assumpte|objet|sujet|betreff|oggetto|assunto|onderwerp|ämne|emne|temat|тема|aihe|předmět|"
    r"predmet|tárgy|subiect|konu|θέμα|gaia|относно|naslov|zadeva|teema|subjek|"
    r"chủ đề|الموضوع|נושא|主题|主旨|主題|件名|제목)\s*[*_]*\s*[:：]",
    re.IGNORECASE,
)
OTHER_FIELD = re.compile(
    r"[\s*_>]*(?:sent|date|to|cc|enviados?(?: el)?|enviat(?: el)?|fecha|data|para|per a|"
    r"envoy[ée](?: le)?|[àa]|message du|gesendet|datum|an|inviato|enviada(?: em)?|reply-to|"
    r"skickat|till|sendt|dato|til|verzonden|aan|wysłano|do|dw|отправлено|дата|кому|копия|надіслано|"
    r"lähetetty|päivämäärä|vastaanottaja|odesláno|komu|elküldve|címzett|trimis|către|gönderildi|kime|στάλθηκε|προς|"
    r"изпратено|до|poslano|poslato|prima|išsiųsta|kam|saadetud|adressaat|dikirim|kepada|đã gửi|đến|تاريخ الإرسال|"
    r"تم الإرسال|إلى|נשלח|אל|bidalia|nori|importance|attachments|"
    r"发送时间|收件人|抄送|日期|寄件日期|收件者|送信日時|日付|宛先|보낸 날짜|"
    r"받는 사람)"
    r"\s*[*_]*\s*[:：]",
    re.IGNORECASE,
)
ANY_FIELD = re.compile(r"[\s*_>]*[^\W\d_][^:：]{0,40}[:：]")
FIELD_OF_FORM = re.compile(
    r"[\s*_>]*(?:nombres?|apellidos?|tel[ée]fonos?|tel|tfno|m[óo]vil|mensaje|comentarios?|observaciones|consulta|"
    r"correo(?: electr[óo]nico)?|e-?mail|referencia|ref|inmueble|propiedad|dni|"
    r"(?:first |last |full )?name|phone|mobile|message|comments?|enquiry|inquiry|property|nom|cognoms|tel[èée]fon|"
    r"missatge|comentaris|consulta|pr[ée]nom|t[ée]l[ée]phone|nachricht|vorname|nome|cognome|cellulare|messaggio|telefone|"
    r"telem[óo]vel|mensagem|coment[áa]rios)\.?\s*[*_]*\s*[:：]",
    re.IGNORECASE,
)
ODD_FIELD = re.compile(
    rf"{_LETTER}{{2,15}}(?: {_LETTER}{{2,10}})?(?: ?[:：]| (?=[\"<\d]|[^ ]+@))|"
    r"(?:asunto|subject|betreff|objet|oggetto) ",
    re.IGNORECASE,
)
# "> ", and what older programs put before each line they quote: "AG> ", "| ".
MARKED = re.compile(r"\s{0,2}(?:[A-Z]{0,4}>|\|)")
RULE = re.compile(r"\s*(?:[_=-]{10,}|_{5,})\s*")
# "-------- correo original --------": in whatever words, directly above a block of fields it belongs to it.
# Notes sums up what it quotes: "Ana Gil ---23/11/2026 10:31:00---Hola Marco".
RULE_WITH_WORDS = re.compile(
    r"\s*-{4,}(?:[^-]|-(?!-)){2,60}-{4,}\s*|[^-]{2,60}-{2,3}\d[\d/.: ]{8,20}(?:[ap]m)?-{2,3}.*", re.IGNORECASE
)
# For text in small letters: looking for them so takes a third of the time.
POINTS_BELOW = re.compile(
    r"\b(?:below|in-?line|in (?:red|blue|green|bold|yellow|orange|purple|italics?|caps)|between the lines|"
    r"abajo|debajo|m[áa]s abajo|en (?:rojo|azul|verde|"
    r"negrita|amarillo|naranja|morado|cursiva|(?:otro )?color)|entre l[íi]neas|intercalad[oa]s?|intercalando|"
    r"resaltad[oa]s?|subrayad[oa]s?|highlighted|underlined|cada (?:punto|pregunta|cuesti[óo]n|apartado|duda)|"
    r"punto por punto|(?:respond|contest|respuest)\w* (?:\w+ ){0,3}a continuaci[óo]n?|each (?:point|question)|"
    r"point by point|entre l[íi]nies|en (?:negreta|groc)|en gras|en jaune|en majuscules|entre les lignes|im text|"
    r"zwischen den zeilen|fett|in gelb|gelb markiert|nel testo|in grassetto|tra le righe|in maiuscolo|di seguito|"
    r"a sota|en vermell|en blau|ci-dessous|en rouge|en bleu|unten|in (?:rot|blau)|sotto|"
    r"in rosso|abaixo|a vermelho|em vermelho|hieronder|poniżej|ниже|"
    # Answers that stand within the mail that is answered.
    r"en el (?:mismo|propio) (?:correo|mensaje|e-?mail|mail|texto)|"
    r"within (?:your|the) (?:own )?(?:e-?mail|mail|message|text)|"
    r"(?:respuestas?|respond\w+|contest\w+) (?:\w+ )?en el (?:texto|correo|mensaje|e-?mail|mail)|"
    r"(?:ver|vea|see|voir|siehe|vedi|vegeu|veure) (?:\w+ )?(?:respuestas|answers|replies|comments|responses|"
    r"r[ée]ponses|antworten|risposte|respostas|respostes)|"
    # A mail of somebody else's, put below.
    r"(?:adjunt|copi|peg|pas|reenv[íi])\w{1,3} (?:el |la |este |un |su |mi )?(?:correo|mail|e-?mail|mensaje|respuesta) "
    r"(?:del?|que|con)|mir(?:a|e|ad|en) lo que|esto es lo que|ah[íi] (?:te |le |os |les )?va (?:el|la|lo)|"
    r"para que (?:lo|la)s? ve(?:a|as|an|[áa]is)|(?:ver|vea|lea|mire) (?:el |este )?(?:correo|e?-?mail|mensaje) del?|"
    r"(?:en|sobre|dentro de|al) (?:tu|su|vuestro) (?:propi[oa] )?(?:correo|mensaje|e-?mail|mail|texto)|"
    r"(?:mis|nuestros|nuestras) (?:respuestas|comentarios)|(?:en|con) may[úu]sculas|marcad[oa]s? (?:con|en|como)|"
    r"in your (?:own )?(?:e-?mail|mail|message|text)|(?:my|our) (?:comments|answers|replies)|in capitals|"
    r"marked (?:with|in|as)|"
    r"(?:en el teu|dins del teu) (?:correu|missatge)|les meves respostes|"
    r"dans (?:ton|votre) (?:mail|message)|"
    r"mes (?:r[ée]ponses|commentaires)|in (?:deiner|ihrer) mail|meine (?:antworten|kommentare)|"
    # What is passed on without saying so in the subject.
    r"fyi|for your information|para (?:su|tu|vuestra) informaci[óo]n|"
    r"(?:te|le|os|les|se lo) reenv[íi]\w+|i(?:'m| am)? forward\w*|forwarding)\b"
)
# "Hola Ana," and no more: what is greeted for must stand elsewhere.
GREETING = re.compile(
    r"[¡\s]*(?:(?:hola|muy buen[oa]s|buen[oa]s|buenas tardes|buenos d[íi]as|estimad[oa]s?|querid[oa]s?|apreciad[oa]s?|"
    r"bon dia|bona tarda|benvol\w+|kaixo|egun on|ola|bo d[íi]a|"
    r"hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|"
    r"bonjour|bonsoir|salut|ch[eè]re?s?|madame|monsieur|hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?|"
    r"servus|moin|buongiorno|buonasera|ciao|gentile|egregi[oa]|car[oa]|spett\w*|ol[áa]|bom dia|boa (?:tarde|noite)|"
    r"car[oa]s|prezad[oa]s?|beste|geachte|goed(?:emorgen|emiddag|enavond|endag)|dag|hej|hei|kära|kære|bäste|"
    r"dzień dobry|witam|cześć|szanown\w+|dobrý den|добрый день|здравствуйте|привет|уважаем\w+|"
    r"bun[ăa](?: ziua)?|stimat\w+|merhaba|sayın|您好|你好)\b[^,.:;!?\n]{0,40})[\s,.:;!]*",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"\s*(?:recib[ae] )?(?:(?:un |muchos )?(?:cordial |fuerte )?(?:saludos?|abrazos?)(?: cordial(?:es)?)?|atentamente|"
    r"cordialmente|salutacions(?: cordials)?|cordialment|atentament|(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many)?"
    r" ?regards|best wishes|(?:yours )?(?:sincerely|faithfully|truly)|(?:bien )?cordialement|bien à vous|"
    r"(?:sincères )?salutations(?: distinguées)?|mit (?:freundlichen|besten|lieben) gr[üu](?:ß|ss)en|"
    r"(?:viele|liebe|beste|sch[öo]ne|freundliche)? ?gr[üu](?:ß|ss)e|mfg|(?:cordiali |distinti )?saluti|cumprimentos|"
    r"com os melhores cumprimentos|atenciosamente|met vriendelijke groet(?:en)?)\s*[,.!]*\s*",
    re.IGNORECASE,
)
# A line of a signature: a name of two words at least, a picture, an address, a telephone.
OF_A_SIGNATURE = re.compile(
    r"\s*(?:[A-ZÀ-Þ](?:\.|[\w'’-]{1,30})(?: (?:de|del|la|y|i|van|von|[A-ZÀ-Þ](?:\.|[\w'’-]{1,30}))){1,6}|"
    r"\[[^\[\]]{0,100}\]|[^\s]{0,12}\s?\S{1,60}@\S{1,100}|(?:https?:|www\.)\S{1,200}|"
    r"[^\d\n]{0,12}[+(]?\d[\d ().-]{6,20})\s*"
)
DEVICE = re.compile(
    r"[\s*_>(<-]*(?:sent (?:from|with|via|by) (?:my |the )?\S|get \[?outlook for|get bluemail for|sent using|"
    r"enviado (?:desde|con|do|a partir do|via|através) \S|enviat (?:des|amb) \S|"
    r"envoy[ée] (?:de(?:puis)?|[àa] partir|avec) \S|"
    r"(?:diese nachricht wurde )?von meinem? .{1,60} gesendet|gesendet (?:von|mit|aus) \S|inviato (?:da|dal|con) \S|"
    r"sendt fra \S|skickat från \S|lähetetty \S|(?:verzonden|verstuurd) (?:met|vanaf|via|vanuit) \S|"
    r"wysłan[eo] (?:z|przy) \S|отправлено (?:с|из) \S|надіслано з \S|odesláno z \S|odoslané z \S|trimis de pe \S|"
    r"\S{1,20}(?:から送信|에서 보냄|'?\w{2,6} gönderildi)|az \S{1,20}[óő]l küldve|"
    r"[发從从發]\S{0,2}我的 ?\S{2,12} ?(?:传送|傳送|发送|發送|寄出)?|"
    r"(?:obtener|obt[ée]n|obtenga|descargar|obtenir|obtenez|t[ée]l[ée]charge[rz]|holen sie sich|scarica|ottieni|"
    r"ob(?:ter|tenha)(?: o)?|download|nabav|hämta) (?:outlook|bluemail)|"
    r"outlook (?:para|pour|f[üu]r|per|voor) (?:ios|android)|"
    r"(?:virus-free|libre de virus|sin virus|sans virus|virenfrei|privo di virus)\.?(?:\s*\(?https?:\S*\)?)?\s*"
    r"(?:www\.a\w{2,5}\.com)?)"
    r"[^.,!?<(\[]{0,80}(?:\[[^\[\]\n]{1,40}\]\(https?:[^\s()]{1,200}\))?"
    r"(?:[.,] {1,3}(?:please )?(?:excuse|pardon|forgive|perd[oó]n|disculp)[^.,!?]{0,40})?[.*_)>\]]{0,2}\s*"
    r"(?:[<(\[]?\s*https?:[^\s<>]{1,200}>?)?\s*(?:secure email\.?)?\s*",
    re.IGNORECASE,
)
