"""Sets replies with WeasyPrint: weasy.py HTML COUNT WORKERS.

Each document differs in number and addressee. Prints one line of JSON: documents a second, seconds
for each in the middle, pages, and the largest memory of a worker in MB.
"""

import json
import multiprocessing
import resource
import statistics
import sys
import time

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration


def work(path, numbers, barrier, results):
    """Sets the documents of these numbers, after one that warms up."""
    with open(path, encoding="utf-8") as file:
        template = file.read()
    fonts = FontConfiguration()

    def pdf(n):
        text = template.replace("{{ number }}", f"第{n}号").replace("{{ addressee }}", f"张喆{n}")
        document = HTML(string=text, base_url=path).render(font_config=fonts)
        return document.write_pdf(), len(document.pages)

    pdf(0)
    barrier.wait()
    begun = time.perf_counter()
    took, pages = [], 0
    for n in numbers:
        one = time.perf_counter()
        _, pages = pdf(n)
        took.append(time.perf_counter() - one)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.put((begun, time.perf_counter(), took, pages, memory))


def main():
    """Divides the documents among the workers."""
    path, count, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(workers), context.Queue()
    running = [
        context.Process(target=work, args=(path, range(w + 1, count + 1, workers), barrier, results))
        for w in range(workers)
    ]
    for process in running:
        process.start()
    done = [results.get() for _ in running]
    for process in running:
        process.join()
    seconds = max(end for _, end, _, _, _ in done) - min(begun for begun, _, _, _, _ in done)
    print(
        json.dumps(
            {
                "per_second": count / seconds,
                "median": statistics.median(s for _, _, took, _, _ in done for s in took),
                "pages": done[0][3],
                "memory_mb": max(memory for _, _, _, _, memory in done),
            }
        )
    )


if __name__ == "__main__":
    main()
