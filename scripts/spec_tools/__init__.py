"""Read, match, normalise and name an OpenAPI document; shared by prepare_spec, drift and the docs table."""
