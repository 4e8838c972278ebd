# Read (`. scripts/uv.sh`) by the scripts that call uv, at the top of the tree: sets uv and python, their paths.
# python is empty where there is no Python 3.12 or newer.
uv=$(scripts/find-uv)
python=$(scripts/find-python)
# uv brings its own list of authorities; the system's also knows those that a company's proxy needs. A bare
# system has no list at all, and keeps to uv's.
if [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -s /etc/pki/tls/certs/ca-bundle.crt ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
fi
