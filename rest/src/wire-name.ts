/** A key of a schema as REST calls it: `fullName` is `full_name`. */
export function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
