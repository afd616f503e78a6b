/** A third-party image, as a Dockerfile or a compose file names it. */
const named = /^(\s*image:\s*|FROM\s+)(\S+)(?:\s+AS\s+(\S+))?/gim;
const DIGEST = /@sha256:[\da-f]{64}$/;
/** The prefix of images that are built here. */
const OURS = 'fechatter-';

/** The third-party images in a text, without build stages and images that are built here. */
export function imagesIn(text: string): readonly string[] {
  const found = [...text.matchAll(named)];
  const stages = new Set(found.map(([, , , stage]) => stage));
  const images = found.map(([, , image = '']) => image);
  return [...new Set(images.filter((image) => !stages.has(image) && !image.startsWith(OURS)))];
}

/** The images that only a tag names: anyone who can move the tag decides what runs. */
export const unpinnedIn = (text: string): readonly string[] => imagesIn(text).filter((image) => !DIGEST.test(image));

/**
 * The same text with digests; each tag stays beside its digest, for people to read. An image without a known digest
 * stays unchanged.
 */
export function withDigests(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replaceAll(named, (line, before: string, image: string) => {
    const digest = digests.get(image);
    return digest === undefined
      ? line
      : line.replace(`${before}${image}`, `${before}${image.replace(DIGEST, '')}@${digest}`);
  });
}
