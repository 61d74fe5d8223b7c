"""What the code opens at run time is in the wheel: a file that no glob of `package_data` names is missing where the
product is installed, and nowhere else.
"""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_SETUP = ConfigParser()
_SETUP.read(_ROOT / "setup.cfg", encoding="utf-8")
_GLOBS = _SETUP["options.package_data"]["*"].split()
_TOPS = [one.removesuffix("*") for one in _SETUP["options.packages.find"]["include"].split()]
_SOURCES = {".py", ".pyc", ".po"}
"""Python itself, and what translators write, of which the compiled form is read."""


def _packages() -> set[Path]:
    """As `find:` finds them: folders with an `__init__.py`, from the top without a gap."""
    found: set[Path] = set()
    for top in _TOPS:
        for init in sorted((_ROOT / top).rglob("__init__.py"), key=lambda path: len(path.parts)):
            if init.parent == _ROOT / top or init.parent.parent in found:
                found.add(init.parent)
    return found


def test_every_file_beside_the_code_is_in_the_wheel() -> None:
    shipped = {file for package in _packages() for glob in _GLOBS for file in package.glob(glob)}

    beside = {file for top in _TOPS for file in (_ROOT / top).rglob("*") if file.is_file()}
    assert {file for file in beside if file.suffix not in _SOURCES} == shipped


def test_every_folder_with_code_is_a_package() -> None:
    code = {file.parent for top in _TOPS for file in (_ROOT / top).rglob("*.py")}
    assert code == _packages()


def test_every_glob_finds_something() -> None:
    assert [glob for glob in _GLOBS if not any(any(package.glob(glob)) for package in _packages())] == []
