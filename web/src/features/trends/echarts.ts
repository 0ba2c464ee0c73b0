import { CustomChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([LineChart, CustomChart, GridComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

/** A chart in an element; the only place that knows which parts of ECharts are on board. */
export function createChart(element: HTMLElement) {
  return init(element, undefined, { renderer: "canvas" });
}

export type Chart = ReturnType<typeof createChart>;
