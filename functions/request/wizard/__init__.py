"""The request in six steps: what was answered travels with the browser, encrypted, until it is sent."""
