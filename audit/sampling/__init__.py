"""A finished run in; a random sample of it, and what the reviewed sample says of the whole, out, as RAT-STATS has them."""
