"""Implementations of the domain's ports over AWS and over the registries' HTTP interfaces."""
