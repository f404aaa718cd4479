"""Subscriptions by e-mail: whoever wishes is told of what is newly public, once, and can stop it with one click."""
