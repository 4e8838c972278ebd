"""The Constancia de Logros de Aprendizaje: domain, ports and adapters, settings and web parts."""
