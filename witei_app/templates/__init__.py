"""Message templates: texts to insert, with places that are filled from the contact, the user and the agency."""
