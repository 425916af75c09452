"""What the seed is made of: people, streets and properties of Madrid, dialogues, texts of the CRM."""
