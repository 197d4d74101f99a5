// The conversations of this browser: stored only here, shown again after a reload, cleared on request.
import { keep, kept } from "./dom.js";

const NAME = "qa.chats";
const MOST_CHATS = 10;
const MOST_TURNS = 30;
const SENT_TURNS = 6;

// A chat is a list of turns {html, facts}; the last chat is the current one.
let chats = kept(NAME, []);
if (!Array.isArray(chats) || !chats.every(Array.isArray)) chats = [];
if (!chats.length) chats.push([]);

const save = () => keep(NAME, chats.some((chat) => chat.length) ? chats : null);

export const current = () => chats.at(-1);
export const earlier = () => chats.slice(0, -1);

// The earlier turns that are sent with a question, so that a follow-up is understood.
export const history = () => current().slice(-SENT_TURNS).map((turn) => turn.facts.turn);

export const add = (turn) => {
  current().push(turn);
  if (current().length > MOST_TURNS) current().shift();
  save();
};

// Replaces the latest turn by another form of it.
export const replace = (turn) => {
  current().splice(-1, 1, turn);
  save();
};

export const begin = () => {
  if (!current().length) return;
  chats.push([]);
  chats = chats.slice(-MOST_CHATS - 1);
  save();
};

export const resume = (number) => {
  const [chat] = chats.splice(number, 1);
  chats = chats.filter((other) => other.length);
  chats.push(chat);
  save();
};

export const clear = () => {
  chats = [[]];
  save();
};
