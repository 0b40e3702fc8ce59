"""rasd: a press watch. This file is the map; the code starts in ``cli`` and meets in ``app``.

::

    seeds/*.yml ─► seeds ─► spiders ─► Page ─► extraction ─► Article ─► matching ─► Reading ─►
    storage
     (words)      (strict)  (fetch)   (bytes)    (pure)       (facts)    (pure)                   │
                                                                                                  ▼
          inbox ◄── channels ◄── outbox ◄── rendering ◄── Digest ◄── digest (pure) ◄──
          storage.archive
      terminal ◄── cli ◄──────────────────────────────────────────────────────────────
      storage.search

``model`` defines every noun that flows here, ``ports`` what crosses a border of the contracts,
``app`` chooses the concrete things. Who may import whom stands in ``pyproject.toml``.
"""

__version__ = "0.1.0"
