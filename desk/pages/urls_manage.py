"""Addresses of managing: organisations, clock policies, accounts, and work owed."""

from django.urls import URLPattern

MANAGE: list[URLPattern] = []
