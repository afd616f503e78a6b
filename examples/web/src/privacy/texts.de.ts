import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Privatsphäre',
  presence: 'Zeigen, wann ich da bin',
  presenceHint: 'Aus: Für alle bist du offline. Du siehst andere weiterhin.',
  receipts: 'Zeigen, was ich gelesen habe',
  receiptsHint: 'Aus: Niemand sieht, ob du eine Nachricht gelesen hast, und du siehst es von anderen nicht.',
  typing: 'Zeigen, wann ich schreibe, auf diesem Gerät',
  typingHint: 'Aus: Andere sehen nicht, dass du schreibst. Du siehst es von anderen weiterhin.',
  blocked: 'Wen du blockierst',
  noneBlocked:
    'Du blockierst niemanden. Du kannst jemanden in deiner Unterhaltung mit ihm blockieren, unter „Mitglieder“.',
  blockedHint:
    'Sie können dir nicht direkt schreiben, und nichts von ihnen benachrichtigt dich. Sie erfahren es nicht.',
  block: 'Diese Person blockieren',
  blockSure: 'Blockieren?',
  unblock: 'Nicht mehr blockieren',
  unblockName: (name) => `${name} nicht mehr blockieren`,
  isBlocked: 'Du blockierst diese Person: Sie kann dir hier nicht schreiben.',
  more: (count) => `Und ${count} weitere.`,
};
