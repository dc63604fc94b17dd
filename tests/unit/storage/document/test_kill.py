"""A real writer process is killed at random moments."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from cowrite.storage.document.document_file import DocumentFile
from helpers.seeds import seeds

WRITER = """
import random, sys
from pathlib import Path
from pycrdt import Doc, Text
from cowrite.storage.document.document_file import DocumentFile
chance = random.Random(int(sys.argv[2]))
file = DocumentFile.open(Path(sys.argv[1]))
doc = Doc()
body = doc.get("body", type=Text)
for update in file.load().state:
    doc.apply_update(update)
made = []
doc.observe(lambda event: made.append(event.update))
count = str(body).count(",")
print("ready", flush=True)
while True:
    for _ in range(chance.randint(1, 3)):
        body += f"{count} {chance.randbytes(chance.choice((5, 60, 3000))).hex()},"
        count += 1
    file.append(made)
    made.clear()
    print("edit", count, flush=True)
    if chance.random() < 0.05:
        file.write_snapshot(doc.get_update(), keep=chance.choice((0, 20)))
    if chance.random() < 0.1:
        body += "gone"
        del body[len(body) - 4 :]
        file.append(made)
        made.clear()
        file.clear(doc.get_update())
    if chance.random() < 0.05:
        print("blob", file.put_blob(chance.randbytes(50_000), "image/png"), flush=True)
    if chance.random() < 0.05:
        file.properties["text"] = str(count)
        print("text", count, flush=True)
"""


@pytest.mark.parametrize("seed", seeds(2))
def test_every_append_that_returned_survives_kill_9(tmp_path: Path, run, read, seed: int) -> None:
    chance = random.Random(seed)
    path = tmp_path / "Plan.cowrite"
    DocumentFile.create(path).close()
    edits, text, blobs = 0, 0, set()
    for life in range(2):
        writer = run(WRITER, path, chance.randrange(1 << 30))
        assert writer.stdout.readline() == "ready\n"
        output = writer.stdout.readline() if life == 0 else ""  # something is there, however slow the machine
        time.sleep(chance.uniform(0, 0.2))
        writer.kill()
        output += writer.stdout.read()
        writer.communicate()
        for line in output[: output.rfind("\n") + 1].splitlines():
            match line.split():
                case "edit", number:
                    edits = int(number)
                case "blob", name:
                    blobs.add(name)
                case "text", number:
                    text = int(number)
        with DocumentFile.open(path) as file:
            loaded = file.load()
            lines = read(loaded.state).split(",")[:-1]
            assert loaded.missing == (), f"seed {seed}"
            assert len(lines) >= edits, f"seed {seed}"
            assert [int(line.split()[0]) for line in lines] == list(range(len(lines))), f"seed {seed}"
            assert blobs <= {entry.name for entry in file.blobs()}, f"seed {seed}"
            assert int(file.properties.get("text", 0)) >= text, f"seed {seed}"
    assert [name.name for name in tmp_path.iterdir()] == ["Plan.cowrite"]
    assert edits > 0


def test_a_copy_cut_short_by_kill_9_leaves_what_was_there(tmp_path: Path, run) -> None:
    source, target = tmp_path / "Big.cowrite", tmp_path / "Target.cowrite"
    with DocumentFile.create(source) as file:
        file.append([random.Random(1).randbytes(1_000_000)])
    with DocumentFile.create(target) as file:
        file.append([b"old"])
    script = """
import sys
from pathlib import Path
from cowrite.storage.document.document_file import DocumentFile
file = DocumentFile.open(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    file.save_copy(Path(sys.argv[2]))
"""
    for delay in (0.0, 0.002, 0.005, 0.01, 0.03):
        copier = run(script, source, target)
        assert copier.stdout.readline() == "ready\n"
        time.sleep(delay)
        copier.kill()
        copier.communicate()
        with DocumentFile.open(target) as file:
            assert file.load().missing == ()
            assert file.load().state[0][:3] in (b"old", random.Random(1).randbytes(1_000_000)[:3])
