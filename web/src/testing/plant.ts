import type { Device, DeviceDetail, GroupDetail, Latest, Point, Site, Trend, Value } from "@/api/types.ts";

export const SITE: Site = { id: 1, code: "MKZ", name: "North", description: "", zone: "UTC", device_count: 2 };

export const DEVICE: Device = {
  id: 1,
  name: "G1",
  site_id: 1,
  link: "tcp://127.0.0.1:15021",
  framing: "tcp",
  unit_id: 1,
  profile: "smartgen-hgm9520n",
  kind: "genset",
  interval_s: 1,
  enabled: true,
  description: "",
  aligned: false,
  records: {},
  retention_days: 0,
  thresholds: {},
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
  modbus_ip: "127.0.0.1",
  modbus_port: 502,
  modbus_slave_id: 1,
  modbus_register: null,
  modbus_register_count: null,
  data_type: null,
  word_order: null,
  unit: null,
  sampling_interval: 1,
  threshold_critical_lower: null,
  threshold_warning_lower: null,
  threshold_warning_upper: null,
  threshold_critical_upper: null,
  hysteresis: null,
  status: "online",
  status_since: "2026-11-21T02:00:00Z",
  last_reading_at: "2026-11-21T03:00:00Z",
  trouble: null,
  error: null,
  cause: null,
  bad_points: {},
  period_s: 1,
  period_p95_s: 1.01,
  poll_s: 0.02,
  missed_slots: 0,
};

export const GROUP: GroupDetail = {
  id: 7,
  name: "Engines",
  description: "",
  device_count: 1,
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
  alert_summary: { normal: 1, warning: 0, critical: 0, offline: 0 },
  devices: [{ id: 1, name: "G1", status: "online", alert: "normal", unit: null, last_reading_at: null }],
};

export const POWER: Point = {
  id: 1000,
  key: "power",
  name: { en: "Active power", ru: "Активная мощность", zh: "有功功率" },
  group: "electrical",
  alarm: null,
  table: "holding",
  address: 180,
  reference: "40181",
  point_type: 26,
  point_number: 180,
  type: "int32",
  unit: "kW",
  decimals: 1,
  labels: {},
  bits: {},
  valid_low: null,
  valid_high: null,
  writable: false,
  overview: true,
  record: { mode: "every_poll", deadband: 0, heartbeat_s: 600 },
  recorded_every_s: 1,
};

export const STATE: Point = {
  ...POWER,
  id: 1001,
  key: "state",
  name: { en: "State" },
  address: 260,
  reference: "40261",
  type: "enum16",
  unit: "",
  decimals: null,
  labels: { "0": { en: "Standby", ru: "Ожидание" }, "9": { en: "Running", ru: "Работа" } },
};

export const WARNINGS: Point = {
  ...STATE,
  id: 1002,
  key: "warnings",
  name: { en: "Warnings" },
  group: "alarms",
  type: "bitfield16",
  labels: {},
  bits: { "3": { en: "Fuel low" }, "7": { en: "Battery low" } },
};

export const SERIAL: Point = {
  ...STATE,
  id: 1003,
  key: "serial",
  name: { en: "Serial number" },
  type: "string",
  labels: {},
  overview: false,
};

export const DETAIL: DeviceDetail = {
  ...DEVICE,
  profile_name: { en: "Smartgen HGM9520N" },
  groups: [
    { key: "electrical", name: { en: "Electrical" } },
    { key: "alarms", name: { en: "Alarms" } },
  ],
  points: [POWER, STATE, WARNINGS, SERIAL],
  cycle: { requests: 4, cycle_s: 0.1, longest_s: 0.1, silent_s: 31, link_share: 0.1, shortest_interval_s: 0.1 },
  warnings: [],
};

export function value(point: Point, given: Partial<Value> = {}): Value {
  return {
    point_id: point.id,
    key: point.key,
    at: "2026-11-21T03:00:00Z",
    age_s: 0.2,
    value: 0,
    text: null,
    quality: "good",
    reason: null,
    last_good_value: null,
    last_good_text: null,
    last_good_age_s: null,
    alert: "normal",
    ...given,
  };
}

export function latest(values: readonly Value[], given: Partial<Latest> = {}): Latest {
  return {
    device_id: DEVICE.id,
    device_name: DEVICE.name,
    site_id: DEVICE.site_id,
    status: "online",
    status_since: DEVICE.status_since,
    trouble: null,
    error: null,
    cause: null,
    timestamp: "2026-11-21T03:00:00Z",
    alert: "normal",
    value: null,
    unit: null,
    values: [...values],
    ...given,
  };
}

export const TREND: Trend = {
  start_ms: 0,
  end_ms: 3_600_000,
  bucket_ms: 10_000,
  series: [
    {
      point_id: POWER.id,
      at_ms: [0, 10_000, 20_000],
      min: [400, 405, 390],
      max: [410, 420, 400],
      mean: [405, 411, 396],
      last: [406, 412, 395],
      good_percent: [100, 100, 100],
    },
  ],
};
