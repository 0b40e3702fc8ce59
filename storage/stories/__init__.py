"""Stories as stored: articles are placed when they are kept, read by story, and those of an archive
from before are placed in the background.

The rule is ``crawler.stories.placing``'s.
"""
