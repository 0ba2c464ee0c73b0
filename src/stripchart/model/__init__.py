"""The nouns of Stripchart: site, link, device, point, profile, sample, quality."""
