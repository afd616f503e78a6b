import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { loadTranslations } from './texts/translated.ts';
import { keepFocus } from './ui/keep-focus.ts';

const root = document.querySelector('#root');
keepFocus(document);
// Not a top-level await: the translations import what this chunk contains, and would wait for it.
void loadTranslations().then(() => root && createRoot(root).render(<App />));
