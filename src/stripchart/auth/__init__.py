"""Who is who: passwords, tokens, roles. Knows neither HTTP nor the database."""
