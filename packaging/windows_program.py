"""What a program of a build is on Windows beside its code: its icon, and what the system says about it."""

import sys
from pathlib import Path
from typing import Any

COMPANY = "The cowrite authors"


def windows_program(name: str, description: str, version: str) -> dict[str, Any]:
    """Gives PyInstaller's EXE what Windows shows of a program, in its list of tasks say; nothing on other systems.

    Args:
        name: of the program.
        description: what it is called there.
        version: of it, by numbers and points alone.
    """
    if sys.platform != "win32":
        return {}
    from PyInstaller.utils.win32 import versioninfo as said

    numbers = (*map(int, version.split(".")), 0)
    words = {
        "CompanyName": COMPANY,
        "FileDescription": description,
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": f"{COMPANY}; Apache License 2.0",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "cowrite",
        "ProductVersion": version,
    }
    english_in_unicode = (0x0409, 1200)
    entries = [said.StringStruct(*pair) for pair in words.items()]
    strings = said.StringTable("{:04X}{:04X}".format(*english_in_unicode), entries)
    translations = said.VarFileInfo([said.VarStruct("Translation", list(english_in_unicode))])
    fixed = said.FixedFileInfo(filevers=numbers, prodvers=numbers, OS=0x40004, fileType=1)  # a program for Windows
    return {
        "icon": str(Path(__file__).parent / "icons" / "cowrite.ico"),
        "version": said.VSVersionInfo(fixed, [said.StringFileInfo([strings]), translations]),
    }
