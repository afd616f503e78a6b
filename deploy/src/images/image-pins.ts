/** An image that others make, as a Dockerfile or a compose file names it. */
const named = /^(\s*image:\s*|FROM\s+)(\S+)(?:\s+AS\s+(\S+))?/gim;
const DIGEST = /@sha256:[\da-f]{64}$/;
/** What is built here. */
const OURS = 'fechatter-';

/** The images of others that a text names: neither stages of its own nor those that are built here. */
export function imagesIn(text: string): readonly string[] {
  const found = [...text.matchAll(named)];
  const stages = new Set(found.map(([, , , stage]) => stage));
  const images = found.map(([, , image = '']) => image);
  return [...new Set(images.filter((image) => !stages.has(image) && !image.startsWith(OURS)))];
}

/** Those of them that a tag alone names: whoever can move the tag decides what runs. */
export const unpinnedIn = (text: string): readonly string[] => imagesIn(text).filter((image) => !DIGEST.test(image));

/** The same text with digests; a tag stays beside its digest, for people to read. An image without one stays as it is. */
export function withDigests(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replaceAll(named, (line, before: string, image: string) => {
    const digest = digests.get(image);
    return digest === undefined
      ? line
      : line.replace(`${before}${image}`, `${before}${image.replace(DIGEST, '')}@${digest}`);
  });
}
