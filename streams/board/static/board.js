// The live board. Whatever comes from the server goes into the page as text, never as markup.
"use strict";

const MOST = 1000;
const TOP = 80;
const byId = (id) => document.getElementById(id);
const list = byId("stories");
const rows = new Map(); // by story, the latest last
const items = new Map(); // the elements of those that are in the list
const waiting = new Map(); // what came while somebody reads: shown when asked for
let alertsOnly = true;
let words = [];
let opened = null;
let stream = null;
let live = false;

function element(name, className, ...inside) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inside.filter((each) => each !== null && each !== undefined && each !== ""));
  return made;
}

function marked(parts) {
  return parts.map(([text, term]) => {
    if (term === null) return text;
    const mark = element("mark", "", text);
    if (term) mark.title = term;
    return mark;
  });
}

function text(name, className, parts) {
  const made = element(name, className, ...marked(parts));
  made.dir = "auto"; // news is in all scripts
  return made;
}

function about(...inside) {
  const kept = inside.filter(Boolean);
  return element("span", "about", ...kept.map((each) => (each instanceof Node ? each : element("span", "", each))));
}

const spans = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });

function time(iso) {
  if (!iso) return null;
  const made = element("time", "");
  made.dateTime = iso;
  made.title = new Date(iso).toLocaleString();
  tell(made);
  return made;
}

function tell(made) {
  const seconds = (new Date(made.dateTime) - Date.now()) / 1000;
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([s]) => -seconds >= s) || [1, "second"];
  made.textContent = unit === "second" ? "now" : spans.format(Math.round(seconds / size), unit);
}

const counted = (number, one, many) => `${number} ${number === 1 ? one : many}`;

function ruleOf(rule) {
  const state = ["escalated", "resolved"].includes(rule.state) ? rule.state : null;
  const how = [rule.modality, state].filter(Boolean).join(", ");
  return element("span", `rule ${rule.severity}`, rule.rule, " ", element("small", "", how));
}

function lineOf(row) {
  const line = element(
    "button", "line",
    text("span", "title", row.title),
    about(
      ...row.rules.map(ruleOf), row.sources.join(", "),
      row.size > 1 ? `${counted(row.size, "article", "articles")}, ${counted(row.publishers, "publisher", "publishers")}` : null,
      time(row.time), row.language && row.language !== "en" ? row.language : null, row.entities.slice(0, 4).join(" · "),
    ),
    row.sentence.length ? text("span", "sentence", row.sentence) : null,
  );
  line.setAttribute("aria-expanded", String(opened === row.story));
  line.addEventListener("click", () => toggle(row.story));
  return line;
}

function linked(title, url) {
  const shown = title.length ? marked(title) : ["(no title)"];
  if (!url) return element("bdi", "", ...shown);
  const link = element("a", "", ...shown);
  link.href = url; // http or https, as the server has looked
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.dir = "auto";
  return link;
}

function alertOf(alert) {
  const quiet = alert.suppressed ? `nobody told: ${alert.suppressed}` : null;
  return element(
    "li", "",
    element("p", "", ruleOf(alert), " ", linked(alert.title, alert.url)),
    about(alert.state, alert.source, quiet, time(alert.time)),
    ...alert.evidence.map((each) => element("p", "evidence", element("span", "", each.modality), text("span", "", each.sentence))),
  );
}

function articleOf(article) {
  const verdict = article.verdict === "new" ? null : article.verdict === "revision" ? "revised" : `${article.verdict} copy`;
  const shared = article.shared && article.verdict === "near" ? `${Math.round(article.shared * 100)} % in common` : null;
  const published = article.published ? `published ${article.published.replace("T", " ").replace(/:\d\d\+00:00$/, "")}` : null;
  const lead = element("p", "", article.lead);
  lead.dir = "auto";
  return element(
    "li", "",
    element("p", "", linked(article.title ? [[article.title, null]] : [], article.url)),
    about(article.source, published, time(article.time), verdict, shared, ...article.flags),
    verdict ? null : lead,
    article.copies && article.copies.length ? copiesOf(article.copies) : null,
  );
}

function copiesOf(copies) {
  const summary = element("summary", "", counted(copies.length, "copy", "copies"));
  return element("details", "", summary, element("ul", "", ...copies.map(articleOf)));
}

function wholeOf(story) {
  const parts = [];
  if (story.alerts.length) parts.push(element("h2", "", "Alerts"), element("ul", "", ...story.alerts.map(alertOf)));
  if (story.articles.length) parts.push(element("h2", "", "Articles"), element("ul", "", ...story.articles.map(articleOf)));
  return element("div", "whole", ...parts);
}

function wanted(row) {
  if (row.story === opened) return true;
  if (alertsOnly && !row.rules.length) return false;
  if (!words.length) return true;
  const all = [
    ...row.title.map(([part]) => part), ...row.sentence.map(([part]) => part), ...row.sources, ...row.entities,
    ...row.rules.map((rule) => rule.rule), row.severity || "",
  ].join(" ").toLowerCase();
  return words.every((word) => all.includes(word));
}

function draw(row, fresh) {
  let item = items.get(row.story);
  if (!item) {
    item = element("li", "");
    items.set(row.story, item);
  }
  item.className = `story ${row.severity || ""} ${fresh ? "fresh" : ""}`;
  const focused = item.contains(document.activeElement) && document.activeElement.classList.contains("line");
  const whole = item.querySelector(".whole");
  item.replaceChildren(lineOf(row), ...(whole ? [whole] : []));
  if (focused) item.firstChild.focus({ preventScroll: true });
  return item;
}

function drawAll() {
  items.clear();
  const shown = [...rows.values()].reverse().filter(wanted);
  list.replaceChildren(...shown.map((row) => draw(row, false)));
  if (opened) fill(opened);
  tellNone();
}

function tellNone() {
  byId("none").hidden = list.childElementCount > 0;
  byId("none").textContent = words.length
    ? "Nothing here has these words."
    : alertsOnly ? "No alerts yet. “All stories” shows what flows." : "No articles yet: wirewatch publish FILE";
}

const reading = () => opened !== null || window.scrollY > TOP;

function take(changes) {
  for (const [gone, into] of Object.entries(changes.moved)) move(gone, into);
  for (const row of changes.rows) {
    if (items.has(row.story) && (reading() || row.story === opened)) {
      keep(row);
      draw(row, true);
      if (row.story === opened) fill(opened);
    } else if (reading()) {
      waiting.delete(row.story);
      waiting.set(row.story, row);
    } else {
      putFirst(row);
    }
  }
  tellWaiting();
  tellNone();
}

function move(gone, into) {
  rows.delete(gone);
  waiting.delete(gone);
  items.get(gone)?.remove();
  items.delete(gone);
  if (opened === gone) open(into);
}

function keep(row) {
  rows.delete(row.story);
  rows.set(row.story, row);
  if (rows.size <= MOST) return;
  const [oldest] = rows.keys();
  rows.delete(oldest);
  items.get(oldest)?.remove();
  items.delete(oldest);
}

function putFirst(row) {
  keep(row);
  if (wanted(row)) list.prepend(draw(row, true));
}

function tellWaiting() {
  const count = [...waiting.values()].filter(wanted).length;
  byId("more").hidden = count === 0;
  byId("more").textContent = `${counted(count, "story", "stories")} new or changed`;
  document.title = count ? `(${count}) wirewatch` : "wirewatch";
}

function showWaiting() {
  window.scrollTo(0, 0);
  const held = [...waiting.values()];
  waiting.clear();
  held.forEach(putFirst);
  tellWaiting();
}

function toggle(story) {
  if (opened === story) close();
  else open(story);
}

function open(story) {
  if (opened && opened !== story) shut(opened);
  opened = story;
  history.replaceState(null, "", `#${encodeURIComponent(story)}`);
  items.get(story)?.firstChild.setAttribute("aria-expanded", "true");
  fill(story);
}

function close() {
  if (!opened) return;
  const story = opened;
  opened = null;
  shut(story);
  history.replaceState(null, "", location.pathname + location.search);
}

function shut(story) {
  const item = items.get(story);
  item?.querySelector(".whole")?.remove();
  item?.firstChild.setAttribute("aria-expanded", "false");
}

async function fill(story) {
  let answer;
  try {
    answer = await fetch(`story?id=${encodeURIComponent(story)}`);
  } catch {
    return; // it is told that the board is away, and drawn again when it is back
  }
  if (opened !== story) return;
  if (!answer.ok) {
    byId("waiting").hidden = false;
    byId("waiting").textContent = "The story of this link is not among the latest; `wirewatch stories` may know it.";
    close();
    return;
  }
  const found = await answer.json();
  if (opened !== story) return;
  if (found.story !== story) { // it has merged into another
    open(found.story);
    return;
  }
  if (!items.has(story)) putFirst(found);
  const item = items.get(story);
  item.querySelector(".whole")?.remove();
  item.append(wholeOf(found));
}

function connect(after) {
  stream?.close();
  stream = new EventSource(`events?after=${encodeURIComponent(after)}`);
  stream.onopen = () => state(true);
  stream.onmessage = (event) => {
    const changes = JSON.parse(event.data);
    status(changes.status);
    take(changes);
  };
  stream.addEventListener("resync", begin); // it has missed more than the server keeps
  stream.onerror = () => {
    state(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(begin, 2000);
  };
}

async function begin() {
  stream?.close();
  try {
    const found = await (await fetch("stories")).json();
    rows.clear();
    waiting.clear();
    found.rows.forEach(keep);
    status(found.status);
    drawAll();
    tellWaiting();
    connect(found.after);
  } catch {
    state(false);
    setTimeout(begin, 2000);
  }
}

function state(isLive) {
  live = isLive;
  byId("state").textContent = live ? "live" : "the board is away";
  byId("state").className = live ? "live" : "";
}

function status(why) {
  byId("waiting").hidden = !why;
  byId("waiting").textContent = why;
}

function show(alerts) {
  alertsOnly = alerts;
  byId("alerts").setAttribute("aria-pressed", String(alerts));
  byId("all").setAttribute("aria-pressed", String(!alerts));
  drawAll();
  tellWaiting();
}

function step(by) {
  const lines = [...list.querySelectorAll(":scope > .story > .line")];
  const at = lines.findIndex((line) => line.parentElement.contains(document.activeElement));
  const next = lines[at < 0 ? 0 : Math.max(0, Math.min(lines.length - 1, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

async function read() {
  const story = [...items].find(([, item]) => item.contains(document.activeElement))?.[0] ?? opened;
  if (!story) return;
  const found = await (await fetch(`story?id=${encodeURIComponent(story)}`)).json();
  const url = [...(found.alerts || []), ...(found.articles || [])].find((each) => each.url)?.url;
  if (url) window.open(url, "_blank", "noopener,noreferrer");
}

const KEYS = {
  j: () => step(1), k: () => step(-1), v: read, a: () => show(!alertsOnly), ".": showWaiting,
  "/": () => byId("filter").focus(), Escape: close,
};

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing && event.key === "Escape") event.target.blur();
  if (typing || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
byId("alerts").addEventListener("click", () => show(true));
byId("all").addEventListener("click", () => show(false));
byId("more").addEventListener("click", showWaiting);
byId("filter").addEventListener("input", (event) => {
  words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  drawAll();
  tellWaiting();
});
window.addEventListener("hashchange", () => openLinked());
window.addEventListener("scroll", () => { if (!reading() && waiting.size) showWaiting(); }, { passive: true });
setInterval(() => document.querySelectorAll("time").forEach(tell), 30000);

function openLinked() {
  const story = decodeURIComponent(location.hash.slice(1));
  if (story && story !== opened) open(story);
}

begin().then(openLinked);
