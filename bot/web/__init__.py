"""What runs in browsers: sources in `src/`, the committed bundle in `dist/`."""
