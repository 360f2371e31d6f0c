"""Site builders that build as many pages of the same content as the portal has.

Each gets the portal's own pages: what stands in `main` as a page's content, the rest as a layout.
"""
