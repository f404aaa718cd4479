"""Disclosure zones 政务公开专区: where they are, when they are open, what they do; the finder and the kiosk mode."""
