"""How the catalog's tables came to be: one file per change, run when a catalog is opened."""
