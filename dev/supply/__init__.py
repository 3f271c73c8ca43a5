"""What the product is made of: pins with their digests, licences, a bill of materials."""
