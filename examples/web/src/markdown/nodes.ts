/** A part of a line or paragraph. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | { readonly kind: 'strong' | 'em' | 'strike'; readonly children: readonly Inline[] }
  /** A person by their id, or a chat. */
  | { readonly kind: 'person' | 'chat'; readonly id: string }
  | { readonly kind: 'everyone' }
  /** One of the workspace's own emoji, if it has one of this name. */
  | { readonly kind: 'emoji'; readonly name: string };

/** An item of a list. */
export interface Item {
  /** How far it is indented: 0 to 3. */
  readonly depth: number;
  /** The number that was written; undefined for a bullet. */
  readonly number: number | undefined;
  readonly children: readonly Inline[];
}

/** A part of a message, from top to bottom. */
export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly items: readonly Item[] }
  /** `whole` is the text of a block that was cut. */
  | { readonly kind: 'code'; readonly text: string; readonly language: string; readonly whole?: string };
