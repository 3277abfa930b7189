"""Fills a Word template with docxtpl and has LibreOffice make PDFs of it.

office.py DOCX COUNT BATCH WORKERS: COUNT documents, BATCH of them for each start of soffice. Each
worker has a profile of its own. Prints one line of JSON: documents a second, pages, and the largest
memory of one soffice in MB.
"""

import json
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time

from docxtpl import DocxTemplate


def convert(template, numbers, batch, folder):
    """Makes the PDFs of these numbers below a folder."""
    profile = (folder / "profile").as_uri()
    for start in range(0, len(numbers), batch):
        files = []
        for n in numbers[start : start + batch]:
            document = DocxTemplate(template)
            document.render({"number": f"第{n}号", "addressee": f"张喆{n}"})
            files.append(str(folder / f"{n}.docx"))
            document.save(files[-1])
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
        subprocess.run(
            [*command, "--outdir", str(folder), *files], check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def main():
    """Divides the documents among the workers."""
    template = sys.argv[1]
    count, batch, workers = (int(argument) for argument in sys.argv[2:5])
    with tempfile.TemporaryDirectory() as base:
        folders = [pathlib.Path(base) / str(w) for w in range(workers)]
        for folder in folders:
            folder.mkdir()
            # The profile is made at the first start; that is not counted.
            convert(template, [0], 1, folder)
        threads = [
            threading.Thread(
                target=convert,
                args=(template, list(range(w + 1, count + 1, workers)), batch, folder),
            )
            for w, folder in enumerate(folders)
        ]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begun
        made = [path for folder in folders for path in folder.glob("*.pdf") if path.stem != "0"]
        if len(made) != count:
            sys.exit(f"{len(made)} of {count} PDFs were made")
        info = subprocess.run(["pdfinfo", made[0]], check=True, capture_output=True, text=True)
        pages = int(re.search(r"Pages:\s+(\d+)", info.stdout).group(1))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"per_second": count / seconds, "pages": pages, "memory_mb": memory}))


if __name__ == "__main__":
    main()
