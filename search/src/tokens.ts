import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Unit } from './words.ts';

/**
 * The version of the tokenizer. Raise it with every change that gives the same text other tokens: the index is then
 * rebuilt.
 */
export const TOKENIZER = 1;
/** The limit per message; further words cannot be found. */
const TOKENS_MAX = 512;
/** The minimum length of a prefix, in letters. */
const PREFIX_LETTERS = 3;

/** Names that a message is found by, besides its words. */
export const senderName = (userId: string): string => `from:${userId}`;
export const thingName = (thing: 'link' | 'file'): string => `has:${thing}`;
const wordName = (word: string): string => `word:${word}`;
const pairName = (first: string, second: string): string => `pair:${first}${second}`;
const PREFIX = new RegExp(`^.{${PREFIX_LETTERS}}`, 'su');
const prefixName = (word: string): string => `prefix:${PREFIX.exec(word)?.[0]}`;
const LINK = /https?:\/\/[^\s/]/iu;
/** Whether a text contains a link. */
export const hasLink = (content: string): boolean => LINK.test(content);

/** The options of an index. */
export interface IndexOptions {
  readonly stopWords: ReadonlySet<string>;
  /** Whether prefixes of words are indexed. */
  readonly hasPrefixes: boolean;
}

/** The parts of a message that are indexed. */
export interface IndexedText {
  readonly senderId: string;
  readonly content: string;
  readonly units: readonly Unit[];
  /** Whether files came with it. */
  readonly hasFiles: boolean;
}

/** All names that a message is found by: words, pairs of letters, prefixes of words, its sender, what it contains. */
export function namesOf(
  { senderId, content, units, hasFiles }: IndexedText,
  options: IndexOptions,
): ReadonlySet<string> {
  const names = new Set([senderName(senderId)]);
  if (hasLink(content)) names.add(thingName('link'));
  if (hasFiles) names.add(thingName('file'));
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

/** The names of every text that contains these units in this order. */
export function namesOfUnits(units: readonly Unit[], stopWords: ReadonlySet<string>): string[] {
  return units.flatMap(({ text, isLetter, isApart }, at) => {
    if (!isLetter) return stopWords.has(text) ? [] : [wordName(text)];
    const before = units[at - 1];
    return before?.isLetter === true && !isApart ? [pairName(before.text, text)] : [];
  });
}

/** The name of a prefix; undefined if it is too short. */
export const prefixNameOf = (beginning: string): string | undefined =>
  hasPrefix(beginning) ? prefixName(beginning) : undefined;

const hasPrefix = (word: string): boolean => PREFIX.test(word);

const PURPOSE = 'fechatter.search';
const CHAT_KEYS_MAX = 20_000;

/** Makes the tokens of names in the chats of a deployment. */
export interface Tokenizer {
  /**
   * The tokens of names in a chat, each a signed 32-bit integer. Two names may share a token, so the caller must check
   * each result.
   */
  tokensOf(chatId: string, names: Iterable<string>): number[];
}

/**
 * HMAC-SHA-256 with a key per chat, derived by HKDF: a copy of the database reveals which messages of one chat share a
 * word, but nothing across chats, not even to someone who posts chosen words in their own chat.
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
