export const FRAMINGS = ["tcp", "rtu_over_tcp", "rtu", "ascii", "udp", "tls"] as const;
export type Framing = (typeof FRAMINGS)[number];

export const PARITIES = ["N", "E", "O"] as const;
export const BAUDRATES = ["1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200"];

/** A link, taken apart into what is typed. Numbers are texts: a field may be empty while it is typed in. */
export interface LinkParts {
  framing: Framing;
  host: string;
  port: string;
  path: string;
  baudrate: string;
  bytesize: string;
  parity: string;
  stopbits: string;
}

const USUAL_LINE = { baudrate: "9600", bytesize: "8", parity: "N", stopbits: "1" };

export const EMPTY_LINK: LinkParts = { framing: "tcp", host: "", port: "", path: "", ...USUAL_LINE };

export function isSerial(framing: Framing): boolean {
  return framing === "rtu" || framing === "ascii";
}

/** The highest unit id that the framing has room for. */
export function lastUnit(framing: Framing): number {
  return isSerial(framing) ? 247 : 255;
}

export function usualPort(framing: Framing): string {
  return framing === "tls" ? "802" : "502";
}

function networkLink({ framing, host, port }: LinkParts): string {
  const bare = host.trim().replace(/^\[|\]$/g, "");
  const shown = bare.includes(":") ? `[${bare}]` : bare;
  return `${framing}://${shown}:${port.trim() || usualPort(framing)}`;
}

function serialLink(parts: LinkParts): string {
  const names = Object.keys(USUAL_LINE) as (keyof typeof USUAL_LINE)[];
  const options = names.filter((name) => parts[name] !== USUAL_LINE[name]).map((name) => `${name}=${parts[name]}`);
  const query = options.length > 0 ? `?${options.join("&")}` : "";
  return `${parts.framing}://${parts.path.trim()}${query}`;
}

/** The link as the server writes it: `tcp://192.168.1.10:502`, `rtu:///dev/ttyUSB0?baudrate=19200`. */
export function composeLink(parts: LinkParts): string {
  return isSerial(parts.framing) ? serialLink(parts) : networkLink(parts);
}

/** Take apart what the server wrote; what cannot be understood is left empty, to be typed anew. */
export function takeApart(link: string): LinkParts {
  const [scheme = "", rest = ""] = link.split("://", 2);
  const framing = FRAMINGS.find((one) => one === scheme) ?? "tcp";
  if (isSerial(framing)) {
    const [path = "", query = ""] = rest.split("?", 2);
    return { ...EMPTY_LINK, framing, path, ...Object.fromEntries(new URLSearchParams(query)) };
  }
  const colon = rest.lastIndexOf(":");
  return { ...EMPTY_LINK, framing, host: rest.slice(0, colon).replace(/^\[|\]$/g, ""), port: rest.slice(colon + 1) };
}
