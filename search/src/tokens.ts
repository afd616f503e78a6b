import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Unit } from './words.ts';

/** How text becomes tokens. A change that makes other tokens of the same text raises it, and the index is built anew. */
export const TOKENIZER = 1;
/** Of a message with more, the rest of its words is not found. */
const TOKENS_MAX = 512;
/** A beginning of a word is found from this many letters on. */
const PREFIX_LETTERS = 3;

/** What a text is found by beside its words. */
export const senderName = (userId: string): string => `from:${userId}`;
export const thingName = (thing: 'link' | 'file'): string => `has:${thing}`;
const wordName = (word: string): string => `word:${word}`;
const pairName = (first: string, second: string): string => `pair:${first}${second}`;
const PREFIX = new RegExp(`^.{${PREFIX_LETTERS}}`, 'su');
const prefixName = (word: string): string => `prefix:${PREFIX.exec(word)?.[0]}`;
const LINK = /https?:\/\/[^\s/]/iu;
/** Whether a text has a link. */
export const hasLink = (content: string): boolean => LINK.test(content);

/** What an index is made with. */
export interface IndexOptions {
  readonly stopWords: ReadonlySet<string>;
  /** Whether beginnings of words are indexed. */
  readonly hasPrefixes: boolean;
}

/** A message as the index sees it. */
export interface IndexedText {
  readonly senderId: string;
  readonly content: string;
  readonly units: readonly Unit[];
}

/** The names of what a message is found by: words, pairs of letters, beginnings of words, its sender, what it has. */
export function namesOf({ senderId, content, units }: IndexedText, options: IndexOptions): ReadonlySet<string> {
  const names = new Set([senderName(senderId)]);
  if (hasLink(content)) names.add(thingName('link'));
  for (const name of namesOfUnits(units, options.stopWords)) {
    if (names.size >= TOKENS_MAX) return names;
    names.add(name);
  }
  if (!options.hasPrefixes) return names;
  for (const { text, isLetter } of units) {
    if (names.size >= TOKENS_MAX) return names;
    if (!isLetter && hasPrefix(text) && !options.stopWords.has(text)) names.add(prefixName(text));
  }
  return names;
}

/** The names that any text has which contains these units in this order. */
export function namesOfUnits(units: readonly Unit[], stopWords: ReadonlySet<string>): string[] {
  return units.flatMap(({ text, isLetter, isApart }, at) => {
    if (!isLetter) return stopWords.has(text) ? [] : [wordName(text)];
    const before = units[at - 1];
    return before?.isLetter === true && !isApart ? [pairName(before.text, text)] : [];
  });
}

/** The name of a beginning; undefined where it is too short. */
export const prefixNameOf = (beginning: string): string | undefined =>
  hasPrefix(beginning) ? prefixName(beginning) : undefined;

const hasPrefix = (word: string): boolean => PREFIX.test(word);

const PURPOSE = 'fechatter.search';
const CHAT_KEYS_MAX = 20_000;

/** Makes the tokens of names, in the chats of a deployment. */
export interface Tokenizer {
  /** The tokens of names in a chat, each a signed integer of 32 bits. Two names may share one: check what is found. */
  tokensOf(chatId: string, names: Iterable<string>): number[];
}

/**
 * HMAC-SHA-256 under a key per chat, derived by HKDF: a copy of the database shows that messages of one chat share a word,
 * and nothing about those of another, whatever somebody posts in a chat of their own.
 */
export function createTokenizer(ringKey: Uint8Array): Tokenizer {
  const keys = new LRUCache<string, KeyObject>({ max: CHAT_KEYS_MAX });
  const keyOf = (chatId: string): KeyObject => {
    const known = keys.get(chatId);
    if (known !== undefined) return known;
    const made = createSecretKey(Buffer.from(hkdfSync('sha256', ringKey, chatId, PURPOSE, 32)));
    keys.set(chatId, made);
    return made;
  };
  return {
    tokensOf(chatId, names) {
      const key = keyOf(chatId);
      return Array.from(names, (name) => createHmac('sha256', key).update(name).digest().readInt32BE(0));
    },
  };
}
