# Every Python object a malloc of its own; threads, child processes, fork in a threaded program.
program python3 python3

# The program itself, where `python3` is a script that looks for it.
python=$(python3 -c 'import sys; print(sys.executable)')
export PYTHONMALLOC=malloc PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1

make_input() {
  cat >round_trip.py <<'PY'
import json
rows = [{"id": i, "name": "row %d" % i, "list": [i * 0.5, None, True], "text": "\u00e4\u20ac" * (i % 9)} for i in range(20000)]
text = json.dumps(rows)
again = json.loads(text)
print(len(text), again == rows, json.dumps(again, sort_keys=True) == json.dumps(rows, sort_keys=True))
PY
  cat >threads.py <<'PY'
import queue, threading
work, done = queue.Queue(), queue.Queue()
def serve():
    while (n := work.get()) is not None:
        done.put((n, sum(len(str(i) * 3) for i in range(n))))
threads = [threading.Thread(target=serve) for _ in range(8)]
for thread in threads: thread.start()
for n in range(200): work.put(n)
for _ in threads: work.put(None)
for thread in threads: thread.join()
print(sorted(done.get() for _ in range(200))[-3:])
PY
  cat >children.py <<'PY'
import os, subprocess, sys, threading
noise = threading.Event()
def allocate():
    while not noise.is_set(): [str(i) for i in range(100)]
threads = [threading.Thread(target=allocate) for _ in range(2)]
for thread in threads: thread.start()
for n in range(10):
    print(subprocess.run(["sort", "-r"], input="a\nb\nc\n%d\n" % n, capture_output=True, text=True).stdout.split())
for n in range(10):
    child = os.fork()
    if child == 0:
        [bytes(i) for i in range(1000)]
        os._exit(n)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
noise.set()
print(subprocess.run([sys.executable, "-c", "import sys; sys.exit(7)"]).returncode)
PY
  cat >pool.py <<'PY'
import multiprocessing
def square(n): return n * n, sum(map(int, str(3 ** n)))
if __name__ == "__main__":
    for method in "fork", "spawn":
        with multiprocessing.get_context(method).Pool(2) as pool:
            print(method, sum(a + b for a, b in pool.map(square, range(400), chunksize=20)))
            pool.close()
            pool.join()
PY
  cat >errors.py <<'PY'
import ctypes, decimal, re, zlib, hashlib, sys
print(decimal.Decimal(2).sqrt(), re.sub(r"(\w+) (\w+)", r"\2 \1", "one two three four"))
print(hashlib.sha256(zlib.decompress(zlib.compress(b"fence" * 100000))).hexdigest())
buffer = ctypes.create_string_buffer(b"post", 64)
print(ctypes.string_at(buffer), ctypes.CDLL(None).strlen(buffer))
print("to standard error", file=sys.stderr)
raise SystemExit({}["missing"])
PY
}

steps() {
  run round-trip "$python" round_trip.py
  meets_limit round-trip
  run threads "$python" threads.py
  run children "$python" children.py
  run pool "$python" pool.py
  fails errors
  run errors "$python" errors.py
}
