/** Symbols of units as they are written in a language that has its own: GOST 8.417, table 1 and annex A. */
const OWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ru: {
    V: "В",
    kV: "кВ",
    mV: "мВ",
    A: "А",
    mA: "мА",
    W: "Вт",
    kW: "кВт",
    MW: "МВт",
    Wh: "Вт·ч",
    kWh: "кВт·ч",
    MWh: "МВт·ч",
    VA: "В·А",
    kVA: "кВ·А",
    VAh: "В·А·ч",
    kVAh: "кВ·А·ч",
    var: "вар",
    kvar: "квар",
    varh: "вар·ч",
    kvarh: "квар·ч",
    Hz: "Гц",
    rpm: "об/мин",
    ohm: "Ом",
    Pa: "Па",
    kPa: "кПа",
    MPa: "МПа",
    bar: "бар",
    L: "л",
    "L/h": "л/ч",
    "m³/h": "м³/ч",
    "µg/m³": "мкг/м³",
    kg: "кг",
    lux: "лк",
    dB: "дБ",
    ms: "мс",
    s: "с",
    min: "мин",
    h: "ч",
    days: "сут",
  },
  zh: { rpm: "r/min", ohm: "Ω", lux: "lx", days: "天" },
};

/** A unit as the language writes it; one without a symbol there stays as its profile has it. */
export function unitIn(unit: string, language: string): string {
  const own = OWN[language];
  return own && Object.hasOwn(own, unit) ? (own[unit] ?? unit) : unit;
}
