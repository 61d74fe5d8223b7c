// Keeps an open page up to date. Every event holds the whole changing part; without this script the page reloads itself.
"use strict";
const page = document.getElementById("page");
const said = document.getElementById("said");

function entryOf(version) {
  const dash = version.lastIndexOf("-");
  return { journal: version.slice(0, dash), entry: Number(version.slice(dash + 1)) };
}

function isEarlier(version) {
  const now = entryOf(page.dataset.version);
  const next = entryOf(version);
  return next.journal === now.journal && next.entry < now.entry;
}

function announce() {
  const words = page.querySelector("[data-title]").textContent;
  document.title = words;
  if (said.textContent !== words) said.textContent = words;
}

function follow() {
  const source = new EventSource(page.dataset.live);
  source.onmessage = (event) => {
    if (isEarlier(event.lastEventId)) return;
    page.innerHTML = event.data;
    page.dataset.version = event.lastEventId;
    announce();
  };
  source.onerror = () => {
    // Refused for good, by a full agent or a proxy: the browser tries no more, so poll as a page without script does.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 20000);
  };
}

if (page && page.dataset.live) {
  document.title = page.querySelector("[data-title]").textContent;
  follow();
}
