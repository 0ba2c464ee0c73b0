import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];

export type Health = Schemas["HealthOut"];
export type Site = Schemas["SiteOut"];
export type Device = Schemas["DeviceOut"];
export type DeviceDetail = Schemas["DeviceDetailOut"];
export type DeviceStatus = Device["status"];
export type Point = Schemas["PointOut"];
export type Group = Schemas["GroupOut"];
export type Latest = Schemas["LatestOut"];
export type Value = Schemas["ValueOut"];
export type Quality = Value["quality"];
export type Reason = NonNullable<Value["reason"]>;
export type Trend = Schemas["TrendOut"];
export type TrendSeries = Schemas["TrendSeriesOut"];
export type ErrorEnvelope = Schemas["ErrorOut"];
export type SignedIn = Schemas["SignedInOut"];
export type User = SignedIn["user"];
