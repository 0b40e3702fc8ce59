"""The tests of rasd, one module a module."""
