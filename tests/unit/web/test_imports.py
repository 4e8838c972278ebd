import subprocess
import sys


def test_the_web_base_loads_neither_pydantic_nor_jinja() -> None:
    script = (
        "import sys\n"
        "import constancia.web.resolver, constancia.web.pages, constancia.web.bodies\n"
        "print(sorted({'pydantic', 'jinja2', 'boto3'} & set(sys.modules)))"
    )

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"
