import { JSONParser } from '@streamparser/json';
import type { Archive } from './open-archive.ts';

/** An element of a list in a document, and the list's name; `''` if the document itself is the list. */
export interface JsonElement {
  readonly list: string;
  readonly value: unknown;
}

/** Documents of up to this size are parsed at once, which is several times as fast. */
const WHOLE_MAX_BYTES = 2_097_152;
/** No message or person needs as much. */
const ELEMENT_MAX_BYTES = 4_194_304;

/**
 * The elements of a JSON document in an archive: of the list that it is (`list`), or of the lists in the object that it is
 * (`lists`). Only a piece of a large document is in memory. Throws where the document cannot be read.
 */
export async function* jsonElements(
  archive: Archive,
  name: string,
  document: 'list' | 'lists',
): AsyncGenerator<JsonElement> {
  const size = archive.size(name) ?? 0;
  if (size > WHOLE_MAX_BYTES) yield* elementsIn(await archive.document(name), document);
  else {
    const whole: unknown = JSON.parse((await archive.read(name, WHOLE_MAX_BYTES)).toString('utf8'));
    if (document === 'list') yield* elementsOf('', whole);
    else if (typeof whole === 'object' && whole !== null)
      for (const [list, values] of Object.entries(whole)) yield* elementsOf(list, values);
  }
}

function* elementsOf(list: string, values: unknown): Generator<JsonElement> {
  if (Array.isArray(values)) for (const value of values as unknown[]) yield { list, value };
}

/** The same of a stream. */
async function* elementsIn(source: AsyncIterable<Uint8Array>, document: 'list' | 'lists'): AsyncGenerator<JsonElement> {
  let found: JsonElement[] = [];
  const parser = new JSONParser({ paths: [document === 'list' ? '$.*' : '$.*.*'], keepStack: false });
  parser.onValue = ({ value, key, stack }) => {
    // Elements of lists have numbers as keys.
    if (typeof key === 'number') found.push({ list: String(stack[1]?.key ?? ''), value });
  };
  let bytes = 0;
  for await (const chunk of source) {
    parser.write(chunk);
    bytes = found.length === 0 ? bytes + chunk.length : 0;
    if (bytes > ELEMENT_MAX_BYTES) throw new Error('an element of a list is too large');
    yield* found;
    found = [];
  }
  if (!parser.isEnded) throw new Error('the document ends in the middle');
}
