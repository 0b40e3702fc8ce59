"""A digest: its stories chosen, described and ordered, then worded and rendered. Pure.

DigestInput ─► choice ─► composition (items, proofs, coverage) ─► Digest ─► rendering ─► Letter
"""
