"""Names and addresses of people who do not exist. Domains are reserved for examples (RFC 2606)."""

from typing import NamedTuple


class Nation(NamedTuple):
    """Where somebody is from: the language they write, first names by gender, surnames, home towns."""

    code: str
    language: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    towns: tuple[str, ...]
    weight: int
    two_surnames: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.strip().split(", "))


SPAIN = Nation(
    "ES",
    "es",
    _words(
        "María, Carmen, Ana, Laura, Lucía, Marta, Paula, Elena, Cristina, Isabel, Pilar, Raquel, Silvia, Beatriz, "
        "Rocío, Nuria, Sara, Alba, Irene, Patricia, Teresa, Inés, Mercedes, Rosa, Julia, Clara, Begoña, Sonia, "
        "Noelia, Amparo, Esther, Verónica, Gloria, Yolanda, Lorena, Ainhoa, Leire, Montserrat, Consuelo, Aitana, "
        "María José, María Luisa, Ana Belén, Rosa María, Macarena, Candela, Itziar, Remedios, Olga, Carlota"
    ),
    _words(
        "Antonio, José, Manuel, Francisco, David, Juan, Javier, Daniel, Carlos, Miguel, Alejandro, Rafael, Pedro, "
        "Pablo, Ángel, Sergio, Fernando, Jorge, Luis, Alberto, Álvaro, Diego, Adrián, Raúl, Iván, Rubén, Óscar, "
        "Enrique, Ramón, Andrés, Víctor, Marcos, Gonzalo, Ignacio, Jaime, Emilio, Joaquín, Roberto, Hugo, Mateo, "
        "Juan Carlos, José Luis, Francisco Javier, Miguel Ángel, Íñigo, Unai, Guillermo, Nicolás, Tomás, Samuel"
    ),
    _words(
        "García, Fernández, González, Rodríguez, López, Martínez, Sánchez, Pérez, Gómez, Martín, Jiménez, Ruiz, "
        "Hernández, Díaz, Moreno, Muñoz, Álvarez, Romero, Alonso, Gutiérrez, Navarro, Torres, Domínguez, Vázquez, "
        "Ramos, Gil, Ramírez, Serrano, Blanco, Molina, Morales, Suárez, Ortega, Delgado, Castro, Ortiz, Rubio, "
        "Marín, Sanz, Núñez, Iglesias, Medina, Garrido, Cortés, Castillo, Santos, Lozano, Guerrero, Cano, Prieto, "
        "Méndez, Cruz, Calvo, Gallego, Vidal, León, Herrera, Peña, Flores, Cabrera, Campos, Vega, Fuentes, Carrasco, "
        "Diez, Caballero, Reyes, Nieto, Aguilar, Pascual, Herrero, Santana, Lorenzo, Hidalgo, Montero, Ibáñez, "
        "Giménez, Ferrer, Durán, Vicente, Benítez, Mora, Arias, Vargas, Carmona, Crespo, Román, Pastor, Soto, "
        "Sáez, Velasco, Moya, Soler, Parra, Esteban, Bravo, Gallardo, Rojas, Etxeberria, Agirre, Zubizarreta"
    ),
    _words("Valencia, Zaragoza, Bilbao, Sevilla, Salamanca, Burgos, Oviedo, Murcia, Toledo, Valladolid"),
    66,
    True,
)
LATIN_AMERICA = Nation(
    "LA",
    "es",
    _words(
        "Valentina, Camila, Daniela, Gabriela, Mariana, Luz Marina, Ximena, Fernanda, Paola, Yesenia, Carolina, "
        "Milagros, Guadalupe, Antonella, Renata, Rosario, Alejandra, Catalina"
    ),
    _words(
        "Santiago, Sebastián, Mauricio, Rodrigo, Cristian, Jhon, Wilson, Edgar, Gustavo, Facundo, Lautaro, Joaquín, "
        "Matías, Leonardo, Hernán, Julio César, Néstor, Ezequiel"
    ),
    _words(
        "Quispe, Mamani, Restrepo, Cárdenas, Salazar, Zambrano, Cedeño, Villanueva, Ospina, Giraldo, Pacheco, "
        "Arévalo, Cabezas, Bermúdez, Figueroa, Alvarado, Chávez, Espinoza, Montoya, Paredes, Bianchi, Ferreyra"
    ),
    _words("Bogotá, Lima, Quito, Buenos Aires, Caracas, Ciudad de México, Montevideo, Medellín, Santiago de Chile"),
    12,
    True,
)
BRITAIN = Nation(
    "GB",
    "en",
    _words("Emma, Charlotte, Sarah, Helen, Rebecca, Fiona, Claire, Alison, Hannah, Gemma, Louise, Imogen, Harriet"),
    _words("James, Oliver, Thomas, Andrew, Stephen, Peter, Graham, Callum, Edward, Simon, Ian, Duncan, Robert"),
    _words(
        "Smith, Jones, Taylor, Walker, Bennett, Hughes, Campbell, Murray, Whitaker, Barnes, Fletcher, O'Connor, "
        "Pemberton, Holloway, Ashworth, Davies, Sinclair, Cartwright"
    ),
    _words("London, Manchester, Leeds, Bristol, Edinburgh, Brighton, Cardiff, Dublin"),
    8,
)
GERMANY = Nation(
    "DE",
    "en",
    _words("Anna, Katharina, Sabine, Heike, Lena, Johanna, Ulrike, Friederike, Claudia, Miriam"),
    _words("Matthias, Jürgen, Stefan, Lukas, Klaus, Jan, Felix, Wolfgang, Tobias, Christian"),
    _words("Müller, Schneider, Weber, Hoffmann, Becker, Krüger, Vogel, Böhm, Lehmann, von Thiessen, Schröder, Brandt"),
    _words("Hamburg, Berlin, Munich, Cologne, Stuttgart, Zurich, Vienna"),
    4,
)
FRANCE = Nation(
    "FR",
    "en",
    _words("Camille, Élodie, Sophie, Margaux, Aurélie, Céline, Hélène, Manon, Anne-Laure"),
    _words("Julien, Antoine, Guillaume, Étienne, Benoît, Mathieu, Jean-Luc, Thierry, Bastien"),
    _words("Dubois, Lefèvre, Moreau, Girard, Fournier, Mercier, Rousseau, Chevalier, Gauthier, de La Tour, Besson"),
    _words("Paris, Lyon, Bordeaux, Toulouse, Nantes, Brussels, Geneva"),
    4,
)
NETHERLANDS = Nation(
    "NL",
    "en",
    _words("Sanne, Femke, Anouk, Marieke, Lotte, Ilse, Joke"),
    _words("Daan, Bram, Sjoerd, Pieter, Ruben, Willem, Joost"),
    _words("de Vries, van den Berg, Bakker, Jansen, Visser, van Dijk, Smit, Meijer, van der Meulen"),
    _words("Amsterdam, Utrecht, Rotterdam, The Hague, Antwerp"),
    3,
)
SCANDINAVIA = Nation(
    "SE",
    "en",
    _words("Ingrid, Astrid, Freja, Linnea, Maja, Kirsten, Solveig, Åsa"),
    _words("Lars, Erik, Magnus, Anders, Søren, Bjørn, Henrik, Mikael"),
    _words("Lindqvist, Johansson, Andersen, Nilsen, Bergström, Sørensen, Hansen, Ekström, Åkesson, Virtanen"),
    _words("Stockholm, Copenhagen, Oslo, Gothenburg, Malmö, Helsinki"),
    3,
)
NATIONS = (SPAIN, LATIN_AMERICA, BRITAIN, GERMANY, FRANCE, NETHERLANDS, SCANDINAVIA)

# Names that a list, a bubble and a header must bear.
LONG_NAMES = (
    ("María de los Ángeles", "Fernández-Villaverde y Gutiérrez de la Concha"),
    ("Juan Ignacio", "Martínez de Irujo y Ruiz-Giménez de la Cuadra"),
    ("Maximiliane Friederike", "von Thurn-Hohenstein zu Lichtenfels"),
)
COMPANIES = (
    "Carmen Gil y Asociados, S. L.",
    "Administración de Fincas Castellana, S. L.",
    "Calor Hogar Servicio Técnico, S. L.",
    "Gestoría Núñez de Balboa",
    "Reformas Hermanos Ortiz, S. L.",
    "Notaría Velázquez 48",
    "Nordic Relocation Services ApS",
    "Bufete Arenal & Pardo Abogados",
)
DOMAINS = (
    "example.com",
    "example.org",
    "example.net",
    "correo.example",
    "buzon.example",
    "mimail.example",
    "familia.example",
    "oficina.example",
)
