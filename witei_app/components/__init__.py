"""What a page is built from: pure functions from vars and handlers to `rx.Component`; nothing here imports a State."""
