"use strict";
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const FEW = 4;
  const HEIGHT = 240;
  const DOTTED_ROUNDS = 30;

  const formats = {
    // Halves go up, as in the page's text: 97.225 is not below its half in decimals, but may be in binary.
    share: value => (Math.round(1e6 * value) / 1e4 + 1e-9).toFixed(2) + "%",
    number: value => value.toPrecision(4),
    amount: value => value.toPrecision(4),
    // Rounded up: never less than was spent.
    epsilon: value => {
      if (value <= 0) return "0";
      const unit = Math.pow(10, Math.floor(Math.log10(value)) - 2);
      return (Math.ceil(value / unit - 1e-6) * unit).toPrecision(3);
    },
  };

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  const ink = line => line.colour < 0 ? colour("soft") : colour("c" + line.colour);

  function series(line, chart) {
    const stroke = ink(line);
    const format = formats[chart.unit];
    return {
      label: line.name,
      stroke: line.stroke === "band" ? stroke + "99" : stroke,
      width: line.stroke === "band" ? 1 : chart.series.length > FEW ? 1.5 : 2,
      dash: line.stroke === "dashed" || line.stroke === "limit" ? [6, 5] : undefined,
      spanGaps: true,
      points: { show: line.stroke === "solid" && chart.rounds.length <= DOTTED_ROUNDS, size: 5, fill: stroke },
      value: (plot, value) => value == null ? "\u2013" : format(value),
    };
  }

  function bands(chart) {
    const ends = chart.series.map((line, i) => line.stroke === "band" ? i + 1 : 0).filter(i => i > 0);
    return ends.length === 2 ? [{ series: ends, fill: ink(chart.series[ends[0] - 1]) + "26" }] : [];
  }

  function draw(chart) {
    const place = document.getElementById(chart.id);
    const first = chart.rounds[0];
    const last = chart.rounds[chart.rounds.length - 1];
    const axis = { stroke: colour("soft"), font: "12px system-ui, sans-serif", ticks: { show: false } };
    const options = {
      width: place.clientWidth,
      height: HEIGHT,
      padding: [12, 14, 0, 0],
      scales: {
        x: { time: false, range: first === last ? [first - 1, last + 1] : [first, last] },
        y: { range: [chart.min, chart.max] },
      },
      axes: [
        {
          ...axis, grid: { show: false }, size: 34,
          values: (plot, splits) => splits.map(split => Number.isInteger(split) ? split : ""),
        },
        {
          ...axis, grid: { stroke: colour("rule"), width: 1 }, size: 56,
          splits: () => chart.ticks,
          values: () => chart.labels,
        },
      ],
      series: [{ label: "Round" }, ...chart.series.map(line => series(line, chart))],
      bands: bands(chart),
      cursor: { points: { size: 8 }, y: false, drag: { x: false, y: false } },
      legend: {
        live: true,
        markers: { width: 0, fill: (plot, i) => i === 0 ? "transparent" : ink(chart.series[i - 1]) },
      },
      // While nobody points at a round, the legend tells of the last one.
      hooks: {
        ready: [plot => plot.setLegend({ idx: chart.rounds.length - 1 })],
        setCursor: [plot => {
          if (plot.cursor.idx == null) plot.setLegend({ idx: chart.rounds.length - 1 });
        }],
      },
    };
    const plot = new uPlot(options, [chart.rounds, ...chart.series.map(line => line.values)], place);
    plot.root.querySelectorAll("canvas").forEach(canvas => canvas.setAttribute("aria-hidden", "true"));
    return plot;
  }

  let plots = [];
  function drawAll() {
    plots.forEach(plot => plot.destroy());
    plots = charts.map(draw);
  }

  const resized = new ResizeObserver(() => plots.forEach((plot, i) => {
    const width = document.getElementById(charts[i].id).clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
  }));

  drawAll();
  charts.forEach(chart => resized.observe(document.getElementById(chart.id)));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
