"""Runs in a build right before its program: gives the system's programs that cowrite starts, a browser say, what is the
system's, and the build the certificates that this system trusts and its own modules, also once it is upgraded.

PyInstaller points LD_LIBRARY_PATH at the libraries of the build and QT_PLUGIN_PATH at its parts of Qt, for this process
and so for all that it starts; browsers and file managers that are made with Qt would mix these parts with their own,
and fail. This process has read the former by now, and PySide6 finds its parts by itself.
Source: https://pyinstaller.org/en/stable/runtime-information.html#ld-library-path-libpath-considerations
"""

import os
import sys
from _ssl import get_default_verify_paths  # not by `ssl`, which takes three times as long to load

os.environ.pop("LD_LIBRARY_PATH", None)
if (before := os.environ.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
    os.environ["LD_LIBRARY_PATH"] = before
for name in ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
    os.environ.pop(name, None)

# OpenSSL looks for certificates where the system has them on which it was made, and trusts nobody on another one.
CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo, NixOS
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora and Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine
)
file_named_by, file, folder_named_by, folder = get_default_verify_paths()
is_known = not {file_named_by, folder_named_by}.isdisjoint(os.environ) or any(map(os.path.exists, (file, folder)))
certificates = next(filter(os.path.isfile, CERTIFICATES), None)
# Windows has neither these files nor the one below; but whoever uses a computer with others could put some there.
is_linux = sys.platform == "linux"
if is_linux and certificates is not None and not is_known:
    os.environ[file_named_by] = certificates

# Most modules are read out of the program's file when they are needed. An upgrade puts another file in its place while
# this one runs, maybe for days; by this name it is still its own.
OWN = "/proc/self/exe"
archive = getattr(sys.modules.get("pyimod02_importers"), "pyz_archive", None)  # PyInstaller's, and in builds alone
if is_linux and archive is not None and os.path.exists(OWN):  # noqa: PTH110  # pathlib would be loaded for this alone
    archive._filename = OWN
