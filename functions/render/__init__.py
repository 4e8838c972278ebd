"""The render function: draws, seals, stores and issues certificates, and mails their holders."""
