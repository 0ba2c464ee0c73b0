"""A gas or diesel engine: speed, temperatures, pressures, fuel, battery. Pure."""

from stripchart.simulator.behaviours.motion import Drift, Random, approach

_LOW_FUEL_PCT = 25.0
_FUEL_FINE_PCT = 30.0
_REFILL_BELOW_PCT = 18.0
_REFILL_PCT = 74.0
_TANK_LITRES = 300.0


class Engine:
    """Follows the speed it is driven to and the load on its shaft; the heat follows with the lag of its mass."""

    def __init__(self, random: Random, *, running: bool, fuel_pct: float) -> None:
        self.speed_rpm = 1500.0 if running else 0.0
        self.coolant_c = 82.0 if running else 38.0
        self.oil_c = 86.0 if running else 32.0
        self.oil_kpa = 420.0 if running else 0.0
        self.turbo_kpa = 0.0
        self.fuel_pct = fuel_pct
        self.consumption_l_h = 0.0
        self.battery_v = 27.3
        self.charger_v = 27.6 if running else 0.0
        self.is_fuel_low = fuel_pct < _LOW_FUEL_PCT
        self._to_fill_pct = 0.0
        self._hunting_rpm = Drift(random, 0.0, 2.0, 4)
        self._ambient_c = Drift(random, 22.0, 2.0, 1800)

    @property
    def is_turning(self) -> bool:
        return self.speed_rpm > 100

    @property
    def fuel_kpa(self) -> float:
        return 320.0 + self.speed_rpm * 0.02 if self.speed_rpm > 400 else 0.0

    def fill(self, fuel_pct: float) -> None:
        """Let the tank hold so much, or so many refills less or more as there is room for."""
        self.fuel_pct = _REFILL_BELOW_PCT + (fuel_pct - _REFILL_BELOW_PCT) % _REFILL_PCT
        self._to_fill_pct = 0.0
        self.is_fuel_low = self.fuel_pct < _LOW_FUEL_PCT

    def advance(self, seconds: float, target_rpm: float, load: float) -> None:
        """`target_rpm`: what the governor asks for; `load`: 1 is the rated power."""
        drift = self._hunting_rpm.advance(seconds) if target_rpm > 500 else 0.0
        self.speed_rpm = approach(self.speed_rpm, target_rpm + drift, seconds, 2.0)
        if target_rpm == 0 and self.speed_rpm < 15:
            self.speed_rpm = 0.0
        self._heat(seconds, load)
        self._burn(seconds, load)
        self._charge(seconds, cranking=100 < target_rpm < 500)

    def _heat(self, seconds: float, load: float) -> None:
        ambient = self._ambient_c.advance(seconds)
        fired = self.speed_rpm > 500
        # The block heater of a standing set keeps its coolant warm.
        coolant = 76 + 14 * load if fired else max(ambient, 38.0)
        oil = 80 + 20 * load if fired else ambient + 8
        self.coolant_c = approach(self.coolant_c, coolant, seconds, 150 if fired else 1200)
        self.oil_c = approach(self.oil_c, oil, seconds, 260 if fired else 1500)
        pressure = min(1.0, self.speed_rpm / 1500) * 480 - max(0.0, self.oil_c - 60) * 1.5 * self.is_turning
        self.oil_kpa = max(0.0, approach(self.oil_kpa, pressure, seconds, 1.5))

    def _burn(self, seconds: float, load: float) -> None:
        fired = self.speed_rpm > 500
        self.turbo_kpa = approach(self.turbo_kpa, 12 + 130 * load if fired else 0.0, seconds, 2.5)
        self.consumption_l_h = approach(self.consumption_l_h, 4 + 38 * load if fired else 0.0, seconds, 2.0)
        self.fuel_pct = max(0.0, self.fuel_pct - self.consumption_l_h * seconds / 3600 / _TANK_LITRES * 100)
        if self.fuel_pct < _REFILL_BELOW_PCT and not self._to_fill_pct:
            self._to_fill_pct = _REFILL_PCT
        filled_pct = min(self._to_fill_pct, 0.4 * seconds)
        self._to_fill_pct -= filled_pct
        self.fuel_pct += filled_pct
        self.is_fuel_low = self.fuel_pct < (_FUEL_FINE_PCT if self.is_fuel_low else _LOW_FUEL_PCT)

    def _charge(self, seconds: float, *, cranking: bool) -> None:
        battery = 23.6 if cranking else 27.3
        self.battery_v = approach(self.battery_v, battery, seconds, 1.0 if cranking else 30.0)
        self.charger_v = approach(self.charger_v, 27.6 if self.speed_rpm > 700 else 0.0, seconds, 2.0)
