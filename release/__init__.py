"""How a release is made and checked: `make wheels`, `make release`; docs/releasing.md tells the way. Not installed."""
