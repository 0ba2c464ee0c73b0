import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];

export type Health = Schemas["HealthOut"];
export type Site = Schemas["SiteOut"];
export type Device = Schemas["DeviceOut"];
export type DeviceDetail = Schemas["DeviceDetailOut"];
export type DeviceStatus = Device["status"];
export type Point = Schemas["PointOut"];
export type Group = DeviceDetail["groups"][number];
export type Latest = Schemas["LatestOut"];
export type Value = Schemas["ValueOut"];
export type Quality = Value["quality"];
export type Reason = NonNullable<Value["reason"]>;
export type Trend = Schemas["TrendOut"];
export type TrendSeries = Schemas["TrendSeriesOut"];
export type ErrorEnvelope = Schemas["ErrorOut"];
export type SignedIn = Schemas["SignedInOut"];
export type User = SignedIn["user"];
export type Role = User["role"];
export type Account = Schemas["UserOut"];
export type Token = Schemas["TokenOut"];
export type NewToken = Schemas["NewTokenOut"];
export type Profile = Schemas["ProfileOut"];
export type NewDevice = Schemas["DeviceIn"];
export type Check = Schemas["CheckOut"];
export type Tested = Schemas["TestedOut"];
