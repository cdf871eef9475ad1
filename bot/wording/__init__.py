"""Words in every language: catalogs, the registry of languages, and the way from a text's id to what a person reads."""
