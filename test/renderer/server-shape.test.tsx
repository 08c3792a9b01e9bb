// @vitest-environment happy-dom
/** The picture of a server: a leader's octagon and word, and the size of the words in a small ring. */
import { cleanup, render } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { afterEach, expect, test } from 'vitest';
import { ServerShape, type ServerShapeProps } from '../../src/renderer/stage/server-shape.tsx';
import { createTranslations, type Language } from '../../src/renderer/texts/translations.ts';
import { createStory, elect, kill, startCluster } from '../core/trace/story.ts';

afterEach(cleanup);

function ledByS3() {
  const story = createStory();
  startCluster(story);
  elect(story, { leader: 'S3', term: 1, voters: ['S3', 'S1', 'S2'], followers: ['S1', 'S2', 'S4', 'S5'] });
  return story;
}

function draw(props: Pick<ServerShapeProps, 'server'> & Partial<ServerShapeProps>, language: Language = 'en') {
  const all = { servers: ['S1', 'S2', 'S3', 'S4', 'S5'], standing: null, isSelected: false, isChosen: false, scale: 1 };
  const { container } = render(
    <I18nextProvider i18n={createTranslations(language)}>
      <svg aria-hidden="true">
        <ServerShape {...all} {...props} />
      </svg>
    </I18nextProvider>,
  );
  return container;
}

function serverOf(story: ReturnType<typeof ledByS3>, id: string) {
  const server = story.view().servers[id];
  if (server === undefined) throw new Error(`no server ${id}`);
  return server;
}

const wordsOf = (drawn: HTMLElement): readonly (string | null)[] =>
  [...drawn.querySelectorAll('.role')].map((text) => text.textContent);

test.each([
  ['commits', 'true', ['Leader'], ['领袖', 'Leader']],
  ['cannot-commit', 'false', ['Leader'], ['领袖', 'Leader']],
  ['left-behind', 'false', ['Leader?'], ['领袖？', 'Leader?']],
] as const)('leader: %s → filled %s, and its word in both languages', (standing, filled, english, chinese) => {
  const server = serverOf(ledByS3(), 'S3');
  const drawn = draw({ server, standing });
  expect(drawn.querySelector<HTMLElement>('.shape-leader')?.dataset.filled).toBe(filled);
  expect(wordsOf(drawn)).toEqual(english);
  expect(wordsOf(draw({ server, standing }, 'zh-CN'))).toEqual(chinese);
});

test('server down: full size → signal below its state; small ring → larger words alone', () => {
  const story = ledByS3();
  kill(story, 'S1', 1);
  const server = serverOf(story, 'S1');
  expect(wordsOf(draw({ server }))).toEqual(['Down', 'SIGKILL']);
  const small = draw({ server, scale: 0.6 });
  expect(wordsOf(small)).toEqual(['Down']);
  const factor = Number(small.querySelector<HTMLElement>('.shape')?.style.getPropertyValue('--text'));
  expect(12 * factor * 0.6).toBeCloseTo(12);
});
