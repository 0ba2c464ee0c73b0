// A made-up plant whose values are functions of time: any moment, past or present, can be asked.

const noise = (seed, t) => {
  const x = Math.sin(seed * 127.1 + Math.floor(t) * 0.3117) * 43_758.5453;
  return (x - Math.floor(x)) * 2 - 1;
};
const wave = (seed, t, period) => Math.sin((t / period + seed * 0.37) * 2 * Math.PI);

const text = (en, zh, ru) => ({ en, zh, ru });
const OFF_ON = { 0: text("Open", "断开", "Отключён"), 1: text("Closed", "闭合", "Включён") };

const analog = (key, name, unit, decimals, base, swing, more = {}) => ({
  key,
  name,
  unit,
  decimals,
  type: "int16",
  of: (seed, t) => base + swing * (0.7 * wave(seed, t, 900) + 0.2 * wave(seed + 3, t, 70) + 0.1 * noise(seed, t)),
  ...more,
});

const GENSET_STATES = {
  0: text("Standby", "待机", "Ожидание"),
  1: text("Starting", "启动", "Пуск"),
  9: text("Running on load", "带载运行", "Работа под нагрузкой"),
  12: text("Cooling down", "冷却", "Охлаждение"),
};
const WARNINGS = {
  0: text("Low oil pressure", "机油压力低", "Низкое давление масла"),
  3: text("Fuel level low", "燃油位低", "Низкий уровень топлива"),
  7: text("Battery voltage low", "电池电压低", "Низкое напряжение батареи"),
};

const genset = [
  analog("power_total", text("Active power", "有功功率", "Активная мощность"), "kW", 1, 412, 90, { overview: true }),
  analog("generator_frequency", text("Frequency", "频率", "Частота"), "Hz", 2, 50, 0.06, { overview: true }),
  {
    key: "generator_state",
    name: text("State", "机组状态", "Состояние"),
    type: "enum16",
    labels: GENSET_STATES,
    of: (seed, t) => (wave(seed, t, 3600) > -0.8 ? 9 : 12),
    overview: true,
  },
  analog(
    "coolant_temperature",
    text("Coolant temperature", "冷却液温度", "Температура охл. жидкости"),
    "°C",
    0,
    82,
    5,
    {
      overview: true,
      group: "engine",
    },
  ),
  analog("oil_pressure", text("Oil pressure", "机油压力", "Давление масла"), "kPa", 0, 420, 14, {
    overview: true,
    group: "engine",
  }),
  {
    key: "warnings",
    name: text("Warnings", "警告", "Предупреждения"),
    type: "bitfield16",
    bits: WARNINGS,
    of: (seed) => (seed % 4 === 2 ? 0b1000_1000 : 0),
    overview: true,
    group: "alarms",
  },
  ...["ab", "bc", "ca"].map((phase, index) =>
    analog(
      `generator_u${phase}`,
      text(`Voltage U${phase}`, `电压 U${phase}`, `Напряжение U${phase}`),
      "V",
      1,
      398 + index,
      2,
    ),
  ),
  ...["a", "b", "c"].map((phase) =>
    analog(`current_${phase}`, text(`Current ${phase}`, `电流 ${phase}`, `Ток ${phase}`), "A", 1, 612, 40),
  ),
  analog("power_factor", text("Power factor", "功率因数", "Коэффициент мощности"), "", 3, 0.94, 0.02),
  analog("speed", text("Engine speed", "转速", "Обороты"), "rpm", 0, 1500, 3, { group: "engine" }),
  analog("battery_voltage", text("Battery voltage", "电池电压", "Напряжение батареи"), "V", 1, 27.4, 0.2, {
    group: "engine",
  }),
  analog("fuel_level", text("Fuel level", "燃油位", "Уровень топлива"), "%", 0, 63, 4, {
    group: "engine",
    bad: "sensor",
  }),
  {
    key: "breaker",
    name: text("Generator breaker", "发电机断路器", "Выключатель генератора"),
    type: "bool",
    labels: OFF_ON,
    of: (seed, t) => (wave(seed, t, 3600) > -0.8 ? 1 : 0),
  },
  {
    key: "running_hours",
    name: text("Running hours", "运行小时", "Наработка"),
    type: "uint32",
    unit: "h",
    decimals: 0,
    of: (seed, t) => 4000 + seed * 211 + (t % 1e7) / 3600,
    group: "engine",
  },
  {
    key: "serial_number",
    name: text("Serial number", "序列号", "Заводской номер"),
    type: "string",
    words: (seed) => `SG-2024-${1000 + seed * 7}`,
    of: () => 0,
  },
];

const simple = (kind, maker, name, points) => ({ kind, maker, name, points });
const temperature = text("Temperature", "温度", "Температура");

export const PROFILES = {
  "smartgen-hgm9520n": simple(
    "genset",
    "Smartgen",
    text("Smartgen HGM9520N", "众智 HGM9520N", "Smartgen HGM9520N"),
    genset,
  ),
  "smartgen-hgm9560": simple("mains", "Smartgen", text("Smartgen HGM9560", "众智 HGM9560", "Smartgen HGM9560"), [
    analog("mains_power", text("Mains power", "市电功率", "Мощность сети"), "kW", 1, 1240, 160, { overview: true }),
    analog("mains_frequency", text("Mains frequency", "市电频率", "Частота сети"), "Hz", 2, 50, 0.03, {
      overview: true,
    }),
    analog("mains_uab", text("Mains Uab", "市电 Uab", "Сеть Uab"), "V", 0, 401, 3, { overview: true }),
    {
      key: "mains_switch",
      name: text("Mains switch", "市电开关", "Выключатель сети"),
      type: "enum16",
      labels: OFF_ON,
      of: () => 1,
      overview: true,
    },
  ]),
  "sel-751-rtac": simple(
    "relay",
    "SEL",
    text("SEL-751 behind RTAC"),
    [1, 2, 3, 4, 5].map((feeder) =>
      analog(
        `feeder_${feeder}_current`,
        text(`Feeder ${feeder} current`, `馈线 ${feeder} 电流`, `Ток фидера ${feeder}`),
        "A",
        1,
        80 + 20 * feeder,
        9,
        {
          overview: true,
          type: "float32",
        },
      ),
    ),
  ),
  "temco-t3": simple("controller", "Temco", text("Temco T3"), [
    analog("input_1", text("Supply air", "送风", "Приточный воздух"), "°C", 1, 21, 1.2, { overview: true }),
    analog("input_2", text("Return air", "回风", "Вытяжной воздух"), "°C", 1, 23, 0.8, { overview: true }),
    analog("output_1", text("Valve", "阀门", "Клапан"), "%", 0, 45, 20, { overview: true }),
    { key: "fan", name: text("Fan", "风机", "Вентилятор"), type: "bool", of: () => 1, overview: true },
  ]),
  "ddms-sensor": simple("sensor", "DDMS", text("Single sensor", "单点传感器", "Одиночный датчик"), [
    analog("value", temperature, "°C", 1, 18, 4, { overview: true, type: "float32" }),
  ]),
  "eastron-sdm630": simple("meter", "Eastron", text("Eastron SDM630"), [
    analog("total_power", text("Total power", "总功率", "Полная мощность"), "W", 0, 86_400, 5200, { overview: true }),
    analog("voltage_1", text("Voltage L1", "电压 L1", "Напряжение L1"), "V", 1, 231, 2, { overview: true }),
    analog("current_1", text("Current L1", "电流 L1", "Ток L1"), "A", 2, 124, 9, { overview: true }),
    analog("energy", text("Imported energy", "输入电能", "Потреблённая энергия"), "kWh", 1, 91_245, 40, {
      overview: true,
    }),
  ]),
  "sunspec-inverter": simple("inverter", "SunSpec", text("SunSpec inverter", "SunSpec 逆变器", "Инвертор SunSpec"), [
    analog("ac_power", text("AC power", "交流功率", "Мощность AC"), "W", 0, 7800, 900, { overview: true }),
    analog("dc_voltage", text("DC voltage", "直流电压", "Напряжение DC"), "V", 1, 612, 15, { overview: true }),
    analog("cabinet", text("Cabinet temperature", "机柜温度", "Температура шкафа"), "°C", 1, 41, 2, {
      overview: true,
    }),
  ]),
};

export const GROUPS = {
  electrical: text("Electrical", "电气", "Электрика"),
  engine: text("Engine", "发动机", "Двигатель"),
  alarms: text("Alarms", "报警", "Тревоги"),
};

export const SITES = [
  { id: 1, code: "MKZ", name: "Mine Kazan North", description: "" },
  { id: 2, code: "YKZ", name: "Yard Kazan West", description: "" },
];

const row = (name, site_id, profile, status = "online") => ({ name, site_id, profile, status });
export const DEVICES = [
  row("G1", 1, "smartgen-hgm9520n"),
  row("G2", 1, "smartgen-hgm9520n"),
  row("Mains 1", 1, "smartgen-hgm9560"),
  row("Feeders", 1, "sel-751-rtac"),
  row("Air handling 1", 1, "temco-t3"),
  row("Sensor A", 1, "ddms-sensor"),
  row("Meter 1", 1, "eastron-sdm630"),
  row("G3", 2, "smartgen-hgm9520n"),
  row("G4", 2, "smartgen-hgm9520n", "offline"),
  row("Mains 2", 2, "smartgen-hgm9560", "error"),
  row("Air handling 2", 2, "temco-t3"),
  row("Sensor B", 2, "ddms-sensor"),
  row("Sensor C", 2, "ddms-sensor"),
  row("Inverter 1", 2, "sunspec-inverter"),
].map((device, index) => ({ ...device, id: index + 1, unit_id: index + 1 }));
