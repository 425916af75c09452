// Charts. Plotly is large, so it is fetched when the first one is drawn, and on no other page.
import { useEffect, useRef, useState } from "react";

// Told apart by people who see no red or no green (Okabe and Ito); the theme's own blue comes first.
const SERIES = ["#e08a1e", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b7a300", "#8c6bb1"];
const NOBODY = "#9a9fa8";
const OTHERS = "#c9cdd4";
const MOST_SLICES = 8; // as many as there are colours

function colours(box) {
  const probe = box.appendChild(document.createElement("i"));
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = { brand: read("--brand"), ink: read("--ink"), quiet: read("--ink-2"), line: read("--line"), surface: read("--surface") };
  probe.remove();
  return found;
}

// Plotly takes signs in a text for markup, and equal names in a pie for one slice.
const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const apart = (names) => names.map((name, index) => plain(name) + "\u200b".repeat(names.slice(0, index).filter((one) => one === name).length));

function ticks(rows, most) {
  const step = Math.ceil(rows.length / most);
  const shown = rows.map((row, index) => index).filter((index) => index % step === 0);
  return { tickvals: shown, ticktext: shown.map((index) => plain(rows[index].label).replace(/\n/g, "<br>")) };
}

function courseTraces(rows, labels, theme) {
  const line = (key, colour, dash) => ({
    type: "scatter", mode: rows.length > 1 ? "lines" : "lines+markers", name: labels[key], x: apart(rows.map((row) => row.label)), y: rows.map((row) => row[key]),
    line: { color: colour, width: 2.5, dash }, hovertemplate: "<b>%{y}</b><extra>%{fullData.name}</extra>",
  });
  return [line("new", theme.brand, "solid"), line("closed", SERIES[1], "dash"), line("backlog", SERIES[0], "dot")];
}

// Those with the most, the others together (a single other is shown as well), and what is nobody's; the table tells of
// each.
function slices(rows, labels) {
  const shown = rows.filter((row) => row.new > 0), people = shown.filter((row) => row.id).sort((one, two) => two.new - one.new);
  const rest = people.slice(people.length > MOST_SLICES + 1 ? MOST_SLICES : people.length);
  const others = { name: labels.others.replace("{number}", rest.length), new: rest.reduce((sum, row) => sum + row.new, 0), shade: OTHERS };
  return [...shown.filter((row) => row.id && !rest.includes(row)), ...(rest.length ? [others] : []), ...shown.filter((row) => !row.id)];
}

const briefly = (name, most = 18) => ([...name].length > most ? `${[...name].slice(0, most - 1).join("").trimEnd()}…` : name);

function pieTraces(rows, labels, theme) {
  const shown = slices(rows, labels);
  const shades = shown.map((row, index) => row.shade ?? (row.id ? [theme.brand, ...SERIES, OTHERS][index] : NOBODY));
  return [{
    type: "pie", hole: 0.55, sort: false, direction: "clockwise", labels: apart(shown.map((row) => briefly(row.name))),
    customdata: shown.map((row) => plain(row.name)), values: shown.map((row) => row.new), meta: shown.map((row) => rows.indexOf(row)), marker: { colors: shades, line: { color: theme.surface, width: 2 } },
    texttemplate: "%{percent:.0%}", textposition: "inside", insidetextorientation: "horizontal", hovertemplate: "%{customdata}: <b>%{value}</b> (%{percent})<extra></extra>",
  }];
}

// Lying, so that their names need no turned letters.
function barTraces(rows, theme) {
  return [{
    type: "bar", orientation: "h", y: rows.map((_, index) => index), x: rows.map((row) => row.quantity), customdata: rows.map((row) => plain(row.label)),
    text: rows.map((row) => row.quantity), textposition: "auto", textangle: 0, cliponaxis: false,
    marker: { color: theme.brand }, hovertemplate: "%{customdata}: <b>%{x}</b><extra></extra>",
  }];
}

function userTraces(rows, labels, theme) {
  const shown = rows.filter((row) => row.new || row.closed);
  const bars = (key, color) => ({
    type: "bar", name: labels[key], x: shown.map((_, index) => index), y: shown.map((row) => row[key]),
    customdata: shown.map((row) => plain(row.name)), meta: shown.map((row) => rows.indexOf(row)),
    marker: { color },
    hovertemplate: "%{customdata}: <b>%{y}</b><extra>%{fullData.name}</extra>",
  });
  return [bars("new", theme.brand), bars("closed", SERIES[1])];
}

// What stays empty of each place, so that a few bars are no wider than many.
function gap(kind, rows, width, height) {
  const [room, wanted] = kind === "bars" ? [height, 32] : [width, 72];
  return 1 - Math.min(0.7, (wanted * rows.length) / room);
}

const LEGEND = ["course", "pie", "users"];
const counts = (kind, row) => (kind === "pie" ? [row.new] : [row.new ?? 0, row.closed ?? 0, row.backlog ?? 0, row.quantity ?? 0]);
const most = (kind, rows) => Math.max(0, ...rows.flatMap((row) => counts(kind, row)));

// In place of axes that measure nothing.
function nothingIn(words, theme) {
  const middle = { x: 0.5, y: 0.5, xref: "paper", yref: "paper", showarrow: false, font: { color: theme.quiet } };
  return { height: 240, annotations: [{ ...middle, text: plain(words) }], xaxis: { visible: false }, yaxis: { visible: false }, showlegend: false };
}

// A line that runs along an edge is cut in half there: a little more than what is drawn is shown.
function edges(kind, rows) {
  if (kind !== "course" || rows.length < 2) return {};
  const top = most(kind, rows), last = rows.length - 1, side = last / 100;
  return { across: { range: [-side, last + side] }, up: { range: [-top / 80, top * 1.06] } };
}

// A person's first name; what is nobody's in all its words, one below the other.
const shortly = (row) => (row.id ? briefly(row.name.split(" ")[0]) : row.name.replace(/ /g, "\n"));

function layout(kind, rows, labels, theme, width) {
  const named = kind === "users" || kind === "pie" ? rows.filter((row) => row.new || row.closed).map((row) => ({ label: shortly(row) })) : rows;
  const line = { color: theme.quiet, gridcolor: theme.line, zeroline: false, fixedrange: true, automargin: true };
  const room = kind !== "course" ? 52 : rows.some((row) => row.label.length > 8) ? 104 : 74;
  // Where one look tells of several lines, its heading is the place on the axis: a name, not a number.
  const type = kind === "course" ? "category" : "linear";
  const { across, up } = edges(kind, rows);
  const x = { ...line, ...across, type, showgrid: false, ticklabelstandoff: kind === "course" ? 4 : 0, ...ticks(named, Math.max(3, Math.floor(width / room))) };
  const y = { ...line, ...up, rangemode: "tozero", tickformat: ",d", ...(most(kind, rows) < 5 ? { dtick: 1 } : { nticks: 5 }) };
  const lying = { xaxis: { ...y, showticklabels: false, showgrid: false }, yaxis: { ...x, ...ticks(named.map((row) => ({ label: briefly(row.label, 28) })), rows.length), autorange: "reversed", ticklabelstandoff: 8 } };
  const height = kind === "course" || kind === "pie" ? 280 : Math.max(240, kind === "bars" ? 26 * rows.length : 0);
  return {
    autosize: true, height, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.ink, size: 12, family: getComputedStyle(document.body).fontFamily },
    margin: { l: 8, r: 8, t: 8, b: 8 }, hovermode: kind === "course" ? "x unified" : "closest", bargap: gap(kind, named, width, height),
    uniformtext: { minsize: 11, mode: "hide" }, // what is too narrow for its number is told by hover and table
    separators: document.documentElement.lang.startsWith("es") ? ",." : ".,",
    hoverlabel: { bgcolor: theme.surface, bordercolor: theme.line, font: { color: theme.ink } },
    showlegend: LEGEND.includes(kind), legend: { orientation: "h", y: -0.16, x: 0, ...(kind === "pie" ? { entrywidth: 0.5, entrywidthmode: "fraction" } : {}) },
    ...(kind === "pie" ? {} : kind === "bars" ? lying : { xaxis: x, yaxis: y }), ...(most(kind, rows) ? {} : nothingIn(labels.nothing, theme)),
  };
}

function draw(kind, rows, labels, theme) {
  if (kind === "course") return courseTraces(rows, labels, theme);
  if (kind === "pie") return pieTraces(rows, labels, theme);
  return kind === "users" ? userTraces(rows, labels, theme) : barTraces(rows, theme);
}

// The drawing is one picture with a name; the button beside it stays a button (nothing inside an img can be one).
function name(box, label) {
  box.querySelectorAll(".main-svg").forEach((layer, number) => {
    layer.setAttribute(...(number ? ["aria-hidden", "true"] : ["role", "img"]));
    if (!number) layer.setAttribute("aria-label", label);
  });
}

function useTheme() {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const note = () => setChanges((number) => number + 1);
    const watcher = new MutationObserver(note);
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", note);
    return () => { watcher.disconnect(); system.removeEventListener("change", note); };
  }, []);
  return changes;
}

function saved(name, href) {
  const link = document.createElement("a");
  link.download = name;
  link.href = href;
  link.click();
}

// Draws what the table shows: its cells with their colours, as they are.
function picture(table) {
  const scale = 2, frame = table.getBoundingClientRect(), canvas = document.createElement("canvas");
  canvas.width = frame.width * scale;
  canvas.height = frame.height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(table.closest(".panel")).backgroundColor;
  pen.fillRect(0, 0, frame.width, frame.height);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  table.querySelectorAll("th, td").forEach((cell) => {
    const style = getComputedStyle(cell), box = cell.getBoundingClientRect(), left = box.left - frame.left, top = box.top - frame.top;
    pen.fillStyle = style.backgroundColor;
    pen.fillRect(left, top, box.width, box.height);
    pen.fillStyle = style.color;
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    pen.fillText(cell.textContent, left + box.width / 2, top + box.height / 2);
  });
  return canvas.toDataURL("image/png");
}

function Tools({ labels, csv, onPicture }) {
  return (
    <div className="chart-tools">
      <button type="button" title={labels.png} aria-label={labels.png} onClick={onPicture}>PNG</button>
      {csv && <a href={csv} download title={labels.csv} aria-label={labels.csv}>CSV</a>}
    </div>
  );
}

export function TableSave({ label, labels, csv }) {
  const box = useRef(null);
  const save = () => saved(`${label}.png`, picture(box.current.closest(".panel").querySelector("table")));
  return <div ref={box}><Tools labels={labels} csv={csv} onPicture={save} /></div>;
}

// Where one look tells of several lines, a click is meant for the nearest of them.
function meant(points, { clientY }, box) {
  const top = box.getBoundingClientRect().top;
  const away = ({ y, yaxis }) => Math.abs(top + yaxis._offset + yaxis.d2p(y) - clientY);
  return points.reduce((nearest, one) => (one.yaxis && away(one) < away(nearest) ? one : nearest));
}

export function Chart({ kind, rows, labels, label, csv, onPick }) {
  const box = useRef(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const theme = useTheme();
  useEffect(() => {
    let isGone = false;
    import("plotly.js-basic-dist-min").then(async (module) => {
      const plotly = module.default ?? module;
      if (isGone || !box.current) return;
      const chosen = colours(box.current);
      const config = { displayModeBar: false, responsive: true };
      await plotly.react(box.current, most(kind, rows) ? draw(kind, rows, labels, chosen) : [], layout(kind, rows, labels, chosen, box.current.clientWidth), config);
      if (box.current) name(box.current, label);
      box.current?.removeAllListeners?.("plotly_click");
      box.current?.on?.("plotly_click", ({ points, event }) => {
        const point = meant(points, event, box.current);
        const which = point.data.meta?.[point.pointNumber] ?? point.pointNumber;
        if (which >= 0) pick.current?.(point.curveNumber ?? 0, which); // the others together are nobody's list
      });
    });
    return () => { isGone = true; };
  }, [kind, JSON.stringify(rows), JSON.stringify(labels), label, theme]);
  useEffect(() => {
    const drawn = box.current;
    return () => { import("plotly.js-basic-dist-min").then((module) => (module.default ?? module).purge(drawn)); };
  }, []);
  const save = async () => {
    const module = await import("plotly.js-basic-dist-min");
    const shown = { format: "png", scale: 2, width: box.current.clientWidth, height: box.current.clientHeight };
    saved(`${label}.png`, await (module.default ?? module).toImage(box.current, shown));
  };
  return <><div ref={box} className={`chart ${kind}`} /><Tools labels={labels} csv={csv} onPicture={save} /></>;
}
