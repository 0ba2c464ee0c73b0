import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { DETAIL, DEVICE, SITE } from "@/testing/plant.ts";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";

const profile = (key: string, kind: string, name: string) => ({
  key,
  kind,
  name: { en: name },
  maker: "Smartgen",
  interval_s: 2,
  points: 90,
});
const PROFILES = [
  profile(DEVICE.profile, "genset", "Smartgen HGM9520N"),
  profile("sdm120", "meter", "Eastron SDM120"),
];
const CHECK = { cycle: DETAIL.cycle, warnings: [] };

const answers = () =>
  new Map<string, Answer>([
    ["/api/sites", { body: [SITE] }],
    ["/api/profiles", { body: PROFILES }],
    ["/api/devices", { body: [DEVICE] }],
    ["/api/devices/1", { body: DETAIL }],
    ["/api/devices/check", { body: CHECK }],
    ["POST /api/devices", { status: 201, body: DETAIL }],
  ]);

const type = (label: string, text: string) => userEvent.type(screen.getByLabelText(label), text);
const save = () => userEvent.click(screen.getByRole("button", { name: "Save" }));

async function choose(field: string, search: string, option: RegExp) {
  const box = await screen.findByRole("combobox", { name: field });
  await userEvent.type(box, search);
  await userEvent.click(await screen.findByRole("option", { name: option, hidden: true }));
}

async function fillIn() {
  await choose("Profile", "meter", /Eastron/);
  await choose("Site", "MKZ", /North/);
  await type("Name", "M1");
  await type("Host or IP address", "10.0.0.7");
}

test("while there is nothing to choose from yet it says so, and failing can be tried again", async () => {
  const given = answers().set("/api/profiles", "unreachable");
  renderPage("/devices/new", given);
  expect(await screen.findByText(/The server is not responding/)).toBeInTheDocument();
  given.set("/api/profiles", { body: PROFILES });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("combobox", { name: "Profile" })).toBeInTheDocument();
});

test("a device is added with the interval of its profile, and its page follows", async () => {
  const page = renderPage("/devices/new", answers());
  await fillIn();
  await save();
  expect(await screen.findByRole("heading", { level: 1, name: "G1" })).toBeInTheDocument();
  expect(page.router.state.location.pathname).toBe("/devices/1");
  expect(page.sent.map(({ url }) => url)).toEqual(["/api/devices/check", "/api/devices"]);
  expect(page.sent[1]?.body).toEqual({
    name: "M1",
    site_id: 1,
    profile: "sdm120",
    link: "tcp://10.0.0.7:502",
    unit_id: 1,
    interval_s: 2,
    enabled: true,
    description: "",
  });
});

test("what was typed is not lost by a step to another page", async () => {
  const page = renderPage("/devices/new", answers());
  await screen.findByRole("combobox", { name: "Profile" });
  await type("Name", "M1");
  void page.router.navigate("/trends");
  const dialog = await screen.findByRole("dialog", { name: "Discard changes?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Cancel", hidden: true }));
  expect(screen.getByLabelText("Name")).toHaveValue("M1");
  expect(page.router.state.location.pathname).toBe("/devices/new");
});

test("what was typed is thrown away where that is wanted", async () => {
  const page = renderPage("/devices/new", answers());
  await screen.findByRole("combobox", { name: "Profile" });
  await type("Name", "M1");
  void page.router.navigate("/trends");
  const dialog = await screen.findByRole("dialog", { name: "Discard changes?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Discard", hidden: true }));
  await waitFor(() => expect(page.router.state.location.pathname).toBe("/trends"));
});

test("what stands in the way is shown before saving, and need not stop it", async () => {
  const message = "interval_s 2: reading the device takes 3 s";
  const given = answers().set("/api/devices/check", {
    body: { ...CHECK, warnings: [{ field: "interval_s", message }] },
  });
  const page = renderPage("/devices/new", given);
  await fillIn();
  await save();
  expect(await screen.findByText(message)).toBeInTheDocument();
  expect(page.sent).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: "Save anyway" }));
  await waitFor(() => expect(page.sent.at(-1)?.url).toBe("/api/devices"));
});

test("the check says what a cycle takes, until something is changed", async () => {
  const page = renderPage("/devices/new", answers());
  await fillIn();
  await userEvent.click(screen.getByRole("button", { name: "Check" }));
  expect(await screen.findByRole("heading", { name: "Feasibility check" })).toBeInTheDocument();
  expect(page.sent).toHaveLength(1);
  await type("Name", "b");
  expect(screen.queryByRole("heading", { name: "Feasibility check" })).not.toBeInTheDocument();
});

test("what the server says about the link stands at the host, for a bus at its port", async () => {
  const message = "'tcp://10.0.0.7:502': the host is missing or has characters a host cannot have";
  const error = { code: "invalid_address", message, fields: [{ field: "link", message, code: "host", facts: {} }] };
  renderPage("/devices/new", answers().set("/api/devices/check", { status: 422, body: { error } }));
  await fillIn();
  await userEvent.click(screen.getByRole("button", { name: "Check" }));
  await waitFor(() =>
    expect(screen.getByLabelText("Host or IP address")).toHaveAccessibleDescription(/Enter a host name/),
  );
  await userEvent.click(screen.getByRole("combobox", { name: "Protocol" }));
  await userEvent.click(await screen.findByRole("option", { name: "Serial (RTU)", hidden: true }));
  expect(screen.getByLabelText("Serial port")).toBeInTheDocument();
  expect(screen.getByText(/1 to 247, as set/)).toBeInTheDocument();
});

test("a site can be made on the way", async () => {
  const given = answers().set("/api/sites", { body: [] });
  const page = renderPage("/devices/new", given);
  await userEvent.click(await screen.findByRole("button", { name: "New site" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("Code"), "MKZ");
  await userEvent.type(within(dialog).getByLabelText("Name"), "North");
  given.set("POST /api/sites", { status: 201, body: SITE }).set("/api/sites", { body: [SITE] });
  await userEvent.click(within(dialog).getByRole("button", { name: "Add site" }));
  expect(await screen.findByDisplayValue("MKZ · North")).toBeInTheDocument();
  expect(page.sent).toHaveLength(1);
});

test("of a device that is there only what was changed is sent", async () => {
  const page = renderPage("/devices/1/edit", answers());
  await replace("Name", "G7");
  await save();
  await waitFor(() => expect(page.sent.at(-1)).toMatchObject({ method: "PUT", body: { name: "G7" } }));
  expect(page.sent.at(-1)?.body).toEqual({ name: "G7" });
});

async function replace(label: string, text: string) {
  const input = await screen.findByLabelText(label);
  await userEvent.clear(input);
  await userEvent.type(input, text);
}

test.each([
  ["Keep on disk", "true"],
  ["Delete permanently", "false"],
])("a device is deleted after a question about its data: %s", async (choice, keeps) => {
  const given = answers().set("DELETE /api/devices/1", { status: 204, body: null });
  const page = renderPage("/devices/1/edit", given);
  await userEvent.click(await screen.findByRole("button", { name: "Delete" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("radio", { name: choice }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(page.router.state.location.pathname).toBe("/"));
  expect(page.sent.at(-1)?.url).toBe(`/api/devices/1?keep_data=${keeps}`);
});

const REFUSED = { code: "connection_refused", facts: {} };

test("the connection of a device is tested: what came, or why nothing did", async () => {
  const given = answers();
  const tested = {
    device_id: 1,
    device_name: "G1",
    error: null,
    cause: null,
    text: null,
    unit: "kW",
    quality: "good",
    reason: null,
  };
  given.set("/api/devices/1/test-connection", { body: { ...tested, success: true, key: "power", value: 412.34 } });
  renderPage("/devices/1/edit", given);
  await userEvent.click(await screen.findByRole("button", { name: "Test" }));
  expect(await screen.findByText("The device responds: Active power 412.3 kW")).toBeInTheDocument();
  const failed = {
    ...tested,
    success: false,
    key: null,
    value: null,
    error: "as the program says it",
    cause: REFUSED,
  };
  given.set("/api/devices/1/test-connection", { body: failed });
  await userEvent.click(screen.getByRole("button", { name: "Test" }));
  expect(await screen.findByText("The device could not be read: connection refused")).toBeInTheDocument();
});

test("the overview leads to a new device, for those who may", async () => {
  const page = renderPage("/", answers());
  expect(await screen.findByRole("link", { name: "Add device" })).toHaveAttribute("href", "/devices/new");
  page.unmount();
  renderPage("/", answers().set("/api/devices", { body: [] }));
  expect(await screen.findByRole("link", { name: "Add the first device" })).toBeInTheDocument();
});

test("those who only look are led to no form", async () => {
  const looker = { ...OLGA, role: "read_only" } as const;
  renderPage("/", answers(), looker);
  await screen.findByRole("article", { name: "G1" });
  expect(screen.queryByRole("link", { name: "Add device" })).not.toBeInTheDocument();
});

const PREVIEWED = {
  key: "power",
  name: { en: "Active power" },
  type: "int32",
  unit: "kW",
  decimals: 1,
  labels: {},
  bits: {},
  value: 84.3,
  text: null,
  quality: "good",
  reason: null,
  error: null,
  cause: null,
};

test("the values of a device are looked at before it is saved, and no more once it is typed otherwise", async () => {
  const given = answers().set("/api/devices/preview", { body: [PREVIEWED] });
  const page = renderPage("/devices/new?profile=sdm120", given);
  const read = await screen.findByRole("button", { name: "Read now" });
  expect(read).toBeDisabled();
  await type("Host or IP address", "10.0.0.7");
  await userEvent.click(read);
  expect(await screen.findByText("84.3 kW")).toBeInTheDocument();
  expect(page.sent[0]).toMatchObject({ body: { profile: "sdm120", link: "tcp://10.0.0.7:502", name: "preview" } });
  await type("Host or IP address", "0");
  expect(screen.queryByText("84.3 kW")).not.toBeInTheDocument();
});

test("a device that does not answer says why where its values would be", async () => {
  const given = answers().set("/api/devices/preview", {
    body: [{ ...PREVIEWED, value: null, quality: null, error: "as the program says it", cause: REFUSED }],
  });
  renderPage("/devices/new?profile=sdm120", given);
  await screen.findByRole("button", { name: "Read now" });
  await type("Host or IP address", "10.0.0.7");
  await userEvent.click(screen.getByRole("button", { name: "Read now" }));
  expect(await screen.findByText("connection refused")).toBeInTheDocument();
});

const FOUND = {
  serial: 77,
  name: "Boilers",
  product_id: 88,
  firmware: 6.4,
  hardware: 1,
  panel_number: 5,
  link: "tcp://10.0.0.9:502",
  unit_id: 3,
  bacnet_instance: 77,
  bacnet_port: 47808,
  parent_serial: null,
  needs_firmware: false,
  profile: "sdm120",
  device_id: null,
};

test("a controller that is found on the network fills the form", async () => {
  const panels = [
    FOUND,
    { ...FOUND, serial: 78, name: "Roof", device_id: 1 },
    { ...FOUND, serial: 79, profile: null },
  ];
  const given = answers().set("POST /api/discover", { body: { panels, odd: 0 } });
  renderPage("/devices/new", given);
  await userEvent.click(await screen.findByRole("button", { name: "Discover" }));
  const list = await screen.findByRole("list", { name: "Controllers found" });
  expect(within(list).getByRole("link", { name: "Already added" })).toHaveAttribute("href", "/devices/1");
  expect(within(list).getByText("No profile for product 88")).toBeInTheDocument();
  await userEvent.click(within(list).getByRole("button", { name: "Use" }));
  expect(screen.getByLabelText("Name")).toHaveValue("Boilers");
  expect(screen.getByLabelText("Host or IP address")).toHaveValue("10.0.0.9");
  expect(screen.getByLabelText("Unit ID")).toHaveValue("3");
  expect(screen.getByRole("combobox", { name: "Profile" })).toHaveValue("Eastron SDM120");
  expect(screen.getByLabelText("Poll interval (seconds)")).toHaveValue("2");
});

test("when nobody answers, or nobody can be asked, it says so", async () => {
  const given = answers().set("POST /api/discover", { body: { panels: [], odd: 0 } });
  renderPage("/devices/new", given);
  await userEvent.click(await screen.findByRole("button", { name: "Discover" }));
  expect(await screen.findByText(/No controller replied/)).toBeInTheDocument();
  const message = "UDP ports 57619 to 57623 are all in use";
  given.set("POST /api/discover", {
    status: 503,
    body: { error: { code: "discovery_failed", message, fields: [] } },
  });
  await userEvent.click(screen.getByRole("button", { name: "Discover" }));
  expect(await screen.findByText(new RegExp(message))).toBeInTheDocument();
});
