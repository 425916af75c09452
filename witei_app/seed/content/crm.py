"""Texts of the CRM: message templates, quotes, tickets, notes on contacts, signatures."""

# (title, subject, language, paragraphs)
TEMPLATES = (
    (
        "Bienvenida",
        "Gracias por escribir a {{workspace.name}}",
        "es",
        (
            "Hola, {{contact.first_name}}:",
            "Gracias por escribirnos. He recibido su mensaje y le contesto hoy mismo. Si es urgente, puede llamarme.",
        ),
    ),
    (
        "Confirmación de visita",
        "Su visita está confirmada",
        "es",
        (
            "Hola, {{contact.first_name}}:",
            "Le confirmo la visita. Nos vemos en el portal; si surge cualquier cambio, avíseme en este mismo correo.",
            "Le atenderá {{user.name}}.",
        ),
    ),
    (
        "Documentación para alquilar",
        "Documentación para el alquiler",
        "es",
        (
            "Hola, {{contact.first_name}}:",
            "Para presentar su candidatura necesito: DNI o NIE, las tres últimas nóminas, el contrato de trabajo y un "
            "justificante de la cuenta donde se domiciliará el recibo.",
            "Con la documentación completa, la propiedad responde normalmente en dos días laborables.",
        ),
    ),
    (
        "Gastos de la compraventa",
        "Gastos al comprar una vivienda",
        "es",
        (
            "Hola, {{contact.first_name}}:",
            "Además del precio, calcule el 6 % de impuesto de transmisiones y en torno a un 1,5 % entre notaría, "
            "registro y gestoría. Nuestros honorarios los paga la parte vendedora.",
        ),
    ),
    (
        "Recordatorio de visita",
        "Nos vemos mañana",
        "es",
        ("Hola, {{contact.first_name}}:", "Le recuerdo nuestra cita de mañana. ¡Hasta entonces!"),
    ),
    (
        "Después de la visita",
        "¿Qué le ha parecido?",
        "es",
        (
            "Hola, {{contact.first_name}}:",
            "Gracias por su tiempo. ¿Qué le ha parecido la vivienda? Con su opinión puedo afinar lo siguiente que le "
            "enseñe.",
        ),
    ),
    (
        "Petición de reseña",
        "Un minuto de su tiempo",
        "es",
        (
            "Hola, {{contact.first_name}}:",
            "Ha sido un placer acompañarle. Si está conforme con nuestro trabajo, una reseña nos ayuda muchísimo.",
        ),
    ),
    (
        "Viewing confirmation",
        "Your viewing is confirmed",
        "en",
        (
            "Hello {{contact.first_name}},",
            "I am happy to confirm our viewing. We meet at the front door; if anything changes, just reply here.",
        ),
    ),
    (
        "NIE and documents for buyers",
        "What you need to buy in Spain",
        "en",
        (
            "Hello {{contact.first_name}},",
            "To buy in Spain you need an NIE (a tax number), a Spanish bank account and proof of the origin of the "
            "funds. We help with all three.",
        ),
    ),
    (
        "Rental documents",
        "Documents for your rental",
        "en",
        (
            "Hello {{contact.first_name}},",
            "Please send me a copy of your passport or NIE, your last three payslips and your work contract.",
        ),
    ),
)
QUOTES = (
    ("Gestión integral del alquiler, 12 meses", 72600, 214800),
    ("Reportaje fotográfico y visita virtual", 18000, 42000),
    ("Certificado de eficiencia energética", 11000, 19000),
    ("Honorarios de intermediación en la compraventa", 690000, 2450000),
    ("Home staging de salón y dormitorio principal", 89000, 240000),
    ("Reforma de cocina, presupuesto orientativo", 780000, 1490000),
    ("Tramitación de NIE y apoderamiento", 18000, 54000),
    ("Seguro de impago de alquiler, un año", 42000, 98000),
    ("Tasación oficial de la vivienda", 29000, 48000),
    ("Property management, one year", 96000, 260000),
)
TICKETS = (
    ("La caldera no enciende", "high"),
    ("Humedad en el techo del baño", "high"),
    ("Copia de llaves del portal", "low"),
    ("Persiana del salón atascada", "low"),
    ("Cambio de titular de la luz", "medium"),
    ("Devolución de la fianza", "medium"),
    ("Pedir certificado de deuda cero a la comunidad", "medium"),
    ("Ruidos del local de abajo", "medium"),
    ("Falta el mando del garaje", "low"),
    ("Revisar cláusula de desistimiento del contrato", "medium"),
    ("Ascensor fuera de servicio", "high"),
    ("Broken window handle in the bedroom", "medium"),
    ("Factura de la derrama sin justificar", "low"),
)
CONTACT_NOTES = (
    "Prefiere que le escriban por la tarde; por la mañana está en el quirófano.",
    "Busca algo exterior y con ascensor. No quiere bajos ni interiores.",
    "Tiene la financiación preaprobada hasta 420.000 €.",
    "Vende primero su piso actual; no podrá firmar antes de tres meses.",
    "Llamar al fijo: el móvil casi nunca lo coge.",
    "Viene recomendada por los propietarios de la calle de Ibiza.",
    "Ha visto ya cuatro pisos con nosotros. Le encanta Chamberí.",
    "Perro mediano. Imprescindible que admitan mascotas.",
    "Speaks very little Spanish, always write in English.",
    "Travels a lot; video calls work best.",
    "Inversor: compra para alquilar, mira la rentabilidad antes que la casa.",
    "Tiene plaza de garaje en la misma manzana, no la necesita.",
    "Muy puntual y muy amable. Prioridad si entra algo en Retiro.",
    "No quiere que le llamen desde la oficina, solo correo.",
    "Copropietaria con su hermano, que vive en Valencia: los dos tienen que firmar.",
)
SIGNATURES = {
    "Marta Sol": "Directora",
    "Ana Ruiz": "Asesora inmobiliaria · Chamberí y Centro",
    "Luis Ortega": "Asesor inmobiliario · Salamanca y Retiro",
    "Eva Soler": "Alquileres y atención al inquilino",
    "Vera Norte": "Asesora inmobiliaria",
}
