"""Streets, districts and metro stations of Madrid, with what a square metre costs there."""

from typing import NamedTuple


class District(NamedTuple):
    """A district: euros a square metre to buy and, monthly, to rent; its streets; its metro stations."""

    name: str
    sale: int
    rent: int
    streets: tuple[str, ...]
    stations: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.strip().split(", "))


DISTRICTS = (
    District(
        "Chamberí",
        7100,
        24,
        _words(
            "calle de Ponzano, calle de Fuencarral, calle de Viriato, calle de Zurbano, calle de Santa Engracia, "
            "calle de Alonso Cano, calle de Galileo, calle de Vallehermoso, calle de Eloy Gonzalo, "
            "paseo de Eduardo Dato"
        ),
        _words("Iglesia, Bilbao, Alonso Cano, Quevedo, Ríos Rosas"),
    ),
    District(
        "Salamanca",
        8900,
        26,
        _words(
            "calle de Velázquez, calle de Serrano, calle de Goya, calle de Lagasca, calle de Ayala, calle de Don Ramón "
            "de la Cruz, calle de Hermosilla, calle de Núñez de Balboa, calle de Jorge Juan, "
            "calle de Príncipe de Vergara"
        ),
        _words("Goya, Velázquez, Núñez de Balboa, Lista, Serrano"),
    ),
    District(
        "Retiro",
        6300,
        21,
        _words(
            "calle de Ibiza, calle de Narváez, avenida de Menéndez Pelayo, calle de Sainz de Baranda, calle del "
            "Doctor Castelo, calle de Alcalde Sáinz, calle de Cavanilles, calle del Pez Volador"
        ),
        _words("Ibiza, Sainz de Baranda, Conde de Casal, Estrella"),
    ),
    District(
        "Centro",
        6600,
        25,
        _words(
            "calle de Atocha, calle de las Huertas, calle del Almirante, calle de la Palma, calle del Pez, calle de "
            "Embajadores, calle de Lavapiés, calle de Segovia, calle de San Bernardo, calle del León, plaza de la Paja"
        ),
        _words("Antón Martín, Noviciado, Tribunal, La Latina, Chueca"),
    ),
    District(
        "Arganzuela",
        5100,
        20,
        _words(
            "paseo de las Delicias, paseo de la Chopera, calle de Embajadores, calle de Ferrocarril, calle de Méndez "
            "Álvaro, calle de Toledo, calle de Palos de la Frontera, paseo de Santa María de la Cabeza"
        ),
        _words("Delicias, Legazpi, Palos de la Frontera, Acacias"),
    ),
    District(
        "Chamartín",
        6500,
        21,
        _words(
            "calle de López de Hoyos, calle de Clara del Rey, calle de Corazón de María, avenida de Alfonso XIII, "
            "calle de Padre Damián, calle de Costa Rica, calle de Víctor de la Serna, calle de Pradillo"
        ),
        _words("Prosperidad, Alfonso XIII, Concha Espina, Colombia"),
    ),
    District(
        "Tetuán",
        4700,
        19,
        _words(
            "calle de Bravo Murillo, calle de Orense, calle de Infanta Mercedes, calle de Marqués de Viana, calle de "
            "Sor Ángela de la Cruz, calle de los Hermanos Gárate, calle del General Yagüe"
        ),
        _words("Tetuán, Estrecho, Alvarado, Cuzco"),
    ),
    District(
        "Moncloa",
        5200,
        20,
        _words(
            "calle de la Princesa, calle de Gaztambide, calle de Donoso Cortés, calle de Fernández de los Ríos, paseo "
            "del Pintor Rosales, calle de Isaac Peral, calle de Ferraz"
        ),
        _words("Argüelles, Moncloa, Ventura Rodríguez, Islas Filipinas"),
    ),
    District(
        "Carabanchel",
        2900,
        16,
        _words(
            "calle del General Ricardos, avenida de Carabanchel Alto, calle de la Oca, calle de Nuestra Señora de "
            "Fátima, camino Viejo de Leganés, vía Carpetana, calle de Eugenia de Montijo"
        ),
        _words("Oporto, Carabanchel, Vista Alegre, Eugenia de Montijo"),
    ),
    District(
        "Ciudad Lineal",
        3900,
        17,
        _words(
            "calle de Alcalá, calle de Arturo Soria, calle de Hermanos García Noblejas, calle del Virgen del Portillo, "
            "avenida de Daroca, calle de Ascao, calle de Emilio Ferrari"
        ),
        _words("Pueblo Nuevo, Arturo Soria, Ciudad Lineal, Ascao"),
    ),
    District(
        "Hortaleza",
        4400,
        17,
        _words(
            "calle de López de Hoyos, avenida de San Luis, calle de Mar de Cristal, gran vía de Hortaleza, calle de "
            "Silvano, calle del Mar Caspio, avenida de los Andes"
        ),
        _words("Mar de Cristal, Esperanza, San Lorenzo, Pinar de Chamartín"),
    ),
    District(
        "Aravaca",
        4900,
        18,
        _words(
            "avenida de Europa, camino de la Zarzuela, calle de la Golondrina, avenida del Talgo, calle de Peguerinos, "
            "calle de Ana Teresa"
        ),
        _words("Aravaca, Berna, Somosaguas"),
    ),
)

# Spanish and English, square metres from and to; all masculine in Spanish, so that one article serves them.
KINDS = (
    ("piso", "flat", 55, 130, 12),
    ("ático", "penthouse", 60, 120, 3),
    ("estudio", "studio", 28, 42, 2),
    ("dúplex", "duplex", 80, 150, 2),
    ("loft", "loft", 45, 90, 1),
    ("chalet", "villa", 180, 340, 1),
)
FLOORS = ("primero", "segundo", "tercero", "cuarto", "quinto", "sexto")
