import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { keepFocus } from './ui/keep-focus.ts';

const root = document.querySelector('#root');
keepFocus(document);
if (root !== null) createRoot(root).render(<App />);
