/** The list page of the preview: a line for each state, with a link for each language and theme. */
import { LANGUAGES } from '../../../src/translations/index.ts';
import { STATES } from './states.ts';

const THEMES = ['light', 'dark'] as const;

const everywhere = LANGUAGES.flatMap((lang) => THEMES.map((theme) => ({ lang, theme })));
const lines = [['', { title: 'A cluster that runs' }] as const, ...Object.entries(STATES)];

document.querySelector('#states')?.append(
  ...lines.map(([state, { title }]) => {
    const line = document.createElement('li');
    line.append(`${title}: `);
    for (const { lang, theme } of everywhere) {
      const link = document.createElement('a');
      link.href = `./index.html?${new URLSearchParams({ state, lang, theme })}`;
      link.textContent = `${lang} ${theme}`;
      line.append(link, ' ');
    }
    return line;
  }),
);
