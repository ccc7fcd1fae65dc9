"""Chats between people and with models, a module or a few each."""
