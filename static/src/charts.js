// Draws each [data-chart] from its own JSON. The table beside it says the same, and is all there is without this.
const ink = "#212b32";
const colours = ["#005eb8", "#ffb81c", "#4c6272", "#007f3b"];
// The height of one name that lies beside its bars, of three lines at most, and of the rest of such a chart.
const NAME = 52;
const AROUND = 108;

const optionOf = (chart, narrow) => {
  const lies = chart.kind === "bars";
  const names = {
    type: "category",
    data: chart.names,
    inverse: lies,
    axisTick: { show: false },
    // Names beside bars are all read, over several lines; months below them may be left out, never cut.
    axisLabel: lies
      ? { color: ink, width: narrow ? 120 : 230, overflow: "break", lineHeight: 16, interval: 0 }
      : { color: ink, hideOverlap: true },
  };
  const numbers = {
    type: "value",
    name: chart.unit,
    // The unit stands within the picture: in the middle below the numbers, or from their left edge above them.
    nameLocation: lies ? "middle" : "end",
    nameGap: lies ? 28 : 12,
    nameTextStyle: { color: ink, align: lies ? "center" : "left" },
    minInterval: 1,
    axisLabel: { color: ink },
  };
  return {
    aria: { enabled: true, decal: { show: true } },
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: "Arial, Helvetica, sans-serif", fontSize: 14 },
    color: colours,
    legend: { show: chart.series.length > 1, top: 0, left: 0 },
    grid: { left: 8, right: 24, top: chart.series.length > 1 ? 56 : 32, bottom: lies ? 28 : 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
    xAxis: lies ? numbers : names,
    yAxis: lies ? names : numbers,
    series: chart.series.map((one) => ({
      ...one,
      type: "bar",
      stack: chart.kind === "stacked" ? "all" : undefined,
      barMaxWidth: 28,
    })),
  };
};

for (const place of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(place.dataset.chart);
  place.hidden = false;
  if (data.kind === "bars") place.style.height = `${data.names.length * NAME + AROUND}px`;
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  const draw = () => chart.setOption(optionOf(data, place.clientWidth < 500));
  draw();
  const fit = () => {
    chart.resize();
    draw();
  };
  new ResizeObserver(fit).observe(place);
  window.addEventListener("beforeprint", fit);
}
