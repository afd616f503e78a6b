/** Whether an `If-None-Match` or `If-Range` header names this entity tag, or any (`*`). */
export function namesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => {
    const named = one.trim();
    return named === '*' || named.replace(/^W\//, '') === tag;
  });
}
