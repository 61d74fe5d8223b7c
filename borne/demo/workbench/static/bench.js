// The workbench in the browser: shows what the server sees of the devices, and passes hands on to them.
// Rule: nothing is remembered here about the centre; a reload shows the same.

const LAMP_DELAY_MS = 250; // lamps are shown this late, so that their rhythm survives the way here
const FINGER_MS = 60; // a hand rests on a button this long at least; the contact is debounced over 20 ms
const SAYS = {
  off: "nobody waits, or off duty",
  steady: "somebody waits",
  "double-flash": "not connected",
  "one-long": "yes",
  "three-short": "no",
  "fast-blink": "somebody calls the team",
  "one-tick": "let go now: undo",
  "two-ticks": "let go now: leave",
};
const SOUNDS = { "fast-blink": "the buzzer rings", "two-tones": "the buzzer: first patient" };

const find = (selector, root = document) => root.querySelector(selector);

async function post(path, body) {
  await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

// --- screens -------------------------------------------------------------------------------------------------------

class Screen {
  constructor(name) {
    this.name = name;
    this.image = find(`#${name}-panel img`);
    this.away = find(`#${name}-panel .away`);
    this.shown = undefined;
    this.wanted = undefined;
    this.isLoading = false;
  }

  see(number) {
    const reason = number === null ? "starting…" : number === "window" ? "in a window of its own" : "";
    this.away.textContent = reason;
    this.image.style.opacity = reason ? 0.15 : 1;
    this.wanted = reason ? undefined : number;
    this.load();
  }

  async load() {
    if (this.isLoading || this.wanted === undefined || this.wanted === this.shown) return;
    this.isLoading = true;
    const number = this.wanted;
    const next = new Image();
    next.src = `/bench/screens/${this.name}?frame=${number}`;
    try {
      await next.decode();
      this.image.src = next.src;
    } catch {
      // The device went away between two looks; the next look says so.
    }
    this.shown = number;
    this.isLoading = false;
    this.load();
  }
}

const screens = Object.fromEntries(["kiosk", "display", "room-1"].map((name) => [name, new Screen(name)]));

for (const name of ["kiosk", "room-1"]) {
  screens[name].image.addEventListener("pointerdown", (event) => touch(name, event));
}

function touch(name, event) {
  const image = event.currentTarget;
  const x = Math.floor((event.offsetX / image.clientWidth) * (image.naturalWidth || 1));
  const y = Math.floor((event.offsetY / image.clientHeight) * (image.naturalHeight || 1));
  post(`/bench/screens/${name}/touch`, { x, y });
  const finger = document.createElement("span");
  finger.className = "finger";
  finger.style.left = `${image.offsetLeft + event.offsetX}px`;
  finger.style.top = `${image.offsetTop + event.offsetY}px`;
  image.parentElement.append(finger);
  finger.addEventListener("animationend", () => finger.remove());
  setTimeout(() => finger.remove(), 1000);
}

// --- hands on buttons ----------------------------------------------------------------------------------------------

class Hand {
  constructor(path) {
    this.path = path;
    this.moves = Promise.resolve();
  }

  wire(push) {
    push.addEventListener("pointerdown", (event) => {
      push.setPointerCapture(event.pointerId);
      this.move(push, true);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture", "keyup", "blur"]) {
      push.addEventListener(end, () => this.move(push, false));
    }
    push.addEventListener("keydown", (event) => {
      if ([" ", "Enter"].includes(event.key) && !event.repeat) this.move(push, true);
    });
  }

  move(push, isDown) {
    if (push.classList.contains("down") === isDown) return;
    push.classList.toggle("down", isDown);
    // One after the other: a release must not overtake its press.
    this.moves = this.moves
      .then(() => post(this.path, { button: push.dataset.button, down: isDown }))
      .then(() => isDown && new Promise((rested) => setTimeout(rested, FINGER_MS)))
      .catch(() => {});
  }
}

// --- the kiosk's key and voice -------------------------------------------------------------------------------------

new Hand("/bench/key").wire(find("#key"));

const voice = { list: find("#said"), said: "" };

function hear(breaths) {
  const said = JSON.stringify(breaths);
  if (said === voice.said) return;
  voice.said = said;
  voice.list.replaceChildren(...(breaths ?? []).map(subtitle));
}

function subtitle(text) {
  const line = document.createElement("li");
  line.dir = "auto";
  line.textContent = text.startsWith("♪") ? text : `♪ ${text}`;
  return line;
}

// --- rooms ---------------------------------------------------------------------------------------------------------

class Room {
  constructor(id) {
    this.hand = new Hand(`/bench/rooms/${id}`);
    this.playedMs = -Infinity;
    const article = find("#room").content.cloneNode(true).firstElementChild;
    find("h3", article).textContent = id === "room-care" ? "Care room" : `Room ${id.replace(/^room-/, "")}`;
    this.lamp = find(".lamp", article);
    this.says = find(".says", article);
    for (const push of article.querySelectorAll("[data-button]")) this.hand.wire(push);
    find("#rooms").append(article);
  }

  see(lamp, nowMs) {
    if (lamp === null) {
      this.says.textContent = "starting…";
      this.lamp.classList.remove("lit");
      this.playedMs = -Infinity;
      return;
    }
    setTimeout(() => {
      const said = [SAYS[lamp.pattern] ?? lamp.pattern, SOUNDS[lamp.buzzer]];
      this.says.textContent = said.filter(Boolean).join(" · ");
    }, LAMP_DELAY_MS);
    if (this.playedMs === -Infinity || lamp.changes.length === 0) this.lamp.classList.toggle("lit", lamp.level);
    for (const [atMs, isLit] of lamp.changes) {
      if (atMs <= this.playedMs) continue;
      this.playedMs = atMs;
      setTimeout(() => this.lamp.classList.toggle("lit", isLit), Math.max(0, LAMP_DELAY_MS - (nowMs - atMs)));
    }
  }
}

const rooms = new Map();

// --- slips and the phone -------------------------------------------------------------------------------------------

const phone = { frame: find(".phone iframe"), away: find(".phone .away"), label: find("#phone-slip") };
const slips = { list: find("#slips"), names: "", newest: undefined, scanned: undefined };

function scan(slip) {
  slips.scanned = slip.name;
  for (const button of slips.list.querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.name === slip.name));
  }
  if (slip.page === null) {
    phone.label.textContent = "no code could be read on this slip";
    return;
  }
  phone.label.textContent = slip.page;
  phone.away.textContent = "";
  phone.frame.hidden = false;
  phone.frame.src = slip.page;
}

function seeSlips(seen) {
  const names = seen.map((slip) => slip.name).join();
  if (names === slips.names) return;
  const isFirstLook = slips.newest === undefined;
  const newest = seen[0]?.name ?? "";
  slips.names = names;
  slips.list.replaceChildren(...seen.map((slip) => drawn(slip, !isFirstLook && slip.name > slips.newest)));
  if (newest > (slips.newest ?? "")) scan(seen[0]);
  slips.newest = newest;
}

function drawn(slip, isNew) {
  const item = document.createElement("li");
  item.classList.toggle("new", isNew);
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.name = slip.name;
  button.title = "scan its code";
  const image = new Image();
  image.src = `/bench/slips/${slip.name}`;
  image.alt = `slip ${slip.name}`;
  button.append(image);
  button.addEventListener("click", () => scan(slip));
  button.setAttribute("aria-current", String(slip.name === slips.scanned));
  item.append(button);
  return item;
}

// --- the printer's cues --------------------------------------------------------------------------------------------

const paper = find("#paper");
const cover = find("#cover");
const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

paper.addEventListener("click", () => post("/bench/printer", { paper: isPressed(paper) ? "ok" : "out" }));
cover.addEventListener("click", () => post("/bench/printer", { cover: !isPressed(cover) }));

// --- what the server sees ------------------------------------------------------------------------------------------

new EventSource("/bench/live").addEventListener("message", (event) => {
  const seen = JSON.parse(event.data);
  for (const [name, number] of Object.entries(seen.screens)) screens[name].see(number);
  for (const [id, lamp] of Object.entries(seen.rooms)) {
    if (!rooms.has(id)) rooms.set(id, new Room(id));
    rooms.get(id).see(lamp, seen.now_ms);
  }
  find("#touch").hidden = !("room-1" in seen.screens);
  find("#staff").hidden = seen.staff_token === null;
  find("#staff code").textContent = seen.staff_token;
  hear(seen.voice);
  seeSlips(seen.slips);
  paper.setAttribute("aria-pressed", String(seen.printer.paper === "out"));
  cover.setAttribute("aria-pressed", String(seen.printer.cover));
});
