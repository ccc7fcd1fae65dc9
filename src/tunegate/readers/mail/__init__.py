"""Mailboxes and single mails."""
