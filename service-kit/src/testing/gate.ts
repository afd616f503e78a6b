/** Something that a test waits for until another part of it lets it go. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: (() => void) | undefined;
  const opened = new Promise<void>((settle) => {
    open = settle;
  });
  return { opened, open: () => open?.() };
}
