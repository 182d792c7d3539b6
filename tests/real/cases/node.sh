# V8 with its own heap beside ours: JSON, buffers, worker threads, child processes, WebAssembly-less JIT.
program node nodejs

make_input() {
  cat >json.js <<'JS'
const rows = Array.from({ length: 20000 }, (_, i) => ({ id: i, name: "row " + i, list: [i / 3, null, true] }));
const text = JSON.stringify(rows);
console.log(text.length, JSON.stringify(JSON.parse(text)) === text);
const buffers = Array.from({ length: 2000 }, (_, i) => Buffer.alloc(i * 5, i & 255));
const crypto = require("crypto"), zlib = require("zlib");
const all = Buffer.concat(buffers);
console.log(all.length, crypto.createHash("sha256").update(zlib.gunzipSync(zlib.gzipSync(all))).digest("hex"));
console.error("to standard error");
let sum = 0;
for (let i = 0; i < 3e6; ++i) sum = (sum + i * i) % 1000003;
console.log(sum);
process.exitCode = 4;
JS
  cat >workers.js <<'JS'
const { Worker, isMainThread, parentPort, workerData } = require("worker_threads");
if (isMainThread) {
  const results = [];
  let running = 3;
  for (let n = 0; n < 3; ++n) {
    const worker = new Worker(__filename, { workerData: n });
    worker.on("message", (m) => results.push(m));
    worker.on("exit", () => { if (--running === 0) console.log(results.sort().join("\n")); });
  }
  const { execFileSync } = require("child_process");
  console.log(execFileSync("sort", ["-r"], { input: "a\nb\n" }).toString());
} else {
  const shared = Buffer.from("worker " + workerData + " ".repeat(5000)).toString("base64");
  parentPort.postMessage(workerData + ":" + shared.length);
}
JS
}

steps() {
  fails json
  run json node json.js
  run workers node workers.js
  fails throw
  run throw node -e 'throw new RangeError("the end")'
}
