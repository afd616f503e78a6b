/**
 * The URL that a text is; undefined if it is none. Not by `URL.canParse`: in Node 20, once it is compiled, it refuses what has
 * a letter between U+0080 and U+00FF, such as `https://bücher.example`.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
