// Serves holding registers with the modbus-serial package. Reads them as a JSON list from standard input, prints the
// port it listens on, and ends when standard input does.
import ModbusRTU from "modbus-serial";

let text = "";
for await (const chunk of process.stdin) {
  text += chunk;
  if (text.endsWith("\n")) break;
}
const registers = JSON.parse(text);
const vector = { getHoldingRegister: (address) => registers[address] ?? 0 };
const server = new ModbusRTU.ServerTCP(vector, { host: "127.0.0.1", port: 0, unitID: 1 });
server.on("initialized", () => console.log(server._server.address().port));
process.stdin.on("end", () => server.close(() => process.exit(0))).resume();
