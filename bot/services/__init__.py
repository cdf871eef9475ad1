"""One use case a module; each declares the ports it needs, and what satisfies them is decided in `main`."""
