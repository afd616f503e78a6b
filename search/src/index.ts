export { matchOf, type Ranges } from './match.ts';
export { type IndexQuestion, indexQuestion, isDay, type ParsedQuery, parseQuery, type Term } from './query.ts';
export { type StopLanguage, stopLanguages, stopWordsOf } from './stop-words.ts';
export {
  createTokenizer,
  hasLink,
  type IndexedText,
  type IndexOptions,
  namesOf,
  senderName,
  thingName,
  TOKENIZER,
  type Tokenizer,
} from './tokens.ts';
export { type Unit, unitsOf } from './words.ts';
