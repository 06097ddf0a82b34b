"""Protocols as libraries without Django: anyone could lift one out and use it alone."""
