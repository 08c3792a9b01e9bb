// @vitest-environment happy-dom
/** The room of the story: a sentence that was cut is measured as if it were not. */
import { act, cleanup, render } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { useRoom } from '../../src/renderer/story/use-room.ts';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A newest sentence as the page draws it; a cut one keeps the room of its button free, so its text alone would fit. */
function Block({ changed }: { readonly changed: number }) {
  const block = useRef<HTMLElement>(null);
  const { isLong } = useRoom(block, changed);
  return (
    <section ref={block}>
      <div className="story-newest" data-testid="newest" data-long={isLong}>
        <span className="story-text">Two full lines, and the button needs a third.</span>
      </div>
    </section>
  );
}

test('newest sentence of two full lines: told again → stays cut, so its why? stays visible', () => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(48);
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(function (this: HTMLElement) {
    return this.closest<HTMLElement>('.story-newest')?.dataset.long === 'true' ? 48 : 72;
  });
  const measures: (() => void)[] = [];
  class Observer {
    constructor(measure: () => void) {
      measures.push(measure);
    }
    observe(): void {}
    disconnect(): void {}
  }
  vi.stubGlobal('ResizeObserver', Observer);
  const { rerender, getByTestId } = render(<Block changed={0} />);
  for (const changed of [1, 2, 3]) {
    rerender(<Block changed={changed} />);
    act(() => measures.at(-1)?.());
    expect(getByTestId('newest').dataset.long).toBe('true');
  }
});
