// Keeps the conversations of this browser, here and nowhere else; they are shown again after a reload, and cleared on request.
// Several tabs share them: what one tab keeps never takes away what another kept meanwhile.
import { keep, kept } from "./dom.js";

const NAME = "qa.chats";
const SHOWN = "qa.chat";
const MOST_CHATS = 10;
const MOST_TURNS = 30;
const SENT_TURNS = 6;

const identity = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
const made = (turns = []) => ({ id: identity(), name: "", turns });

const turn = (one) => one && typeof one.html === "string" && one.facts && Array.isArray(one.facts.turn);

// A chat is {id, name, turns: [{id, html, facts}]}; versions before kept lists of turns alone.
const chat = (stored) => {
  const turns = Array.isArray(stored) ? stored : stored?.turns;
  if (!Array.isArray(turns) || !turns.every(turn)) return null;
  return {
    id: typeof stored.id === "string" ? stored.id : identity(),
    name: typeof stored.name === "string" ? stored.name : "",
    turns: turns.map((one) => ({ ...one, id: one.id || identity() })),
  };
};

const read = () => {
  const stored = kept(NAME, []);
  return Array.isArray(stored) ? stored.map(chat).filter((one) => one && one.turns.length) : [];
};

// Which chat this tab shows: after a reload the same, even one without a question yet; a new tab shows the latest.
const shown = (id) => {
  try {
    if (id) sessionStorage.setItem(SHOWN, id);
    return sessionStorage.getItem(SHOWN);
  } catch {
    return id || null;
  }
};

const opened = () => {
  const stored = read();
  const id = shown();
  return (id ? stored.find((one) => one.id === id) : stored[stored.length - 1]) || made();
};

let now = opened();
shown(now.id);

// Turns that left this tab's chat because it grew too long.
const gone = new Set();

const write = (chats) => keep(NAME, chats.length ? chats : null);

// Puts this tab's chat last, with the turns that another tab added to it in the meantime.
const save = () => {
  const stored = read();
  const mine = new Map(now.turns.map((one) => [one.id, one]));
  const same = stored.find((one) => one.id === now.id)?.turns.filter((one) => !gone.has(one.id)) || [];
  const known = new Set(same.map((one) => one.id));
  now.turns = [...same.map((one) => mine.get(one.id) || one), ...now.turns.filter((one) => !known.has(one.id))].slice(-MOST_TURNS);
  const before = stored.filter((one) => one.id !== now.id);
  write([...before, ...(now.turns.length ? [now] : [])].slice(-MOST_CHATS - 1));
};

const show = (chat) => {
  now = chat;
  shown(now.id);
};

export const current = () => now.turns;
export const earlier = () => read().filter((one) => one.id !== now.id);

// What goes along with a question, so that a follow-up is understood.
export const history = () => now.turns.slice(-SENT_TURNS).map((one) => one.facts.turn);

export const add = (one) => {
  now.turns.push({ ...one, id: identity() });
  while (now.turns.length > MOST_TURNS) gone.add(now.turns.shift().id);
  save();
};

// The latest turn in another form.
export const replace = (one) => {
  now.turns.push({ ...one, id: now.turns.pop().id });
  save();
};

export const begin = () => {
  if (now.turns.length) show(made());
};

export const resume = (id) => {
  show(read().find((one) => one.id === id) || made());
  save();
};

export const rename = (id, name) => write(read().map((one) => (one.id === id ? { ...one, name } : one)));

export const remove = (id) => write(read().filter((one) => one.id !== id));

export const clear = () => {
  show(made());
  write([]);
};

// Calls back when another tab changed what is kept.
export const onChange = (act) => window.addEventListener("storage", (event) => event.key === NAME && act());
