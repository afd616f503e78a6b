const paths = {
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16.5 16.5L21 21',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-3.6 3-5.5 6.500-5.500s6.500 1.900 6.500 5.500M16 4.500a3.500 3.500 0 0 1 0 6.500M18.500 15c2 .8 3 2.500 3 5',
  invite:
    'M10 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3.500 20c0-3.600 3-5.500 6.500-5.500 1.500 0 2.900.4 4 1M18 13v8M14 17h8',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  back: 'M15 5l-7 7 7 7',
  down: 'M12 5v14M6 13l6 6 6-6',
  send: 'M4 12l16-8-5 17-3.500-6.500zM11.500 14.500L20 4',
  edit: 'M5 19l1-4L16 5l3 3L9 18z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  settings:
    'M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1',
  react:
    'M12 4a8 8 0 1 1-2 .25M8.500 14c.8 1.400 2 2.100 3.500 2.100s2.700-.7 3.500-2.100M9 10h.01M15 10h.01M17 3v5M14.500 5.500h5',
  thread: 'M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12.500h5',
  more: 'M5.500 12h1M11.500 12h1M17.500 12h1',
  quote: 'M6 7h4v5c0 2.500-1.200 4-3.500 5M14 7h4v5c0 2.500-1.200 4-3.500 5',
  pin: 'M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v5',
  bookmark: 'M7 4h10v16l-5-4-5 4z',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  unread: 'M4 6h11M4 6v12h16v-7M4 7l8 6 3-2M19 5h.01',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4',
  'bell-off': 'M6 16V11a6 6 0 0 1 9-5.200M18 11v5l1.500 2h-12M10 20.500h4M4 4l16 16',
  attach:
    'M20 11.5l-8 8a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700l-8.500 8.500a1.700 1.700 0 0 1-2.400-2.400l7.700-7.700',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  play: 'M8 5l11 7-11 7z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4l3 2',
} as const;

export type IconName = keyof typeof paths;

/** An icon beside a text, or in a button that has a label. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
