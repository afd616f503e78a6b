/** The name of a schema's key over REST: `fullName` becomes `full_name`. */
export function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
