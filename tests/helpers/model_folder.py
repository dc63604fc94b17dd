"""A folder of models for scripted workers."""

from __future__ import annotations

import json

from cowrite.paths import Paths


def put_model(paths: Paths, name: str = "small", *, parameters: int = 135_000_000, embeds: bool = False) -> None:
    """Puts a model into the folder of models that only a scripted worker takes."""
    paths.models.mkdir(parents=True, exist_ok=True)
    file = paths.models / f"{name}.gguf"
    file.write_bytes(b"GGUF")
    record = {
        "id": name,
        "title": f"The {name} one",
        "path": file.name,
        "is_own": True,
        "size": file.stat().st_size,
        "modified": file.stat().st_mtime_ns,
        "sha256": name.encode().hex().ljust(64, "0"),
        "maker": "Nobody",
        "licence": "Apache-2.0",
        "origin": "a test",
        "quantisation": "Q4_1",
        "parameters": parameters,
        "embeds": embeds,
        "memory": 1_000_000,
        "added": "2026-05-03T14:05:00+00:00",
    }
    (paths.models / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
