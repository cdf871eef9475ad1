"""What the helpline says and asks, as TOML files anyone can read; the loader makes one frozen `Content` of them."""
