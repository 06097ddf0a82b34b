"""Accounts, sign-in and membership in organisations."""
