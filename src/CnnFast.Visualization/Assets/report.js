"use strict";
(() => {
  const colours = ["--s1", "--s2", "--s3", "--s4", "--s5", "--s6", "--s7", "--s8"];
  const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
  const whole = [...Array(9).keys()].flatMap(power => [1, 2, 5].map(digit => digit * 10 ** power));
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const text = value => value === null || value === undefined ? "–" : typeof value !== "number" ? String(value)
    : Number.isInteger(value) ? value.toLocaleString("en") : Math.abs(value) >= 0.001 && Math.abs(value) < 1e6
      ? Number(value.toPrecision(5)).toString() : value.toExponential(3);
  const percent = value => value === null || value === undefined ? "–" : (100 * value).toFixed(2) + " %";

  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick") node.onclick = value; else if (value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
  }

  function csvOf(names, rows) {
    const cell = value => value === null || value === undefined ? "" : /[",\r\n]/.test(String(value))
      ? '"' + String(value).replaceAll('"', '""') + '"' : String(value);
    return [names, ...rows].map(row => row.map(cell).join(",")).join("\n") + "\n";
  }

  const say = message => { document.getElementById("said").textContent = message; };

  async function copy(content, title) {
    try {
      await navigator.clipboard.writeText(content);
    } catch {
      const area = element("textarea", { class: "hidden", "aria-hidden": "true" });
      area.value = content;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(title + ": copied as CSV.");
  }

  const copyButton = (title, csv) => element("button",
    { type: "button", "aria-label": "Copy CSV of " + title, onclick: () => copy(csv(), title) }, "Copy CSV");

  function table(title, names, rows, kind) {
    const head = element("tr", {}, ...names.map(name => element("th", { scope: "col" }, name)));
    const body = rows.map(row => element("tr", {}, ...row.map((value, i) => element(i === 0 ? "th" : "td",
      i === 0 ? { scope: "row" } : { "data-value": value === null || value === undefined ? "" : value },
      typeof value === "string" ? element("span", { class: "text" }, value) : text(value)))));
    return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
      element("table", { class: kind }, element("caption", { class: "hidden" }, title), element("thead", {}, head),
        element("tbody", {}, ...body)));
  }

  const open = new Set();

  // A large table is made when somebody opens it.
  function tableBehind(title, names, rows) {
    const details = element("details", { "data-table": title }, element("summary", {}, "Table of " + title.toLowerCase()));
    const fill = () => {
      if (details.open) open.add(title); else open.delete(title);
      if (details.open && details.children.length === 1) details.append(table(title, names, rows));
    };
    details.addEventListener("toggle", fill);
    details.open = open.has(title);
    return details;
  }

  function figure(title, caption, csv, ...content) {
    return element("figure", { "aria-label": title },
      element("div", { class: "head" }, element("h3", {}, title), csv ? copyButton(title, csv) : null),
      ...content, caption ? element("figcaption", {}, caption) : null);
  }

  const charts = [];

  // series: { name, values, points, plain }; x has one value for each.
  function chart(title, caption, xName, x, series, options = {}) {
    // options.key names the points: { name, values }.
    const { key } = options, names = [...key ? [key.name] : [], xName, ...series.map(one => one.column ?? one.name)];
    const rows = () => x.map((value, i) => [...key ? [key.values[i]] : [], value, ...series.map(one => one.values[i])]);
    const words = series.slice(0, 8).map(one => {
      const last = one.values.findLast(value => value !== null && value !== undefined);
      return one.name + " ends at " + text(last);
    }).join(", ");
    const place = element("div", { class: "chart", role: "img",
      "aria-label": `${title}: ${series.length} ${series.length === 1 ? "curve" : "curves"} over ${x.length} points; ${words}.` });
    charts.push({ place, x, series, xName, options });
    return figure(title, caption, () => csvOf(names, rows()), place, tableBehind(title, names, rows()));
  }

  // The point with a value that is nearest to the pointer, in pixels.
  function nearest(plot, x, values) {
    const far = i => values[i] === null ? Infinity
      : Math.hypot(plot.valToPos(x[i], "x") - plot.cursor.left, plot.valToPos(values[i], "y") - plot.cursor.top);
    return x.reduce((best, _, i) => best < 0 || far(i) < far(best) ? i : best, -1);
  }

  // Names beside the dots, the weightiest first, those left out that would cover others; the pointer, the table and the CSV name all.
  function nameDots(plot, x, values, key) {
    const { ctx, bbox } = plot, ratio = devicePixelRatio || 1, taken = [], size = 12 * ratio;
    const dots = x.map((_, i) => i).filter(i => values[i] !== null)
      .map(i => ({ i, x: plot.valToPos(x[i], "x", true), y: plot.valToPos(values[i], "y", true) }));
    ctx.save();
    ctx.font = `${size}px system-ui, sans-serif`;
    ctx.fillStyle = style("--text");
    ctx.strokeStyle = style("--page");
    ctx.lineWidth = 3 * ratio;
    [ctx.textBaseline, ctx.textAlign, ctx.lineJoin] = ["middle", "left", "round"];
    ctx.setLineDash([]);
    const cover = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const radius = 4 * ratio;
    taken.push(...dots.map(({ x, y }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius })));
    for (const { i, x: left, y } of dots.sort((a, b) => key.weights[b.i] - key.weights[a.i])) {
      const width = ctx.measureText(key.values[i]).width, space = 6 * ratio;
      const box = [[left + space, y], [left - space - width, y], [left - width / 2, y + size + 2 * ratio], [left - width / 2, y - size]]
        .map(([from, middle]) => ({ left: from, right: from + width, top: middle - size / 2, bottom: middle + size / 2, middle }))
        .find(box => box.left >= bbox.left && box.right <= bbox.left + bbox.width && box.top >= bbox.top
          && box.bottom <= bbox.top + bbox.height && !taken.some(other => cover(box, other)));
      if (!box) continue;
      taken.push(box);
      ctx.strokeText(key.values[i], box.left, box.middle);
      ctx.fillText(key.values[i], box.left, box.middle);
    }

    ctx.restore();
  }

  function draw(one) {
    const { place, x, series, xName, options } = one;
    const width = Math.max(place.clientWidth, 200), height = options.square ? Math.min(width, 400) : 240;
    if (one.plot && !one.stale) {
      if (one.width !== width) one.plot.setSize({ width, height });
      one.width = width;
      return;
    }
    one.plot?.destroy();
    [one.width, one.stale] = [width, false];
    const axis = { stroke: style("--soft"), grid: { stroke: style("--line"), width: 1 }, ticks: { stroke: style("--line"), width: 1 },
      font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif" };
    const values = options.log ? undefined : (_, ticks) => ticks.map(tick => Number(tick.toPrecision(6)).toString());
    one.plot = new uPlot({
      width, height,
      scales: { x: { time: false, distr: options.xLog ? 3 : 1 },
        y: options.range ? { range: options.range } : options.log ? { distr: 3 } : {} },
      axes: [
        { ...axis, label: xName, labelSize: 18, size: 34, incrs: x.every(Number.isInteger) ? whole : undefined },
        { ...axis, size: 62, values, label: options.yName, labelSize: 18 },
      ],
      cursor: options.key ? { dataIdx: plot => nearest(plot, x, series[0].values) } : {},
      hooks: options.key ? { draw: [plot => nameDots(plot, x, series[0].values, options.key)] } : {},
      legend: { live: true },
      series: [{ label: xName }, ...series.map((line, i) => ({
        label: line.name, stroke: style(colours[i % colours.length]), dash: dashes[Math.floor(i / colours.length) % dashes.length],
        width: line.thin ? 1 : 2, spanGaps: true, alpha: line.thin ? .6 : 1, paths: line.dots ? () => null : undefined,
        points: { show: line.dots || line.points || x.length < 3, size: 6, fill: style(colours[i % colours.length]) },
        value: (_, value, series, i) => line.dots && options.key?.values[i] ? `${options.key.values[i]}: ${text(value)} ${options.yName}`
          : text(value),
      }))],
    }, [x, ...series.map(line => options.log ? line.values.map(value => value > 0 ? value : null) : line.values)], place);
    place.querySelector(".u-legend")?.setAttribute("aria-hidden", "true");
  }

  const redraw = stale => charts.forEach(one => { one.stale = one.stale || stale; draw(one); });

  const section = (id, title, ...content) => element("section", { id, "aria-labelledby": id + "-title" },
    element("h2", { id: id + "-title" }, title), ...content);

  const facts = pairs => element("dl", { class: "facts" }, ...pairs.map(([name, value]) =>
    element("div", { "data-fact": name, "data-value": value }, element("dt", {}, name), element("dd", {}, text(value)))));

  function curves(data) {
    const { names, rows } = data.epochs, x = rows.map(row => row[0]);
    const column = name => ({ name, values: rows.map(row => row[names.indexOf(name)]), points: rows.length < 40 });
    const of = ending => names.filter(name => name.endsWith("/" + ending)).map(column);
    const shown = [];
    const add = (title, caption, series, options) => {
      if (series.length && x.length) shown.push(chart(title, caption, "epoch", x, series, options));
    };
    add("Loss", "Mean loss of every epoch. The training loss is measured before the steps, with dropout and augmentation.", of("loss"));
    add("Accuracy", "The part that was classified right, 0 to 1.", of("accuracy"));
    if (data.batches.x.length) {
      const { x: steps, loss, smooth, rate } = data.batches;
      shown.push(chart("Loss of batches", "Thin: batches, of long trainings the lowest and the highest of every stretch. " +
        "Thick: a mean in which a new batch weighs 5 %.", "step", steps,
      [{ name: "batch", values: loss, thin: true }, { name: "smoothed", values: smooth }]));
      shown.push(chart("Learning rate", "That of every step.", "step", steps, [{ name: "learning rate", values: rate }]));
    }
    const known = /\/(loss|accuracy)$/;
    for (const name of names.filter(name => name.includes("/") && !known.test(name))) add(name, "", [column(name)]);
    if (!shown.length) return null;
    return section("curves", "Curves", element("div", { class: "grid" }, ...shown), rows.length
      ? figure("Epochs", "", () => csvOf(names, rows), table("Epochs", names, rows, "epochs")) : null);
  }

  function layers(data) {
    const { steps, series } = data.layers;
    if (!steps.length) return null;
    const of = kind => series.filter(one => one.kind === kind);
    const shown = [];
    const add = (kind, title, caption, options) => {
      if (of(kind).length) shown.push(chart(title, caption, "step", steps, of(kind), options));
    };
    add("gradient", "Gradient norms", "‖∂loss/∂w‖ of each layer's parameters, on a fixed set of samples; logarithmic.", { log: true });
    add("weight", "Weight norms", "‖w‖ of each layer's parameters.", {});
    add("mean", "Activation means", "The mean of the outputs of each layer that has an activation.", {});
    add("deviation", "Activation deviations", "Their standard deviation; towards 0 a layer says the same of everything.", {});
    add("zeros", "Zeros after ReLU", "The part of a layer's outputs that is 0.", { range: [0, 1] });
    add("dead", "Dead channels", "The part of a ReLU's channels that is 0 for all samples at all places.", { range: [0, 1] });
    return section("layers", "Layers", element("p", {}, data.layers.words), element("div", { class: "grid" }, ...shown));
  }

  function confusion(data) {
    const { counts, cells, of } = data.confusion, names = data.classes;
    if (cells) {
      const all = cells.map(([i, k, count]) => [names[i], names[k], count]), heads = ["label", "predicted", "count"];
      const rows = cells.filter(([i, k]) => i !== k).sort((a, b) => b[2] - a[2]).slice(0, 50);
      return figure("Most frequent mistakes", `Labels and predictions of ${of}; the CSV has all that occur.`, () => csvOf(heads, all),
        table("Most frequent mistakes", heads, rows.map(([i, k, count]) => [names[i], names[k], count])));
    }
    const csv = () => csvOf(["label", ...names], counts.map((row, i) => [names[i], ...row]));
    const head = element("tr", {}, element("th", { scope: "col" }, "label ↓ predicted →"),
      ...names.map(name => element("th", { scope: "col" }, name)));
    const body = counts.map((row, i) => {
      const sum = row.reduce((a, b) => a + b, 0) || 1;
      return element("tr", {}, element("th", { scope: "row" }, names[i]), ...row.map((count, k) => element("td", {
        class: i === k ? "right" : undefined, "data-value": count,
        style: count ? `background: rgba(var(${i === k ? "--heat" : "--miss"}), ${(0.12 + 0.5 * count / sum).toFixed(3)})` : undefined,
      }, count ? String(count) : "·")));
    });
    return figure("Confusion matrix", `Of ${of}; a row is a label, a column what was predicted. The diagonal is right.`, csv,
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Confusion matrix" },
        element("table", { class: "confusion" }, element("caption", { class: "hidden" }, "Confusion matrix"), element("thead", {}, head),
          element("tbody", {}, ...body))));
  }

  function classes(data) {
    if (!data.confusion) return null;
    const names = ["class", "precision", "recall", "F1", "support"];
    const rows = data.perClass.map((row, i) => [data.classes[i], ...row]);
    return section("classes", "Classes", element("div", { class: "flow" }, confusion(data),
      figure("Per class", "A dash stands for what is undefined.", () => csvOf(names, rows), table("Per class", names, rows, "per-class"))));
  }

  function calibration(data) {
    if (!data.calibration) return null;
    const { error, bins } = data.calibration, filled = bins.filter(bin => bin[2] > 0);
    const names = ["from", "to", "images", "confidence", "accuracy"];
    const x = filled.map(bin => bin[3]);
    const diagram = chart("Reliability", `The accuracy of predictions over their confidence, in ${bins.length} bins of equal width; ` +
      "on the diagonal confidence and accuracy agree.", "confidence", x, [
      { name: "accuracy", values: filled.map(bin => bin[4]), points: true }, { name: "agreement", values: x, thin: true }],
    { range: [0, 1], square: true });
    return section("calibration", "Calibration", element("p", { id: "ece", "data-value": error }, "Expected calibration error: " +
      percent(error) + ". It is Σ (n of bin ÷ n) · |accuracy of bin − confidence of bin|, equation 3 of Guo, Pleiss, Sun and " +
      "Weinberger, “On Calibration of Modern Neural Networks” (2017)."),
    element("div", { class: "grid" }, diagram, figure("Bins of confidence", "", () => csvOf(names, bins),
      table("Bins of confidence", names, bins))));
  }

  function mistakes(data) {
    if (!data.mistakes?.length) return null;
    const names = ["name", "label", "predicted", "confidence", "probability of the label"];
    const rows = data.mistakes.map(one => [one.name, one.label, one.predicted, one.confidence, one.right]);
    return section("mistakes", "Surest mistakes", figure("Wrong answers", data.mistakesWords, () => csvOf(names, rows),
      element("ol", { class: "pictures" }, ...data.mistakes.map(one => element("li", {},
        element("img", { src: one.picture, alt: `${one.name}: ${one.label}, taken for ${one.predicted}` }),
        element("strong", {}, `${one.label} taken for ${one.predicted}`), element("br"),
        `${percent(one.confidence)}; the label got ${percent(one.right)}`, element("br"), one.name)))));
  }

  function filters(data) {
    if (!data.filters?.length) return null;
    return section("filters", "Filters over time", figure("Filters of " + data.filtersOf,
      "Each filter over its own range. Grey is 0; of three input channels they are red, green and blue.", null,
      element("ol", { class: "pictures filters" }, ...data.filters.map(one => element("li", {},
        element("img", { src: one.picture, alt: `Filters of ${data.filtersOf} ${one.when}` }), one.when)))));
  }

  function times(data) {
    if (!data.times?.length) return null;
    const names = ["layer", "kind", "kernel", "output", "microseconds", "part"];
    const whole = data.times.reduce((sum, row) => sum + row[4], 0) || 1;
    const rows = data.times.map(row => [...row, row[4] / whole]);
    const shown = table("Time per layer", names, rows, "times");
    shown.querySelectorAll("tbody tr").forEach((row, i) => {
      const part = rows[i][5];
      row.lastChild.replaceChildren((100 * part).toFixed(1) + " % ", element("span",
        { class: "bar", style: `width: ${(6 * part).toFixed(2)}rem`, "aria-hidden": "true" }));
    });
    return section("times", "Time per layer", figure("Layers of the compiled model", data.timesWords, () => csvOf(names, rows), shown));
  }

  function roofline(data) {
    if (!data.roof) return null;
    const { peak, levels, words } = data.roof, nodes = data.nodes.filter(row => row[4] !== null);
    if (!nodes.length) return section("roofline", "Roofline", element("p", {}, words));
    const corners = levels.map(level => peak / level[1]), own = nodes.map(row => row[7]);
    const ends = [Math.min(...corners, ...own) / 2, Math.max(...corners, ...own) * 2];
    const points = [...[...ends, ...corners].map(x => ({ x })), ...nodes.map(row => ({ x: row[7], y: row[4], name: row[0], time: row[2] }))]
      .sort((a, b) => a.x - b.x);
    const shown = chart("Nodes under the roofline", "A dot is a node with multiply-adds: GFLOP/s over multiply-adds and adds per byte of " +
      "its inputs, output and weights; the pointer names the nearest. A line is the peak, cut off by what a level of memory can bring.",
    "FLOP per byte",
    points.map(point => point.x), [
      { name: "node", column: "GFLOP/s", values: points.map(point => point.y ?? null), dots: true },
      ...levels.map(([name, gigabytes]) => ({ name: "roof of " + name, values: points.map(point => Math.min(peak, gigabytes * point.x)) })),
    ], { log: true, xLog: true, yName: "GFLOP/s",
      key: { name: "node", values: points.map(point => point.name ?? ""), weights: points.map(point => point.time ?? 0) } });
    return section("roofline", "Roofline", element("p", {}, words), shown);
  }

  function nodes(data) {
    if (!data.nodes) return null;
    const names = ["node", "kernel", "median µs", "part", "GFLOP/s", "bound µs", "part of roof", "FLOP per byte", "computes", "output",
      "best µs", "GB/s", "bytes"];
    const shown = table("Time per node", names, data.nodes, "times nodes");
    shown.querySelectorAll("tbody tr").forEach((row, i) => {
      const [part, roof] = [data.nodes[i][3], data.nodes[i][6]];
      row.children[3].replaceChildren(percent(part) + " ", element("span",
        { class: "bar", style: `width: ${(6 * part).toFixed(2)}rem`, "aria-hidden": "true" }));
      row.children[6].replaceChildren(percent(roof));
    });
    const kernelNames = ["kernel", "nodes", "median µs", "part", "GFLOP/s", "part of roof"];
    const kernels = table("Kernels", kernelNames, data.kernels, "kernels");
    kernels.querySelectorAll("tbody tr").forEach((row, i) =>
      [3, 5].forEach(k => row.children[k].replaceChildren(percent(data.kernels[i][k]))));
    return section("nodes", "Nodes and kernels",
      figure("Kernels chosen", "Nodes of the same kernel together.", () => csvOf(kernelNames, data.kernels), kernels),
      figure("Time per node", "In the order in which they run; each figure is of the median.", () => csvOf(names, data.nodes), shown));
  }

  function arena(data) {
    if (!data.arena) return null;
    const { bytes, words, steps, blocks } = data.arena, names = ["activation", "offset", "bytes", "first step", "last step"];
    if (!blocks.length) return section("arena", "Memory", element("p", {}, words));
    const rows = blocks.map(([name, offset, size, first, last]) => [name, offset, size, steps[first], steps[last]]);
    const svg = (tag, attributes, ...children) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      node.append(...children);
      return node;
    };
    const kib = value => value >= 1 << 20 ? (value / (1 << 20)).toFixed(1) + " MiB" : Math.round(value / 1024) + " KiB";
    const [width, height, left, top] = [1000, 300, 70, 10], x = step => left + (width - left) * step / steps.length;
    const y = offset => top + height * (1 - offset / bytes), live = steps.map((_, step) => blocks.reduce((sum, block) =>
      sum + (block[3] <= step && step <= block[4] ? block[2] : 0), 0));
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height + top + 24}`, role: "img", class: "arena" },
    svg("title", {}, `Arena over steps: ${blocks.length} activations in ${bytes} bytes over ${steps.length} steps.`),
    ...[0, .25, .5, .75, 1].flatMap(part => [svg("line", { x1: left, x2: width, y1: y(part * bytes), y2: y(part * bytes), class: "tick" }),
      svg("text", { x: left - 6, y: y(part * bytes) + 4, "text-anchor": "end" }, kib(part * bytes))]),
    ...blocks.map(([name, offset, size, first, last], i) => svg("rect", { x: x(first), y: y(offset + size), width: x(last + 1) - x(first),
      height: Math.max(height * size / bytes, .5), style: `fill: var(${colours[i % colours.length]})` },
    svg("title", {}, `${name}: ${size.toLocaleString("en")} bytes at ${offset.toLocaleString("en")}, ${steps[first]} to ${steps[last]}`))),
    svg("polyline", { class: "live", points: live.flatMap((sum, step) => [`${x(step)},${y(sum)}`, `${x(step + 1)},${y(sum)}`]).join(" ") }),
    svg("text", { x: left, y: height + top + 18 }, steps[0]),
    svg("text", { x: width, y: height + top + 18, "text-anchor": "end" }, steps.at(-1)));
    return section("arena", "Memory", element("p", {}, words), figure("Arena over steps", "The line is what is alive. A step is as " +
      "wide as any other.", () => csvOf(names, rows), picture, tableBehind("Activations", names, rows)));
  }

  function configuration(data) {
    const names = ["name", "value"];
    return section("configuration", "Configuration", figure("Options and machine", "", () => csvOf(names, data.configuration),
      table("Configuration", names, data.configuration, "words")));
  }

  function render(data) {
    charts.splice(0).forEach(one => one.plot?.destroy());
    document.title = data.title;
    document.getElementById("title").textContent = data.title;
    document.getElementById("state").textContent = data.state;
    const parts = [
      section("summary", "Summary", facts(data.summary), data.warnings?.length
        ? element("div", {}, element("h3", { style: "margin: .9rem 0 .4rem" }, "Warnings"),
          element("ul", { class: "warnings" }, ...data.warnings.map(words => element("li", {}, words)))) : null),
      data.epochs ? curves(data) : null, data.layers ? layers(data) : null, filters(data), classes(data), calibration(data),
      mistakes(data), times(data), roofline(data), nodes(data), arena(data), configuration(data),
    ].filter(part => part);
    document.getElementById("content").replaceChildren(...parts);
    document.getElementById("contents").replaceChildren(...parts.map(part => element("li", {},
      element("a", { href: "#" + part.id }, part.querySelector("h2").textContent))));
    redraw(false);
  }

  render(JSON.parse(document.getElementById("data").textContent));
  new ResizeObserver(() => redraw(false)).observe(document.querySelector("header"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw(true));
  if (document.documentElement.dataset.live !== undefined) {
    const events = new EventSource("/events");
    events.onmessage = event => {
      const focus = document.activeElement?.getAttribute("aria-label"), top = scrollY;
      render(JSON.parse(event.data));
      scrollTo(0, top);
      if (focus) [...document.querySelectorAll("[aria-label]")].find(node => node.getAttribute("aria-label") === focus)?.focus();
    };
    events.addEventListener("end", () => { events.close(); say("The training has ended."); });
    events.onerror = () => { document.getElementById("state").textContent = "The training has ended, or its page cannot be reached."; };
  }
})();
