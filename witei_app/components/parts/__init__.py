"""The JavaScript behind the pages: one class per component of the `.jsx` files beside.

None of it evaluates text, so that the Content-Security-Policy can forbid that (docs/operating.md).
"""
