/** The wait for a view of the lab, on a lab that pushes nothing. */
import { expect, test } from 'vitest';
import { LabWatch, WaitedInVain } from '../../src/lab/watch.ts';

test('until: no fitting view in time → an error that names the awaited state in both languages', async () => {
  const watch = new LabWatch({ listen: () => () => undefined });
  const problem = await watch.until({ en: 'a leader', zh: '领袖' }, () => false, 1).catch((cause: unknown) => cause);
  expect(problem).toBeInstanceOf(WaitedInVain);
  expect(problem).toMatchObject({
    message: 'waited 1 ms for a leader; servers: {}',
    says: { en: 'waited 1 ms for a leader; servers: {}', zh: '等待 1 毫秒，没有等到领袖；服务器：{}' },
  });
});
