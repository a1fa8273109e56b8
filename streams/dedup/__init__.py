"""Copies of texts and the stories they tell."""
