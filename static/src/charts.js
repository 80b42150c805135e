// Draws each [data-chart] from its own JSON. The table beside it says the same, and is all there is without this.
const ink = "#212b32";
const colours = ["#005eb8", "#ffb81c", "#4c6272", "#007f3b"];

const shorten = (words) => (words.length > 34 ? `${words.slice(0, 33)}…` : words);

const optionOf = (chart, narrow) => {
  const lies = chart.kind === "bars";
  const names = {
    type: "category",
    data: chart.names,
    inverse: lies,
    axisTick: { show: false },
    axisLabel: { color: ink, width: narrow ? 110 : 230, overflow: "truncate", hideOverlap: true, formatter: shorten },
  };
  const numbers = { type: "value", name: chart.unit, minInterval: 1, nameTextStyle: { color: ink }, axisLabel: { color: ink } };
  return {
    aria: { enabled: true, decal: { show: true } },
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: "Arial, Helvetica, sans-serif", fontSize: 14 },
    color: colours,
    legend: { show: chart.series.length > 1, top: 0, left: 0 },
    grid: { left: 8, right: 24, top: chart.series.length > 1 ? 56 : 32, bottom: 8, containLabel: true },
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
