"""What must be true of the certificate, free of AWS, HTTP and PDF."""
