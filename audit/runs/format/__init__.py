"""manifest.json as records and as JSON: written and read at one door, older formats step by step."""
